"""Revocations: proposed by one person, for somebody or for a whole organization, and decided by another."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from accreditation.admin.agenda_page import ground_titles
from accreditation.admin.forms import elections_of, offer_grounds
from accreditation.admin.results import endings_of
from accreditation.admin.session_forms import SessionField
from accreditation.models import CommissionSession, Revocation
from accreditation.permissions import can_decide_application, can_propose_revocation
from accreditation.services.revocations import (
    carry_out_revocation,
    decide_revocation,
    drop_revocation,
    live_accreditations_of,
    propose_revocation_of_organization,
)
from missions.admin.additions import AddingAdmin
from missions.admin.moves import Move, MoveForm, OptionalReasonForm, Outcomes, Viewer
from missions.admin.pages import column, history_of, linked, local_text
from missions.kernel import clock
from missions.kernel.web.forms import PlainForm
from missions.law.rules import GroundUse
from missions.models import Election, Organization, User

Answers = Mapping[str, Any]


class OrganizationForm(PlainForm):
    """Asks which organization's accreditations are to be taken away, in which election, on what ground and why."""

    election = forms.ModelChoiceField(
        Election.objects.order_by("-e_day"), label=_("Election"), widget=UnfoldAdminSelectWidget()
    )
    organization = forms.ModelChoiceField(
        Organization.objects.order_by("name"), label=_("Organization"), widget=UnfoldAdminSelectWidget()
    )
    ground = forms.ChoiceField(label=_("Legal ground"), required=False, widget=UnfoldAdminSelectWidget())
    text = forms.CharField(label=_("Reasons"), max_length=4000, widget=UnfoldAdminTextareaWidget(attrs={"rows": 5}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_grounds(self, "ground", Election.objects.order_by("-e_day"), GroundUse.REVOCATION)


class DecideForm(MoveForm):
    """Asks in which of the sessions that were held it was decided, if in any."""

    session = SessionField(
        CommissionSession.objects.none(), label=_("Session"), required=False, widget=UnfoldAdminSelectWidget()
    )

    def __init__(self, *args: Any, subjects: Any, **kwargs: Any) -> None:
        super().__init__(*args, subjects=subjects, **kwargs)
        held = CommissionSession.objects.filter(election__in=elections_of(subjects), held_at__lte=clock.now())
        cast(SessionField, self.fields["session"]).choose_from(held)


def _decide(revocation: Revocation, answers: Answers, by: User, at: datetime) -> Outcomes:
    return endings_of(decide_revocation(revocation=revocation, session=answers["session"], by=by, at=at), by)


def _drop(revocation: Revocation, answers: Answers, by: User, at: datetime) -> object:
    return drop_revocation(revocation=revocation, reason=answers["reason"], by=by, at=at)


def _carry_out(revocation: Revocation, answers: Answers, by: User, at: datetime) -> Outcomes:
    return endings_of(carry_out_revocation(revocation=revocation, by=by, at=at), by)


def _is_open(revocation: Revocation, user: Viewer) -> bool:
    return revocation.decided_at is None and revocation.dropped_at is None


def _is_open_for(revocation: Revocation, user: Viewer) -> bool:
    return _is_open(revocation, user) and revocation.proposed_by_id != user.pk


def _has_rest(revocation: Revocation, user: Viewer) -> bool:
    if revocation.decided_at is None or revocation.organization_id is None:
        return False
    return live_accreditations_of(revocation) > 0


def _whom_link(revocation: Revocation) -> SafeString | str:
    if revocation.subject_id is None:
        return str(revocation)
    url = reverse("admin:accreditation_accreditation_change", args=(revocation.subject_id,))
    return format_html('<a href="{}">{}</a>', url, revocation)


REVOCATION_MOVES: tuple[Move[Revocation], ...] = (
    Move(
        name="decide",
        label=_("Revoke"),
        sentence=_("The accreditations are taken away now. The missions are told, and may appeal."),
        may=can_decide_application,
        fits=_is_open_for,
        run=_decide,
        form=DecideForm,
        tone="danger",
    ),
    Move(
        name="drop",
        label=_("Drop the proposal"),
        sentence=_("Nothing is taken away. The proposal stays on record."),
        may=can_propose_revocation,
        fits=_is_open,
        run=_drop,
        form=OptionalReasonForm,
    ),
    Move(
        name="carry_out",
        label=_("Carry out the rest"),
        sentence=_("The accreditations of the organization that are still live are taken away as was decided."),
        may=can_decide_application,
        fits=_has_rest,
        run=_carry_out,
    ),
)


@admin.register(Revocation)
class RevocationAdmin(AddingAdmin):
    """Adding one here concerns an organization; for one person it starts at the accreditation."""

    addition_form = OrganizationForm
    addition_label = _("Propose to revoke an organization")
    addition_sentence = _("Nothing happens yet: somebody else decides. It concerns everybody whom its missions sent.")
    page_template = "desk/facts.html"
    page_select_related = ("election", "organization", "subject__observer", "session", "proposed_by", "decided_by")
    moves: ClassVar[tuple[Move[Revocation], ...]] = REVOCATION_MOVES
    list_display = ("whom", "election", "ground_named", "stand", "proposed", "proposed_by", "decided_by")
    list_filter = (("decided_at", admin.EmptyFieldListFilter), ("dropped_at", admin.EmptyFieldListFilter), "election")
    list_select_related = ("election", "organization", "subject__observer", "proposed_by", "decided_by")
    search_fields = ("organization__name", "organization__acronym", "subject__observer__surname", "text")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.defer("subject__observer__passport_number", "subject__observer__mrz")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return can_propose_revocation(request.user)

    def add(self, answers: Mapping[str, Any], by: User, at: datetime) -> Revocation:
        return propose_revocation_of_organization(
            organization=answers["organization"],
            election=answers["election"],
            ground=answers["ground"],
            text=answers["text"],
            by=by,
            at=at,
        )

    @column(_("whom"))
    def whom(self, revocation: Revocation) -> str:
        return str(revocation)

    @column(_("ground"), ordering="ground")
    def ground_named(self, revocation: Revocation) -> str:
        return ground_titles(revocation.election).get(revocation.ground, revocation.ground)

    @column(_("state"))
    def stand(self, revocation: Revocation) -> str:
        if revocation.dropped_at is not None:
            return str(_("dropped"))
        return str(_("proposed") if revocation.decided_at is None else _("decided"))

    @column(_("proposed"), ordering="proposed_at")
    def proposed(self, revocation: Revocation) -> str:
        return local_text(revocation.proposed_at, revocation.election.zone)

    def get_page_context(self, request: HttpRequest, obj: Revocation) -> dict[str, Any]:
        zone = obj.election.zone
        facts = (
            (_("Whom"), _whom_link(obj)),
            (_("Election"), obj.election),
            (_("State"), self.stand(obj)),
            (_("Live accreditations that it concerns"), live_accreditations_of(obj)),
            (_("Legal ground"), self.ground_named(obj)),
            (_("Reasons"), obj.text),
            (_("Proposed by"), obj.proposed_by),
            (_("Proposed"), self.proposed(obj)),
            (_("Decided by"), obj.decided_by),
            (_("Decided"), local_text(obj.decided_at, zone)),
            (_("Session"), linked(request, obj.session)),
            (_("Dropped"), local_text(obj.dropped_at, zone)),
        )
        return {
            "facts": facts,
            "moves": self.moves_for(request, obj),
            "history": history_of(obj, zone),
            "zone": obj.election.time_zone,
        }
