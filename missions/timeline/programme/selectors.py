"""Reads on the programme: what changes between versions, a mission's own bookings, and a day as the officer sees it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from missions.figures import Viewer
from missions.models import Election, Mission
from missions.timeline.programme.models import Booking, MeetingRequest, Programme
from missions.timeline.programme.states import TOLD_STATES, ProgrammeState, RequestKind, RequestState

#: Where and when, as a guest has it on paper: if this differs, the guest is told.
_Appointment = tuple[datetime, datetime, int, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """What becomes of one request from one version to the next: given, moved, or taken away."""

    mission: Mission
    kind: RequestKind
    part: int
    before: Booking | None
    now: Booking | None

    def is_over(self, at: datetime) -> bool:
        """Whether nobody can go there any more, neither to the former place nor to the present one."""
        return all(booking is None or booking.ends_at <= at for booking in (self.before, self.now))


@dataclass(frozen=True, slots=True)
class BookedEvent:
    """One place of a mission in the ministry's programme, as calendars show it.

    `uid` is the same for ever; `sequence` grows with every release that changes or cancels the place. A cancelled
    event keeps the time that it last had.
    """

    uid: str
    mission_id: int
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    zone: str
    sequence: int
    is_cancelled: bool


def differences(before: Iterable[Booking], now: Iterable[Booking]) -> tuple[Difference, ...]:
    """The requests whose place differs between two versions, by mission. No query, if requests are joined in."""
    earlier = {row.request_id: row for row in before if row.request.state == RequestState.ASKED}
    later = {row.request_id: row for row in now}
    found = [
        _difference(earlier.get(key), later.get(key))
        for key in earlier.keys() | later.keys()
        if key not in earlier or key not in later or _appointment(earlier[key]) != _appointment(later[key])
    ]
    return tuple(sorted(found, key=lambda row: (row.mission.code, list(RequestKind).index(row.kind), row.part)))


def bookings_of(missions: Collection[int], user: Viewer) -> tuple[BookedEvent, ...]:
    """The places that these missions have, or had, in released versions, as far as the person may see the missions.

    A place that a later version does not have, whose version has ended without another, or whose request was
    withdrawn, is there as cancelled. Sorted by beginning. Two queries.
    """
    asked = MeetingRequest.objects.visible_to(user).filter(mission__in=missions)
    rows = (
        Booking.objects.filter(request__in=asked, programme__state__in=TOLD_STATES)
        .select_related("request__mission__election", "resource", "programme")
        .order_by("request", "programme__released_at", "programme__version")
    )
    told = _told_versions({row.request.mission.election_id for row in rows})
    by_request: dict[int, list[Booking]] = {}
    for row in rows:
        by_request.setdefault(row.request_id, []).append(row)
    events = [_event(own, told[own[0].programme.election_id]) for own in by_request.values()]
    return tuple(sorted(events, key=lambda event: (event.starts_at, event.uid)))


def released_programme(election: Election) -> Programme | None:
    """The version that missions read, if there is one."""
    return Programme.objects.released().filter(election=election).first()


def days_of(programme: Programme) -> tuple[date, ...]:
    """The local days on which the version has bookings, in order. One query."""
    zone = programme.election.zone
    return tuple(sorted({at.astimezone(zone).date() for at in programme.bookings.values_list("starts_at", flat=True)}))


def bookings_on(programme: Programme, day: date) -> tuple[Booking, ...]:
    """The bookings of a version that begin on the local day, by time and place. One query."""
    zone = programme.election.zone
    rows = programme.bookings.select_related(
        "resource", "request__head", "request__mission__organization", "request__mission__election"
    ).prefetch_related("request__mission__heads")
    return tuple(
        row
        for row in rows.order_by("starts_at", "resource__kind", "resource__code", "room", "pk")
        if row.starts_at.astimezone(zone).date() == day
    )


def place_text(booking: Booking) -> str:
    """Where guests go: the resource, its room, and how to find it."""
    named = f"{booking.resource.name} {booking.room}".strip()
    return f"{named}, {booking.resource.place}" if booking.resource.place else named


def local_span(booking: Booking, zone: ZoneInfo) -> str:
    """From when until when, by the clocks of the zone."""
    return f"{booking.starts_at.astimezone(zone):%H:%M}–{booking.ends_at.astimezone(zone):%H:%M}"


def _appointment(booking: Booking) -> _Appointment:
    return booking.starts_at, booking.ends_at, booking.resource_id, booking.room


def _difference(before: Booking | None, now: Booking | None) -> Difference:
    booking = now or before
    if booking is None:
        raise ValueError("neither version has the request")
    request = booking.request
    return Difference(request.mission, RequestKind(request.kind), request.part, before, now)


def _told_versions(elections: Collection[int]) -> dict[int, list[Programme]]:
    found: dict[int, list[Programme]] = {pk: [] for pk in elections}
    versions = Programme.objects.filter(election__in=elections, state__in=TOLD_STATES)
    for row in versions.order_by("released_at", "version"):
        found[row.election_id].append(row)
    return found


def _event(own: list[Booking], versions: list[Programme]) -> BookedEvent:
    """Walk through all versions that were released, and count what a calendar had to hear of after the first."""
    by_version = {row.programme_id: row for row in own}
    steps: list[_Appointment | None] = [
        _appointment(by_version[version.pk]) if version.pk in by_version else None for version in versions
    ]
    if versions[-1].state != ProgrammeState.RELEASED or own[-1].request.state != RequestState.ASKED:
        steps.append(None)
    first = next(index for index, step in enumerate(steps) if step is not None)
    changes = sum(1 for one, later in zip(steps[first:], steps[first + 1 :], strict=False) if one != later)
    last, request = own[-1], own[-1].request
    return BookedEvent(
        uid=f"booking-{request.uid}",
        mission_id=request.mission_id,
        title=str(request.get_kind_display()),
        starts_at=last.starts_at,
        ends_at=last.ends_at,
        place=place_text(last),
        zone=request.mission.election.time_zone,
        sequence=changes,
        is_cancelled=steps[-1] is None,
    )
