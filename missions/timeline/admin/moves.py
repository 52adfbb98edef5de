"""What staff may do with one step of a timeline: each act with what it asks, and the service behind it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminSingleTimeWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from missions.admin.moves import Move, MoveForm
from missions.figures import Viewer
from missions.kernel.web.forms import PlainForm
from missions.law.calendar import local_instant
from missions.models import Mission, User
from missions.timeline.models import Milestone
from missions.timeline.permissions import can_change_timeline, can_try_to_change_timelines
from missions.timeline.services.changes import (
    Slot,
    cancel_milestone,
    change_milestone,
    reset_milestone,
    restore_milestone,
)
from missions.timeline.services.marks import mark_milestone_happened, unmark_milestone
from missions.timeline.zones import zone_or_utc

Answers = Mapping[str, Any]


@cache
def _zones() -> tuple[tuple[str, str], ...]:
    return tuple((name, name) for name in sorted(available_timezones()))


def _reason_field() -> forms.CharField:
    return forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        help_text=_("Kept with the step and in the history; the mission may read it."),
    )


class SlotFields(PlainForm):
    """Day, hour and zone of a step, the steps that come before it, and why."""

    day = forms.DateField(label=_("Day"), widget=UnfoldAdminSingleDateWidget())
    local_time = forms.TimeField(
        label=_("Time"), widget=UnfoldAdminSingleTimeWidget(format="%H:%M"), help_text=_("By the clocks of the zone.")
    )
    zone = forms.ChoiceField(label=_("Zone"), choices=_zones, widget=UnfoldAdminSelectWidget())
    after = forms.MultipleChoiceField(
        label=_("Comes after"), required=False, widget=UnfoldAdminCheckboxSelectMultipleWidget()
    )
    reason = _reason_field()
    despite = forms.BooleanField(
        label=_("Also if the timeline is out of order then"), required=False, widget=UnfoldBooleanWidget()
    )

    def offer_steps(self, steps: Iterable[tuple[str, str]]) -> None:
        """The steps that may come before: code and title."""
        self.fields["after"].choices = list(steps)  # type: ignore[attr-defined]  # a MultipleChoiceField

    @property
    def slot(self) -> Slot:
        """What a valid form asks for."""
        return slot_of(self.cleaned_data)


def slot_of(answers: Answers) -> Slot:
    """The place that the answers name."""
    return Slot(answers["day"], answers["local_time"], answers["zone"])


class AdditionForm(SlotFields):
    """Asks what a new step is, and where it stands."""

    title = forms.CharField(label=_("Title"), max_length=200, widget=UnfoldAdminTextInputWidget())
    field_order = ("title", "day", "local_time", "zone", "after", "reason", "despite")

    def __init__(self, *args: Any, mission: Mission, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"day": mission.election.e_day, "zone": mission.election.time_zone}
        self.offer_steps(Milestone.objects.filter(mission=mission, cancelled_at=None).values_list("code", "title"))


class VersionForm(MoveForm):
    """Knows which version of the step the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput())

    def __init__(self, *args: Any, subjects: Sequence[Model], **kwargs: Any) -> None:
        super().__init__(*args, subjects=subjects, **kwargs)
        self.fields["version"].initial = getattr(subjects[0], "version", None)


class StepReasonForm(VersionForm):
    """Asks for a reason."""

    reason = _reason_field()


class ChangeForm(SlotFields, VersionForm):
    """Shows where the step stands now, to be changed."""

    def __init__(self, *args: Any, subjects: Sequence[Model], **kwargs: Any) -> None:
        super().__init__(*args, subjects=subjects, **kwargs)
        step = subjects[0]
        if not isinstance(step, Milestone):
            raise TypeError(step)
        local = step.planned_at.astimezone(zone_or_utc(step.time_zone))
        others = Milestone.objects.filter(mission=step.mission, cancelled_at=None).exclude(pk=step.pk)
        self.offer_steps(others.values_list("code", "title"))
        self.initial = {
            "day": local.date(),
            "local_time": local.time(),
            "zone": step.time_zone,
            "after": step.after,
        }


