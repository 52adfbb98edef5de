"""Grants of access: what missions ask for, and what the ministry writes down of the authorities' answers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesCheckboxFilter, RelatedDropdownFilter

from missions.admin.additions import AddingAdmin
from missions.admin.moves import Move, OptionalReasonForm, ReasonForm
from missions.admin.pages import column, history_of, local_text
from missions.figures import Viewer
from missions.models import User
from stations.access.admin.forms import GrantForm, RequestForm, missions_of
from stations.access.models import AccessGrant
from stations.access.permissions import can_grant_access, can_request_access
from stations.access.selectors import authority_of, first_free_run
from stations.access.services.grants import grant_access, refuse_access, request_access, withdraw_access
from stations.access.states import LIVE_STATES, SEATED, AccessState
from stations.states import AccessCondition

Answers = Mapping[str, Any]
_TONES = {
    AccessState.REQUESTED: "warning",
    AccessState.GRANTED: "success",
    AccessState.REFUSED: "danger",
    AccessState.WITHDRAWN: "calm",
}


def _grant(row: AccessGrant, answers: Answers, by: User, at: datetime) -> object:
    run = answers.get("run") or (first_free_run(row) if row.condition in SEATED else None)
    return grant_access(
        grant=row,
        granted_by=answers["granted_by"] or authority_of(row),
        valid_until=answers["until"],
        run=run,
        seats=answers.get("seats"),
        by=by,
        at=at,
    )


def _refuse(row: AccessGrant, answers: Answers, by: User, at: datetime) -> object:
    return refuse_access(grant=row, reason=answers["reason"], by=by, at=at)


def _withdraw(row: AccessGrant, answers: Answers, by: User, at: datetime) -> object:
    return withdraw_access(grant=row, reason=answers["reason"], by=by, at=at)


def _is_live(row: AccessGrant, user: object) -> bool:
    return row.state in LIVE_STATES


def _may_ask(user: Viewer) -> bool:
    return missions_of(user).exists()


GRANT_MOVES: tuple[Move[AccessGrant], ...] = (
    Move(
        name="grant",
        label=_("Grant"),
        sentence=_("Writes down which authority granted it, until when, and where seats are shared on which drive."),
        may=can_grant_access,
        fits=lambda row, user: row.state == AccessState.REQUESTED,
        run=_grant,
        form=GrantForm,
        tone="primary",
        in_bulk=True,
    ),
    Move(
        name="refuse",
        label=_("Refuse"),
        sentence=_("The mission reads the reason. What was granted is taken back, with its seats."),
        may=can_grant_access,
        fits=_is_live,
        run=_refuse,
        form=ReasonForm,
        tone="danger",
        in_bulk=True,
    ),
    Move(
        name="withdraw",
        label=_("Withdraw"),
        sentence=_("The mission gives it up, with its seats. It may ask again."),
        may=_may_ask,
        fits=lambda row, user: _is_live(row, user) and can_request_access(user, mission=row.mission),
        run=_withdraw,
        form=OptionalReasonForm,
    ),
)


@admin.register(AccessGrant)
class AccessGrantAdmin(AddingAdmin):
    addition_form = RequestForm
    addition_label = _("Ask for access")
    addition_sentence = _("To a special-access station, in the name of the mission. The authorities decide.")
    page_template = "desk/facts.html"
    page_select_related = ("mission__election", "station", "run", "requested_by")
    moves: ClassVar[tuple[Move[AccessGrant], ...]] = GRANT_MOVES
    list_display = ("mission", "station", "condition", "persons", "state_label", "until", "run")
    list_filter = (
        ("state", ChoicesCheckboxFilter),
        ("condition", ChoicesCheckboxFilter),
        ("mission", RelatedDropdownFilter),
    )
    list_filter_submit = True
    list_select_related = ("mission__election", "station", "run")
    search_fields = ("mission__code", "mission__name", "station__code", "station__name", "granted_by")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return _may_ask(request.user)

    def open_form(self, request: HttpRequest) -> forms.Form:
        sent = request.POST if request.method == "POST" else None
        return RequestForm(sent, initial=request.GET.dict(), user=request.user)

    def add(self, answers: Answers, by: User, at: datetime) -> AccessGrant:
        return request_access(
            mission=answers["mission"],
            station=answers["station"],
            condition=AccessCondition(answers["condition"]),
            persons=answers["persons"],
            note=answers["note"],
            by=by,
            at=at,
        )

    @column(_("state"), ordering="state", tones=_TONES)
    def state_label(self, row: AccessGrant) -> tuple[str, str]:
        return row.state, row.get_state_display()

    @column(_("valid until"), ordering="valid_until")
    def until(self, row: AccessGrant) -> str:
        return local_text(row.valid_until, row.mission.election.zone)

    def get_page_context(self, request: HttpRequest, obj: AccessGrant) -> dict[str, Any]:
        zone = obj.mission.election.zone
        return {
            "facts": (
                (_("Mission"), obj.mission.name),
                (_("Polling station"), obj.station),
                (_("Condition"), obj.get_condition_display()),
                (_("Granted by, as the register says"), authority_of(obj)),
                (_("Persons"), obj.persons),
                (_("Note"), obj.note),
                (_("State"), obj.get_state_display()),
                (_("Granted by"), obj.granted_by),
                (_("Valid until"), self.until(obj)),
                (_("Escort or vehicle"), obj.run),
                (_("Departs"), local_text(obj.run.departs_at, zone) if obj.run else ""),
                (_("Seats"), str(obj.seats) if obj.run else ""),
                (_("Reason"), obj.reason),
                (_("Requested"), local_text(obj.requested_at, zone)),
                (_("Requested by"), obj.requested_by),
                (_("Decided"), local_text(obj.decided_at, zone)),
            ),
            "moves": self.moves_for(request, obj),
            "history": history_of(obj, zone),
            "zone": zone.key,
        }
