"""Which missions have what may wait in one mail a day. Leads choose it themselves; the registrar does it for them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminSingleTimeWidget

from missions.admin.additions import AddingAdmin
from missions.admin.mission_field import MissionField
from missions.admin.moves import Move, MoveForm
from missions.admin.pages import column
from missions.kernel.web.forms import PlainForm
from missions.models import Mission, User
from missions.reminders.models import DigestChoice
from missions.reminders.permissions import can_change_digests
from missions.reminders.services.digests import choose_digest, drop_digest


def _hour() -> forms.TimeField:
    return forms.TimeField(
        label=_("Every day at"),
        widget=UnfoldAdminSingleTimeWidget(),
        help_text=_("By the clocks of the host country. What is urgent never waits."),
    )


class DigestForm(PlainForm):
    """Which mission, and at which hour."""

    mission = MissionField(
        Mission.objects.filter(digest_choice=None).order_by("-election__e_day", "code"),
        label=_("Mission"),
        widget=UnfoldAdminSelectWidget(),
    )
    local_time = _hour()


class HourForm(MoveForm):
    """Another hour."""

    local_time = _hour()


def _change(row: DigestChoice, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    return choose_digest(mission=row.mission, local_time=answers["local_time"], by=by, at=at)


def _drop(row: DigestChoice, answers: Mapping[str, Any], by: User, at: datetime) -> None:
    drop_digest(mission=row.mission, by=by, at=at)


MOVES: tuple[Move[DigestChoice], ...] = (
    Move(
        name="change-hour",
        label=_("Choose another hour"),
        sentence=_("Mails that are planned already go as they were planned."),
        may=can_change_digests,
        fits=lambda row, user: True,
        run=_change,
        form=HourForm,
        tone="primary",
    ),
    Move(
        name="drop",
        label=_("Send each mail by itself"),
        sentence=_("What waits goes with the last digest; after that each mail goes by itself."),
        may=can_change_digests,
        fits=lambda row, user: True,
        run=_drop,
        back=lambda row: reverse("admin:reminders_digestchoice_changelist"),
        tone="danger",
    ),
)


@admin.register(DigestChoice)
class DigestChoiceAdmin(AddingAdmin):
    """One line for each mission that wants one mail a day."""

    page_template = "desk/facts.html"
    page_select_related = ("mission__election",)
    moves: ClassVar[tuple[Move[DigestChoice], ...]] = MOVES
    addition_form = DigestForm
    addition_label = _("One mail a day for a mission")
    addition_sentence = _("What may wait comes in one mail at this hour. The leads can choose otherwise at any time.")
    list_display = ("mission", "hour", "election")
    list_filter = ("mission__election",)
    list_select_related = ("mission__election",)
    search_fields = ("mission__code", "mission__name")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return can_change_digests(request.user)

    def add(self, answers: Mapping[str, Any], by: User, at: datetime) -> DigestChoice:
        return choose_digest(mission=answers["mission"], local_time=answers["local_time"], by=by, at=at)

    @column(_("every day at"), ordering="local_time")
    def hour(self, row: DigestChoice) -> str:
        return f"{row.local_time:%H:%M}"

    @column(_("election"), ordering="mission__election")
    def election(self, row: DigestChoice) -> str:
        return str(row.mission.election)

    def get_page_context(self, request: HttpRequest, obj: DigestChoice) -> dict[str, Any]:
        election = obj.mission.election
        return {
            "facts": (
                (_("Mission"), obj.mission),
                (_("Election"), election),
                (_("Every day at"), self.hour(obj)),
            ),
            "moves": self.moves_for(request, obj),
            "zone": election.time_zone,
        }
