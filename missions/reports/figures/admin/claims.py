"""What others say about the figures, each beside our own count of the same instant."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from missions.admin.additions import AddingAdmin
from missions.admin.moves import Move, ReasonForm
from missions.admin.pages import column, history_of, local_text
from missions.models import User
from missions.reports.figures.admin.forms import ClaimForm
from missions.reports.figures.models import FigureClaim
from missions.reports.figures.permissions import can_publish_figures, can_record_claim
from missions.reports.figures.selectors import Difference, claim_beside
from missions.reports.figures.services.claims import Said, publish_claim, record_claim, withdraw_claim

_LABELS = {"observers": _("Observers"), "organizations": _("Organizations"), "countries": _("Countries")}


def _publish(claim: FigureClaim, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    return publish_claim(claim=claim, by=by, at=at)


def _withdraw(claim: FigureClaim, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    return withdraw_claim(claim=claim, reason=answers["reason"], by=by, at=at)


MOVES: tuple[Move[FigureClaim], ...] = (
    Move(
        name="publish",
        label=_("Publish"),
        sentence=_(
            "Everybody reads it on the page of the election, beside our own published figure; of an organization also "
            "how many of its observers we count."
        ),
        may=can_publish_figures,
        fits=lambda claim, user: claim.published_at is None and claim.withdrawn_at is None,
        run=_publish,
        tone="success",
    ),
    Move(
        name="withdraw",
        label=_("Withdraw"),
        sentence=_(
            "It was recorded wrongly. It leaves the public page, stays readable for staff with your reason, and is no "
            "longer compared."
        ),
        may=can_record_claim,
        fits=lambda claim, user: claim.withdrawn_at is None,
        run=_withdraw,
        form=ReasonForm,
        tone="danger",
    ),
)


@admin.register(FigureClaim)
class FigureClaimAdmin(AddingAdmin):
    """Contradicting figures side by side; none is corrected to fit another."""

    page_template = "desk/facts.html"
    page_select_related = ("election", "organization", "recorded_by", "published_by")
    moves: ClassVar[tuple[Move[FigureClaim], ...]] = MOVES
    addition_form = ClaimForm
    addition_label = _("Record what others say")
    addition_sentence = _("It is kept beside our own count of the same instant and changes nothing of it.")
    list_display = ("source", "said_on", "about", "observers", "organizations", "countries", "standing")
    list_filter = ("election",)
    list_select_related = ("election", "organization")
    search_fields = ("source", "text", "organization__acronym")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return can_record_claim(request.user)

    def add(self, answers: Mapping[str, Any], by: User, at: datetime) -> FigureClaim:
        said = Said(
            source=answers["source"],
            said_on=answers["said_on"],
            as_of=answers["as_of"] or at,
            text=answers["text"],
            observers=answers["observers"],
            organizations=answers["organizations"],
            countries=answers["countries"],
            organization=answers["organization"],
        )
        return record_claim(election=answers["election"], said=said, by=by, at=at)

    @column(_("about"), ordering="organization__acronym")
    def about(self, claim: FigureClaim) -> str:
        return claim.organization.acronym if claim.organization else _now("all organizations")

    @column(_("standing"), tones={"kept": "info", "public": "success", "withdrawn": "calm"})
    def standing(self, claim: FigureClaim) -> tuple[str, str]:
        if claim.withdrawn_at:
            return "withdrawn", str(_("withdrawn"))
        return ("public", str(_("public"))) if claim.published_at else ("kept", str(_("kept")))

    def get_page_context(self, request: HttpRequest, obj: FigureClaim) -> dict[str, Any]:
        zone = obj.election.zone
        return {
            "facts": (
                (_("Election"), obj.election),
                (_("About the observers of"), self.about(obj)),
                (_("Source"), obj.source),
                (_("Said on"), obj.said_on),
                (_("In their words"), obj.text),
                (_("Compared as of"), local_text(obj.as_of, zone)),
                *((_LABELS[number.of], beside_text(number)) for number in claim_beside(obj).numbers),
                (_("Recorded"), local_text(obj.recorded_at, zone)),
                (_("Recorded by"), obj.recorded_by),
                (_("Published"), local_text(obj.published_at, zone)),
                (_("Published by"), obj.published_by),
                (_("Withdrawn"), local_text(obj.withdrawn_at, zone)),
                (_("Reason of the withdrawal"), obj.withdrawal_reason),
            ),
            "moves": self.moves_for(request, obj),
            "history": history_of(obj, zone),
            "zone": obj.election.time_zone,
        }


def beside_text(number: Difference) -> str:
    """Theirs, ours and the difference in words."""
    if not number.by:
        return _now("%(theirs)d, as we count") % {"theirs": number.before}
    return _now("%(theirs)d; we count %(ours)d (%(difference)+d)") % {
        "theirs": number.before,
        "ours": number.now,
        "difference": number.by,
    }
