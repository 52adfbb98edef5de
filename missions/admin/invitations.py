"""The register of invitations: who invites whom, by which note, and what became of it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesCheckboxFilter, RadioFilter
from unfold.views import ChangeList
from unfold.widgets import UnfoldAdminSelectWidget

from missions.admin.additions import AddingAdmin
from missions.admin.heads import HeadsList, places_text
from missions.admin.invitation_moves import INVITATION_MOVES, WITH_NOTE
from missions.admin.moves import Move
from missions.admin.pages import DAY_FORMAT, column, history_of, moment
from missions.kernel.errors import Text
from missions.kernel.web.forms import PlainForm
from missions.models import Election, Invitation, Mission, Organization, User
from missions.permissions import can_change_invitation
from missions.services.invitations import plan_invitation
from missions.states import InvitationState, Inviter

_I = InvitationState
INVITATION_TONES = {
    _I.SENT: "info",
    _I.ACCEPTED: "success",
    _I.DECLINED: "warning",
    _I.LAPSED: "warning",
    _I.WITHDRAWN: "danger",
}


def _latest_election() -> int | None:
    return Election.objects.order_by("-e_day").values_list("pk", flat=True).first()


class _Organizations(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable when run
    """Organizations by what they are called, and by their name."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.acronym} · {obj.name}"


class PlanForm(PlainForm):
    """Asks who invites whom to which election."""

    election = forms.ModelChoiceField(
        Election.objects.order_by("-e_day"),
        label=_("Election"),
        initial=_latest_election,
        empty_label=None,
        widget=UnfoldAdminSelectWidget(),
    )
    organization = _Organizations(
        Organization.objects.order_by("acronym"), label=_("Organization"), widget=UnfoldAdminSelectWidget()
    )
    inviter = forms.ChoiceField(label=_("Invited by"), choices=Inviter.choices, widget=UnfoldAdminSelectWidget())


class ReplyFilter(RadioFilter):  # type: ignore[misc]  # unfold is untyped
    """What was sent and waits for a reply, and where the last day for it is over."""

    title = _("reply")
    parameter_name = "reply"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, Text]]:
        return [("awaited", _("Awaited")), ("overdue", _("Not in time"))]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Invitation]") -> "QuerySet[Invitation]":
        sent = queryset.filter(state=_I.SENT)
        if self.value() == "awaited":
            return sent
        return sent.filter(_overdue(moment(request))) if self.value() == "overdue" else queryset


@admin.register(Invitation)
class InvitationAdmin(AddingAdmin):
    """Invitations are planned here; every change is a move with a confirmation page."""

    addition_form = PlanForm
    addition_label = _("Plan an invitation")
    addition_sentence = _(
        "The organization is put on the list of this authority. The note is recorded when it goes out."
    )
    page_template = "desk/facts.html"
    page_select_related = ("election", "organization")
    moves: ClassVar[tuple[Move[Invitation], ...]] = INVITATION_MOVES
    list_filter_submit = True
    list_display = (
        "organization",
        "inviter",
        "state_label",
        "note",
        "reply",
        "ceiling",
        "nominated",
        "accredited",
        "arrived",
    )
    list_filter = (ReplyFilter, ("state", ChoicesCheckboxFilter), "inviter", "election")
    list_select_related = ("organization",)
    search_fields = ("organization__acronym", "organization__name", "note_number", "addressee")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        rows: QuerySet[Any] = super().get_queryset(request)
        own = Mission.objects.filter(election=OuterRef("election"), organization=OuterRef("organization"))
        annotated: QuerySet[Any] = rows.annotate(
            mission_key=Subquery(own.values("pk")[:1]), mission_taken=Subquery(own.values("places_taken")[:1])
        )
        return annotated

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return HeadsList

    def has_add_permission(self, request: HttpRequest) -> bool:
        return can_change_invitation(request.user)

    def add(self, answers: Mapping[str, Any], by: User, at: datetime) -> Invitation:
        return plan_invitation(
            election=answers["election"],
            organization=answers["organization"],
            inviter=Inviter(answers["inviter"]),
            by=by,
            at=at,
        )

    @column(_("state"), ordering="state", tones=INVITATION_TONES)
    def state_label(self, invitation: Invitation) -> tuple[str, str]:
        return invitation.state, invitation.get_state_display()

    @column(_("note"), ordering="note_date")
    def note(self, invitation: Invitation) -> SafeString | str:
        if not invitation.note_number:
            return ""
        return format_html(
            '{} <span class="desk-muted desk-day">{}</span>', invitation.note_number, _day(invitation.note_date)
        )

    @column(_("reply"), ordering="replied_on")
    def reply(self, invitation: Invitation) -> str:
        if invitation.state == _I.SENT and invitation.reply_by:
            return _now("by %s") % _day(invitation.reply_by)
        return _day(invitation.replied_on)

    @column(_("nominated"), ordering="mission_taken")
    def nominated(self, invitation: Any) -> str:
        return "" if invitation.mission_taken is None else str(invitation.mission_taken)

    @column(_("accredited"))
    def accredited(self, invitation: Any) -> str:
        return str(invitation.head_count.accredited) if invitation.mission_key else ""

    @column(_("arrived"))
    def arrived(self, invitation: Any) -> str:
        return str(invitation.head_count.arrived) if invitation.mission_key else ""

    def get_page_context(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        mission = Mission.objects.filter(pk=obj.mission_key).first()
        facts = (
            (_("Organization"), f"{obj.organization} · {obj.organization.name}"),
            (_("Election"), obj.election),
            (_("Invited by"), obj.get_inviter_display()),
            (_("State"), obj.get_state_display()),
            (_("Note"), obj.note_number),
            (_("Date of the note"), _day(obj.note_date)),
            (_("Addressee"), obj.addressee),
            (_("Places of this note"), granted_text(obj)),
            (_("Reply by"), _day(obj.reply_by)),
            (_("Replied on"), _day(obj.replied_on)),
            (_("Mission"), _link(mission)),
            (_("Places of the mission"), places_text(mission) if mission else ""),
        )
        return {
            "facts": facts,
            "moves": self.moves_for(request, obj),
            "history": history_of(obj, obj.election.zone),
            "zone": obj.election.time_zone,
        }


def granted_text(invitation: Invitation) -> str:
    """The places that a note grants; nothing before it is sent."""
    if invitation.state not in WITH_NOTE:
        return ""
    return _now("no ceiling") if invitation.ceiling is None else str(invitation.ceiling)


def _day(day: date | None) -> str:
    return date_format(day, DAY_FORMAT) if day else ""


def _link(mission: Mission | None) -> SafeString | str:
    if mission is None:
        return ""
    return format_html(
        '<a href="{}">{}</a>', reverse("admin:missions_mission_change", args=(mission.pk,)), mission.code
    )


def _overdue(at: datetime) -> Q:
    """Whose last day for the reply is over by the clocks of its election. One query."""
    condition = Q(pk__in=[])
    for election in Election.objects.order_by():
        condition |= Q(election=election.pk, reply_by__lt=at.astimezone(election.zone).date())
    return condition
