"""What the pages of special access ask: of missions what they need, of the ministry who granted it and until when."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from django import forms
from django.db.models import Model, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from missions.admin.mission_field import CHOOSE, MissionField
from missions.admin.moves import MoveForm, OptionalReasonForm
from missions.figures import Viewer
from missions.kernel.web.forms import PlainForm
from missions.models import Election, Mission
from missions.states import MembershipRole
from missions.timeline.programme.admin.forms import ElectionForm, LocalTimeField, instant_of
from stations.access.models import AccessGrant, EscortRun
from stations.access.permissions import can_grant_access
from stations.access.selectors import authority_of
from stations.access.services.grants import MOST_PERSONS
from stations.access.services.runs import MOST_SEATS
from stations.access.states import SEATED
from stations.models import PollingStation
from stations.states import AccessCondition


def missions_of(user: Viewer) -> "QuerySet[Mission]":
    """For whom this person may ask: the own missions as their lead; the granting staff for every mission."""
    missions = Mission.objects.select_related("election").order_by("-election__e_day", "code")
    if can_grant_access(user):
        return missions
    if not user.is_authenticated or user.is_host:
        return missions.none()
    return missions.filter(memberships__user=user.pk, memberships__role=MembershipRole.LEAD)


class RequestForm(PlainForm):
    """Asks what a mission needs for which station; `cleaned_data["station"]` is the station."""

    mission = MissionField(
        Mission.objects.none(), label=_("Mission"), empty_label=None, widget=UnfoldAdminSelectWidget()
    )
    station = forms.CharField(label=_("Code of the station"), max_length=20, widget=UnfoldAdminTextInputWidget())
    condition = forms.ChoiceField(
        label=_("What is needed"), choices=AccessCondition.choices, widget=UnfoldAdminSelectWidget()
    )
    persons = forms.IntegerField(
        label=_("Persons"), min_value=1, max_value=MOST_PERSONS, initial=2, widget=UnfoldAdminIntegerFieldWidget()
    )
    note = forms.CharField(label=_("Note"), max_length=500, required=False, widget=UnfoldAdminTextInputWidget())

    def __init__(self, *args: Any, user: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field, missions = cast("forms.ModelChoiceField[Any]", self.fields["mission"]), missions_of(user)
        field.queryset = missions
        if missions.count() > 1:  # nobody's access is asked for by oversight
            field.empty_label = CHOOSE

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        if "mission" in answers and "station" in answers:
            stations = PollingStation.objects.filter(election=answers["mission"].election_id)
            answers["station"] = stations.filter(code=answers["station"]).first()
            if answers["station"] is None:
                self.add_error("station", _("The register has no such station."))
        return answers


class RunField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic for the type checker only
    """Drives by name, departure and free seats."""

    def label_from_instance(self, obj: Any) -> str:
        departs = obj.departs_at.astimezone(obj.election.zone)
        return _now("%(name)s, %(departs)s, %(free)d seats free") % {
            "name": obj.name,
            "departs": date_format(departs, "j M Y, H:i"),
            "free": obj.seats - obj.seats_taken,
        }


class GrantForm(MoveForm):
    """Asks who granted it, until when, and on which escort or vehicle; `cleaned_data["until"]` is the instant.

    Of many at once it asks only what they share: each keeps its own authority, and the first drive with free seats.
    """

    granted_by = forms.CharField(label=_("Granted by"), max_length=200, widget=UnfoldAdminTextInputWidget())
    valid_until = LocalTimeField(label=_("Valid until"))
    run = RunField(
        EscortRun.objects.none(), label=_("Escort or vehicle"), empty_label=None, widget=UnfoldAdminSelectWidget()
    )
    seats = forms.IntegerField(
        label=_("Seats"),
        min_value=0,
        widget=UnfoldAdminIntegerFieldWidget(),
        help_text=_("0 if the same people have the mission's other seats there."),
    )

    def __init__(self, *args: Any, subjects: Sequence[Model], **kwargs: Any) -> None:
        super().__init__(*args, subjects=subjects, **kwargs)
        grant = self._grant = cast(AccessGrant, subjects[0])
        if len(subjects) > 1:
            self.fields["granted_by"].required = False
            self.fields["granted_by"].help_text = _("Empty: for each whom the register names.")
        else:
            self.fields["granted_by"].initial = authority_of(grant)
        if len(subjects) > 1 or grant.condition not in SEATED:
            del self.fields["run"], self.fields["seats"]
            return
        runs = EscortRun.objects.filter(condition=grant.condition, stations=grant.station_id)
        field = cast("forms.ModelChoiceField[Any]", self.fields["run"])
        field.queryset = runs.order_by("departs_at").select_related("election")
        self.fields["seats"].initial = grant.persons

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        until: datetime | None = answers.get("valid_until")
        if until is not None:
            answers["until"] = instant_of(until, self._grant.mission.election.time_zone)
        return answers


class RunForm(ElectionForm):
    """Asks for a drive; the times are the host's wall clock, made instants in `clean`."""

    condition = forms.ChoiceField(
        label=_("For"),
        choices=[(each.value, each.label) for each in AccessCondition if each in SEATED],
        widget=UnfoldAdminSelectWidget(),
    )
    name = forms.CharField(label=_("Name"), max_length=200, widget=UnfoldAdminTextInputWidget())
    departs_at = LocalTimeField(label=_("Departs"))
    returns_at = LocalTimeField(label=_("Returns"))
    stations = forms.CharField(
        label=_("Stations"),
        max_length=4000,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("Their codes, with spaces or commas between them."),
    )
    seats = forms.IntegerField(
        label=_("Seats"), min_value=1, max_value=MOST_SEATS, widget=UnfoldAdminIntegerFieldWidget()
    )

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        election: Election | None = answers.get("election")
        for name in ("departs_at", "returns_at"):
            if election is not None and name in answers:
                answers[name] = instant_of(answers[name], election.time_zone)
        answers["station_codes"] = answers.get("stations", "").replace(",", " ").split()
        return answers


class SeatsForm(OptionalReasonForm):
    """Asks for another number of seats, and perhaps why."""

    seats = forms.IntegerField(
        label=_("Seats"), min_value=0, max_value=MOST_SEATS, widget=UnfoldAdminIntegerFieldWidget()
    )
    field_order = ("seats", "reason")