class HappenedForm(VersionForm):
    """Asks when a step was made, by the clocks of its zone."""

    day = forms.DateField(label=_("Day"), widget=UnfoldAdminSingleDateWidget())
    local_time = forms.TimeField(
        label=_("Time"), widget=UnfoldAdminSingleTimeWidget(format="%H:%M"), help_text=_("By the clocks of the zone.")
    )


def _change(step: Milestone, answers: Answers, by: User, at: datetime) -> object:
    return change_milestone(
        milestone=step,
        slot=slot_of(answers),
        after=answers["after"],
        reason=answers["reason"],
        by=by,
        at=at,
        version=answers["version"],
        despite=answers["despite"],
    )


def _mark(step: Milestone, answers: Answers, by: User, at: datetime) -> object:
    zone = zone_or_utc(step.time_zone).key
    happened_at = local_instant(answers["day"], answers["local_time"], zone)
    return mark_milestone_happened(milestone=step, happened_at=happened_at, by=by, at=at, version=answers["version"])


def _unmark(step: Milestone, answers: Answers, by: User, at: datetime) -> object:
    return unmark_milestone(milestone=step, by=by, at=at, version=answers["version"])


def _cancel(step: Milestone, answers: Answers, by: User, at: datetime) -> object:
    return cancel_milestone(milestone=step, reason=answers["reason"], by=by, at=at, version=answers["version"])


def _restore(step: Milestone, answers: Answers, by: User, at: datetime) -> object:
    return restore_milestone(milestone=step, reason=answers["reason"], by=by, at=at, version=answers["version"])


def _reset(step: Milestone, answers: Answers, by: User, at: datetime) -> object:
    return reset_milestone(milestone=step, by=by, at=at, version=answers["version"])


def _timeline_url(step: Milestone) -> str:
    return reverse("admin:timeline_milestone_timeline", args=(step.mission_id,))


def _is_theirs(step: Milestone, user: Viewer) -> bool:
    """Not kept by the mission above, and of a mission whose timeline the person may change."""
    return step.shared_from_id is None and can_change_timeline(user, step.mission)


def _stands(step: Milestone, user: Viewer) -> bool:
    return step.cancelled_at is None and _is_theirs(step, user)


def _is_open(step: Milestone, user: Viewer) -> bool:
    return step.actual_at is None and _stands(step, user)


STEP_MOVES: tuple[Move[Milestone], ...] = (
    Move(
        name="reschedule",
        label=_("Change day or hour"),
        sentence=_("The step keeps its distance from election day, and calendars hear of the change."),
        may=can_try_to_change_timelines,
        fits=_stands,
        run=_change,
        form=ChangeForm,
        tone="primary",
        back=_timeline_url,
    ),
    Move(
        name="mark",
        label=_("It has happened"),
        sentence=_("What is said here counts more than what the desk knows."),
        may=can_try_to_change_timelines,
        fits=_is_open,
        run=_mark,
        form=HappenedForm,
        tone="success",
        back=_timeline_url,
    ),
    Move(
        name="unmark",
        label=_("It has not happened"),
        sentence=_("Takes back what was said by hand; what the desk knows is shown again."),
        may=can_try_to_change_timelines,
        fits=lambda step, user: step.actual_at is not None and _is_theirs(step, user),
        run=_unmark,
        form=VersionForm,
        back=_timeline_url,
    ),
    Move(
        name="reset",
        label=_("Back to the template"),
        sentence=_("Day, hour, zone and order are those of the template again."),
        may=can_try_to_change_timelines,
        fits=lambda step, user: step.is_own and _is_theirs(step, user),
        run=_reset,
        form=VersionForm,
        back=_timeline_url,
    ),
    Move(
        name="cancel",
        label=_("Cancel the step"),
        sentence=_("It stays in the timeline as cancelled, and calendars hear of it."),
        may=can_try_to_change_timelines,
        fits=_is_open,
        run=_cancel,
        form=StepReasonForm,
        tone="danger",
        back=_timeline_url,
    ),
    Move(
        name="restore",
        label=_("Restore the step"),
        sentence=_("It stands where it stood, and calendars hear of it."),
        may=can_try_to_change_timelines,
        fits=lambda step, user: step.cancelled_at is not None and _is_theirs(step, user),
        run=_restore,
        form=StepReasonForm,
        back=_timeline_url,
    ),
)
