"""What the acts on the programme ask: times, hours, reasons, and what a mission asks for."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import Model
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSplitDateTimeWidget,
    UnfoldAdminTextInputWidget,
)

from missions.admin.mission_field import MissionField
from missions.admin.moves import MoveForm, ReasonForm
from missions.kernel import clock
from missions.kernel.web.forms import PlainForm
from missions.law.calendar import local_instant
from missions.models import Election, Mission
from missions.timeline.programme.choices import possible_starts
from missions.timeline.programme.models import Booking, MeetingRequest, Programme, SharedResource
from missions.timeline.programme.parameters import DEFAULTS
from missions.timeline.programme.states import RequestKind


def instant_of(local: datetime, zone: str) -> datetime:
    """What was typed, as an instant: forms speak the host's wall clock."""
    return local_instant(local.date(), local.time(), zone)


class LocalTimeField(forms.SplitDateTimeField):
    """A day and a time of the host's wall clock; the instant is made when it is known whose clock that is."""

    def __init__(self, *, label: Any) -> None:
        super().__init__(
            label=label, widget=UnfoldAdminSplitDateTimeWidget(), help_text=_("By the clocks of the host.")
        )

    def compress(self, data_list: Any) -> datetime | None:
        return datetime.combine(*data_list) if data_list else None


class ElectionForm(PlainForm):
    """Asks for which election."""

    election = forms.ModelChoiceField(
        Election.objects.order_by("-e_day"),
        label=_("Election"),
        initial=lambda: Election.objects.order_by("-e_day").values_list("pk", flat=True).first(),
        empty_label=None,
        widget=UnfoldAdminSelectWidget(),
    )


class OrderForm(ElectionForm):
    """Asks for which election, and how long the solver may take."""

    seconds = forms.IntegerField(
        label=_("Seconds"),
        min_value=1,
        max_value=120,
        initial=DEFAULTS.default_seconds,
        widget=UnfoldAdminIntegerFieldWidget(),
        help_text=_("Of work on an idle machine. On a busy one it takes longer, for the same programme."),
    )


class RequestForm(PlainForm):
    """Asks what a mission asks for."""

    mission = MissionField(
        Mission.objects.order_by("-election__e_day", "code"), label=_("Mission"), widget=UnfoldAdminSelectWidget()
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=RequestKind.choices, widget=UnfoldAdminSelectWidget())
    part = forms.IntegerField(
        label=_("Part"), min_value=1, max_value=99, initial=1, widget=UnfoldAdminIntegerFieldWidget()
    )
    size = forms.IntegerField(
        label=_("Persons"), min_value=1, max_value=100_000, widget=UnfoldAdminIntegerFieldWidget()
    )
    language = forms.RegexField(
        r"^[a-z]{2,3}$",
        label=_("Interpretation"),
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("The code of a language, such as en; empty if none is needed."),
    )
    earliest_at = LocalTimeField(label=_("Not before"))
    latest_at = LocalTimeField(label=_("Ends by"))
    note = forms.CharField(label=_("Note"), max_length=500, required=False, widget=UnfoldAdminTextInputWidget())


class HoursForm(MoveForm):
    """Asks for hours on the host's wall clock."""

    starts_at = LocalTimeField(label=_("From"))
    ends_at = LocalTimeField(label=_("Until"))


class ClosureForm(HoursForm, ReasonForm):
    """Asks which time is lost, and why."""


class ReopenForm(MoveForm):
    """Asks which lost time is given back."""

    closure = forms.ModelChoiceField(
        SharedResource.objects.none(), label=_("Lost time"), empty_label=None, widget=UnfoldAdminSelectWidget()
    )

    def __init__(self, *args: Any, subjects: Sequence[Model], **kwargs: Any) -> None:
        super().__init__(*args, subjects=subjects, **kwargs)
        field = cast("forms.ModelChoiceField[Any]", self.fields["closure"])
        field.queryset = cast(SharedResource, subjects[0]).closures.all()


