"""What the timeline puts into calendars: steps of missions, deadlines of the law, places in the programme."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import Count
from django.utils.translation import get_language

from missions.kernel.models import Event
from missions.law.calendar import CalendarEntry, election_calendar
from missions.law.profile import ProfileError, load_profile
from missions.models import Election, Mission
from missions.timeline.feeds.events import CalendarEvent, EventKind, Scope
from missions.timeline.models import Milestone
from missions.timeline.programme.permissions import can_read_programme
from missions.timeline.programme.selectors import bookings_of
from missions.timeline.selectors import title_in


class MilestoneEvents:
    """The steps of the missions of the calendar."""

    def events(self, scope: Scope, *, at: datetime) -> Iterable[CalendarEvent]:
        """Every step, the cancelled ones as cancelled. One query."""
        steps = Milestone.objects.visible_to(scope.reader).filter(mission__in=scope.missions)
        alone = len(scope.missions) == 1
        for step in steps.select_related("mission__election", "shared_from__mission"):
            title = title_in(step, get_language() or "")
            yield CalendarEvent(
                uid=f"milestone-{step.pk}",
                kind=EventKind.STEP,
                title=title if alone else f"{step.mission.code}: {title}",
                starts_at=step.planned_at,
                zone=step.time_zone,
                details=step.reason,
                sequence=step.sequence,
                is_cancelled=step.cancelled_at is not None,
            )


class DeadlineEvents:
    """The deadlines of the law, for the elections of the calendar."""

    def events(self, scope: Scope, *, at: datetime) -> Iterator[CalendarEvent]:
        """Each entry of the election calendar; a moved election day raises the sequence of all. Two queries."""
        elections = Election.objects.visible_to(scope.reader).filter(pk__in=scope.elections).exclude(profile_code="")
        moves = Event.objects.filter(verb="election_moved", object_type=Election._meta.label_lower)
        moved = dict(moves.order_by().values_list("object_id").annotate(times=Count("pk")))
        for election in elections:
            for entry in _entries(election):
                yield _event(election, entry, sequence=moved.get(election.pk, 0))


class BookingEvents:
    """The places that the released programme gives to missions; in a calendar of the host's people, to all of them."""

    def events(self, scope: Scope, *, at: datetime) -> Iterator[CalendarEvent]:
        """Every place that was ever told; the ones that are lost as cancelled. Three queries and the permissions."""
        if scope.reader.is_host and not can_read_programme(scope.reader):
            return
        own = Mission.objects.visible_to(scope.reader)
        own = own.filter(pk__in=scope.missions) if scope.missions else own.filter(election__in=scope.elections)
        codes = dict(own.values_list("pk", "code"))
        alone = len(scope.missions) == 1
        for booked in bookings_of(codes, scope.reader):
            yield CalendarEvent(
                uid=booked.uid,
                kind=EventKind.BOOKING,
                title=booked.title if alone else f"{codes[booked.mission_id]}: {booked.title}",
                starts_at=booked.starts_at,
                ends_at=booked.ends_at,
                zone=booked.zone,
                place=booked.place,
                sequence=booked.sequence,
                is_cancelled=booked.is_cancelled,
            )


milestones = MilestoneEvents()
deadlines = DeadlineEvents()
bookings = BookingEvents()


def _entries(election: Election) -> tuple[CalendarEntry, ...]:
    try:
        return election_calendar(load_profile(election.profile_code), election.e_day)
    except ProfileError:  # the law that the installation does not know has no dates
        return ()


def _event(election: Election, entry: CalendarEntry, *, sequence: int) -> CalendarEvent:
    return CalendarEvent(
        uid=f"deadline-{election.code}-{entry.code}",
        kind=EventKind.DEADLINE,
        title=entry.title.text(get_language() or ""),
        starts_at=entry.at,
        zone=entry.zone,
        whole_day=entry.day if entry.local_time is None else None,
        details=f"{entry.label}, {entry.source}",
        sequence=sequence,
    )
