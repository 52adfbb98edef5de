"""Escorts and vehicles: what is free, and who goes with them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesCheckboxFilter

from missions.admin.additions import AddingAdmin
from missions.admin.moves import Move
from missions.admin.pages import column, history_of, local_text
from missions.models import User
from stations.access.admin.forms import RunForm, SeatsForm
from stations.access.models import EscortRun
from stations.access.permissions import can_grant_access
from stations.access.services.runs import RunDraft, add_escort_run, change_seats
from stations.states import AccessCondition

Answers = Mapping[str, Any]


def _change_seats(run: EscortRun, answers: Answers, by: User, at: datetime) -> object:
    return change_seats(run=run, seats=answers["seats"], reason=answers["reason"], by=by, at=at)


@admin.register(EscortRun)
class EscortRunAdmin(AddingAdmin):
    addition_form = RunForm
    addition_label = _("Add an escort or vehicle")
    addition_sentence = _("One drive with so many seats; grants take them.")
    page_template = "desk/facts.html"
    page_select_related = ("election",)
    moves: ClassVar[tuple[Move[EscortRun], ...]] = (
        Move(
            name="seats",
            label=_("Change the seats"),
            sentence=_("Never to fewer than are taken."),
            may=can_grant_access,
            fits=lambda run, user: True,
            run=_change_seats,
            form=SeatsForm,
        ),
    )
    list_display = ("name", "condition", "departs", "returns", "taken")
    list_filter = (("condition", ChoicesCheckboxFilter), "election")
    list_filter_submit = True
    list_select_related = ("election",)
    search_fields = ("name", "stations__code")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return can_grant_access(request.user)

    def add(self, answers: Answers, by: User, at: datetime) -> EscortRun:
        draft = RunDraft(
            condition=AccessCondition(answers["condition"]),
            name=answers["name"],
            departs_at=answers["departs_at"],
            returns_at=answers["returns_at"],
            station_codes=answers["station_codes"],
            seats=answers["seats"],
        )
        return add_escort_run(election=answers["election"], draft=draft, by=by, at=at)

    @column(_("departs"), ordering="departs_at")
    def departs(self, run: EscortRun) -> str:
        return local_text(run.departs_at, run.election.zone)

    @column(_("returns"), ordering="returns_at")
    def returns(self, run: EscortRun) -> str:
        return local_text(run.returns_at, run.election.zone)

    @column(_("seats taken"), ordering="seats_taken")
    def taken(self, run: EscortRun) -> str:
        return _now("%(taken)d of %(seats)d") % {"taken": run.seats_taken, "seats": run.seats}

    def get_page_context(self, request: HttpRequest, obj: EscortRun) -> dict[str, Any]:
        zone = obj.election.zone
        grants = obj.grants.granted().select_related("mission", "station").order_by("mission__code", "station__code")
        seated = [f"{grant.mission.code}, {grant.station.code}: {grant.seats}" for grant in grants]
        return {
            "facts": (
                (_("Name"), obj.name),
                (_("For"), obj.get_condition_display()),
                (_("Departs"), self.departs(obj)),
                (_("Returns"), self.returns(obj)),
                (_("Stations"), ", ".join(obj.stations.values_list("code", flat=True))),
                (_("Seats taken"), self.taken(obj)),
                (_("Who goes with it: mission, station, seats"), "; ".join(seated)),
            ),
            "moves": self.moves_for(request, obj),
            "history": history_of(obj, zone),
            "zone": zone.key,
        }
