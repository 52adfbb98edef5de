"""Accreditations: whether they are valid, and what ends them or lets them count again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accreditation.admin.corrections import CorrectionPages
from accreditation.admin.forms import RevocationForm
from accreditation.admin.people import country
from accreditation.admin.tones import ACCREDITATION_TONES
from accreditation.badges.admin.cards import ACCREDITATION_BADGE_MOVES, badge_lines
from accreditation.letters.admin.moves import ACCREDITATION_LETTER_MOVES, letter_lines
from accreditation.models import Accreditation
from accreditation.permissions import can_end_accreditation, can_propose_revocation, can_take_nominations
from accreditation.services import accreditations
from accreditation.services.revocations import propose_revocation
from accreditation.states import LIVE_ACCREDITATION_STATES, AccreditationState
from accreditation.validity import is_valid
from missions.admin.moves import Move, ReasonForm
from missions.admin.pages import FoldedSearchMixin, column, history_of, linked, local_text, moment, plain_number
from missions.models import User

_C = AccreditationState


def _suspend(accreditation: Accreditation, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    return accreditations.suspend_accreditation(accreditation=accreditation, reason=answers["reason"], by=by, at=at)


def _reinstate(accreditation: Accreditation, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    return accreditations.reinstate_accreditation(accreditation=accreditation, reason=answers["reason"], by=by, at=at)


def _propose(accreditation: Accreditation, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    return propose_revocation(accreditation=accreditation, ground=answers["ground"], text=answers["text"], by=by, at=at)


def _restore(accreditation: Accreditation, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    return accreditations.restore_accreditation(accreditation=accreditation, reason=answers["reason"], by=by, at=at)


def _return(accreditation: Accreditation, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    return accreditations.return_accreditation(accreditation=accreditation, reason=answers["reason"], by=by, at=at)


def _replace(accreditation: Accreditation, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    return accreditations.replace_accreditation(accreditation=accreditation, reason=answers["reason"], by=by, at=at)


ACCREDITATION_MOVES: tuple[Move[Accreditation], ...] = (
    Move(
        name="suspend",
        label=_("Suspend"),
        sentence=_("The accreditation does not count until it is reinstated."),
        may=can_end_accreditation,
        fits=lambda accreditation, user: accreditation.state == _C.ACTIVE,
        run=_suspend,
        form=ReasonForm,
        in_bulk=True,
    ),
    Move(
        name="reinstate",
        label=_("Reinstate"),
        sentence=_("The accreditation counts again."),
        may=can_end_accreditation,
        fits=lambda accreditation, user: accreditation.state == _C.SUSPENDED,
        run=_reinstate,
        form=ReasonForm,
        in_bulk=True,
    ),
    Move(
        name="propose",
        label=_("Propose revocation"),
        sentence=_("Nothing happens yet: somebody else decides whether the accreditation is taken away."),
        may=can_propose_revocation,
        fits=lambda accreditation, user: accreditation.state in LIVE_ACCREDITATION_STATES,
        run=_propose,
        form=RevocationForm,
        tone="danger",
        in_bulk=True,
    ),
    Move(
        name="restore",
        label=_("Restore"),
        sentence=_("The revocation is undone because an appeal was upheld."),
        may=can_end_accreditation,
        fits=lambda accreditation, user: accreditation.state == _C.REVOKED,
        run=_restore,
        form=ReasonForm,
    ),
    Move(
        name="return",
        label=_("Return for the mission"),
        sentence=_("The mission hands the accreditation back in writing; its place is free again."),
        may=can_take_nominations,
        fits=lambda accreditation, user: accreditation.state in LIVE_ACCREDITATION_STATES,
        run=_return,
        form=ReasonForm,
    ),
    Move(
        name="replace",
        label=_("Replace for the mission"),
        sentence=_("The mission sends somebody else, in writing; the place is free for that person's nomination."),
        may=can_take_nominations,
        fits=lambda accreditation, user: accreditation.state == _C.ACTIVE,
        run=_replace,
        form=ReasonForm,
    ),
)


@admin.register(Accreditation)
class AccreditationAdmin(FoldedSearchMixin, CorrectionPages):
    folded_field = "observer__folded_name"
    page_template = "desk/facts.html"
    page_select_related = ("election", "observer", "application__election", "application__nomination__mission")
    moves: ClassVar[tuple[Move[Accreditation], ...]] = (
        *ACCREDITATION_BADGE_MOVES,
        *ACCREDITATION_MOVES,
        *ACCREDITATION_LETTER_MOVES,
    )
    list_display = ("card_number", "person", "nationality", "mission", "category", "state_label", "valid_from_local")
    list_filter = ("state", "category", "election")
    list_select_related = ("election", "observer", "application__nomination__mission")
    search_fields = ("=number", "observer__surname", "observer__given_names", "application__nomination__mission__code")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.defer("observer__passport_number", "observer__mrz")

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Any]", search_term: str
    ) -> tuple["QuerySet[Any]", bool]:
        """Also by the number as it stands on the card and in letters."""
        return super().get_search_results(request, queryset, plain_number(search_term))

    @column(_("number"), ordering="number")
    def card_number(self, accreditation: Accreditation) -> str:
        return f"{accreditation.number:05d}"

    @column(_("person"), ordering="observer__surname")
    def person(self, accreditation: Accreditation) -> str:
        return accreditation.observer.full_name

    @column(_("nationality"), ordering="observer__nationality")
    def nationality(self, accreditation: Accreditation) -> str:
        return country(accreditation.observer.nationality)

    @column(_("mission"), ordering="application__nomination__mission__code")
    def mission(self, accreditation: Accreditation) -> str:
        return accreditation.application.nomination.mission.code

    @column(_("state"), ordering="state", tones=ACCREDITATION_TONES)
    def state_label(self, accreditation: Accreditation) -> tuple[str, str]:
        return accreditation.state, accreditation.get_state_display()

    @column(_("valid from"), ordering="valid_from")
    def valid_from_local(self, accreditation: Accreditation) -> str:
        return local_text(accreditation.valid_from, accreditation.election.zone)

    def get_page_context(self, request: HttpRequest, obj: Accreditation) -> dict[str, Any]:
        nomination = obj.application.nomination
        facts = (
            (_("Number"), self.card_number(obj)),
            (_("Person"), linked(request, obj.application, obj.observer.full_name)),
            (_("Nationality"), self.nationality(obj)),
            (_("Mission"), linked(request, nomination.mission)),
            (_("Nomination"), linked(request, nomination, nomination.reference)),
            (_("Category"), obj.get_category_display()),
            (_("State"), obj.get_state_display()),
            (_("Valid now"), _("yes") if is_valid(obj, at=moment(request)) else _("no")),
            (_("Reason"), obj.reason),
            (_("Valid from"), self.valid_from_local(obj)),
            (_("Ended"), local_text(obj.ended_at, obj.election.zone)),
        )
        return {
            "facts": facts,
            "letters": letter_lines(request, obj.application),
            "badges": badge_lines(request, obj),
            "moves": self.moves_for(request, obj),
            "history": history_of(obj, obj.election.zone),
            "zone": obj.election.time_zone,
        }