class ResourceForm(MoveForm):
    """Shows what the resource is now, to be changed."""

    name = forms.CharField(label=_("Name"), max_length=200, widget=UnfoldAdminTextInputWidget())
    place = forms.CharField(label=_("Place"), max_length=200, required=False, widget=UnfoldAdminTextInputWidget())
    capacity = forms.IntegerField(
        label=_("Capacity"), min_value=0, max_value=100_000, widget=UnfoldAdminIntegerFieldWidget()
    )
    unit_persons = forms.IntegerField(
        label=_("Persons per unit"), min_value=0, max_value=100_000, widget=UnfoldAdminIntegerFieldWidget()
    )
    minutes = forms.IntegerField(
        label=_("Minutes"), min_value=0, max_value=1440, widget=UnfoldAdminIntegerFieldWidget()
    )
    gap_minutes = forms.IntegerField(
        label=_("Changeover in minutes"), min_value=0, max_value=1440, widget=UnfoldAdminIntegerFieldWidget()
    )
    sessions_per_day = forms.IntegerField(
        label=_("Sessions a day"), min_value=0, max_value=288, widget=UnfoldAdminIntegerFieldWidget()
    )
    languages_per_session = forms.IntegerField(
        label=_("Languages in a session"), min_value=0, max_value=100, widget=UnfoldAdminIntegerFieldWidget()
    )
    version = forms.IntegerField(widget=forms.HiddenInput())

    def __init__(self, *args: Any, subjects: Sequence[Model], **kwargs: Any) -> None:
        super().__init__(*args, subjects=subjects, initial=forms.model_to_dict(subjects[0]), **kwargs)
        self.fields["version"].initial = cast(SharedResource, subjects[0]).version


class InterpretersForm(ElectionForm):
    """Asks how many interpreters of a language there are."""

    language = forms.RegexField(
        r"^[a-z]{2,3}$", label=_("Language"), widget=UnfoldAdminTextInputWidget(), help_text=_("Such as en.")
    )
    count = forms.IntegerField(
        label=_("Interpreters"), min_value=0, max_value=1000, widget=UnfoldAdminIntegerFieldWidget()
    )


class RankForm(PlainForm):
    """Asks for the rank of a mission."""

    mission = MissionField(
        Mission.objects.order_by("-election__e_day", "code"), label=_("Mission"), widget=UnfoldAdminSelectWidget()
    )
    rank = forms.IntegerField(
        label=_("Rank"), min_value=1, max_value=5, widget=UnfoldAdminIntegerFieldWidget(), help_text=_("1: highest.")
    )


class PlaceForm(MoveForm):
    """Offers the times at which the request could begin; who is there already is said beside each."""

    starts_at = forms.TypedChoiceField(
        label=_("Begins"), coerce=datetime.fromisoformat, widget=UnfoldAdminSelectWidget()
    )

    def __init__(self, *args: Any, subjects: Sequence[Model], **kwargs: Any) -> None:
        super().__init__(*args, subjects=subjects, **kwargs)
        request, programme = self.request_and_version(subjects[0])
        zone = request.mission.election.zone
        cast(forms.TypedChoiceField, self.fields["starts_at"]).choices = [
            (start.at.isoformat(), _start_text(start.at, start.taken_by, zone))
            for start in possible_starts(request, programme, at=clock.now())
        ]

    def request_and_version(self, subject: Model) -> tuple[MeetingRequest, Programme | None]:
        """Of the object that the act is about."""
        if isinstance(subject, Booking):
            return subject.request, subject.programme
        return cast(MeetingRequest, subject), None


class PlaceRefusedForm(PlaceForm):
    """Offers the times in the newest draft, for a request that has no place there."""

    def request_and_version(self, subject: Model) -> tuple[MeetingRequest, Programme | None]:
        """The request itself, and the newest draft of its election."""
        request = cast(MeetingRequest, subject)
        return request, newest_draft(request)


def newest_draft(request: MeetingRequest) -> Programme | None:
    """The draft of the highest version for the election of the request."""
    drafts = Programme.objects.drafts().filter(election=request.mission.election_id)
    return drafts.order_by("-version").first()


def _start_text(at: datetime, taken_by: Sequence[str], zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    text = f"{date_format(local, 'j M Y')}, {local:%H:%M}"
    return f"{text} · {_now('there: %(who)s') % {'who': ', '.join(taken_by)}}" if taken_by else text
