"""Between the scheduler's starts and the rows of bookings: instants, rooms, and the slots that are held."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from missions.timeline.programme.loading import LoadedProblem
from missions.timeline.programme.models import Booking, HeldSlot, Programme, SharedResource
from missions.timeline.programme.rooms import units_of, units_text
from missions.timeline.programme.states import ResourceKind
from missions.timeline.scheduler.problem import SLOT_MINUTES, Request
from missions.timeline.scheduler.problem import Booking as Start
from missions.timeline.scheduler.units import Stay, give_units

#: Between the units of the first pool and those of the others in the text of a room.
OTHERS = "; "
_EXCLUSIVE = (ResourceKind.HOST, ResourceKind.PRESS)


@dataclass(frozen=True, slots=True)
class Placed:
    """One booking as it is to be stored."""

    request_id: int
    resource_id: int
    starts_at: datetime
    ends_at: datetime
    room: str


def place(loaded: LoadedProblem, starts: Iterable[Start], rooms: Mapping[int, str]) -> tuple[Placed, ...]:
    """The bookings of the starts. `rooms`: what each request had before, kept where it is free.

    Raises UnitsExhaustedError if more units are wanted at a time than there are.
    """
    asked = {row.id: row for row in loaded.problem.requests}
    rows = sorted(starts)
    given = {
        key: give_units(_stays(loaded, asked, rows, key), resource.capacity, before=_before(rooms, resource))
        for key, resource in loaded.resources.items()
        if resource.kind in (ResourceKind.PRESS, ResourceKind.POOL)
    }
    return tuple(_placed(loaded, asked[row.request], row, given) for row in rows)


def store(programme: Programme, placed: Iterable[Placed]) -> None:
    """Write the bookings of a version that has none, with the slots that they hold. Two inserts in batches."""
    bookings = Booking.objects.bulk_create(
        (
            Booking(
                programme=programme,
                request_id=row.request_id,
                resource_id=row.resource_id,
                starts_at=row.starts_at,
                ends_at=row.ends_at,
                room=row.room,
            )
            for row in placed
        ),
        batch_size=500,
    )
    hold_slots(bookings)


def hold_slots(bookings: Iterable[Booking]) -> None:
    """Hold the slots of the bookings of hosts and press halls.

    Raises IntegrityError ("held_slot_once") where another booking of the version holds one.
    """
    rows = list(bookings)
    kinds = dict(SharedResource.objects.filter(pk__in={row.resource_id for row in rows}).values_list("pk", "kind"))
    exclusive = [row for row in rows if kinds[row.resource_id] in _EXCLUSIVE]
    HeldSlot.objects.bulk_create(
        (
            HeldSlot(
                programme_id=row.programme_id,
                resource_id=row.resource_id,
                room=row.room,
                slot_at=row.starts_at + timedelta(minutes=minute),
                booking=row,
            )
            for row in exclusive
            for minute in range(0, round((row.ends_at - row.starts_at).total_seconds() / 60), SLOT_MINUTES)
        ),
        batch_size=500,
    )


def starts_of(loaded: LoadedProblem, bookings: Iterable[Booking]) -> tuple[Start, ...]:
    """The scheduler's starts of stored bookings; those of requests that are asked no longer are left out."""
    asked = {row.id for row in loaded.problem.requests}
    return tuple(
        sorted(
            Start(str(row.request_id), loaded.clock.floor(row.starts_at))
            for row in bookings
            if str(row.request_id) in asked
        )
    )


def length_of(loaded: LoadedProblem, request: Request) -> int:
    """How many slots the request lasts where it is held."""
    if request.length:
        return request.length
    return -(-loaded.resources[request.host or request.hall].minutes // SLOT_MINUTES)


def main_resource(request: Request) -> str:
    """The resource that the booking names: host or hall, or the first of the pools that it uses."""
    return request.host or request.hall or request.uses[0].resource


def _placed(
    loaded: LoadedProblem, request: Request, start: Start, given: Mapping[str, Mapping[str, tuple[int, ...]]]
) -> Placed:
    main = main_resource(request)
    return Placed(
        request_id=int(request.id),
        resource_id=int(main),
        starts_at=loaded.clock.at(start.start),
        ends_at=loaded.clock.at(start.start + length_of(loaded, request)),
        room=_room(loaded, request, main, given),
    )


def _room(
    loaded: LoadedProblem, request: Request, main: str, given: Mapping[str, Mapping[str, tuple[int, ...]]]
) -> str:
    if request.host:
        return units_text(given[main][request.id]) if loaded.resources[main].capacity > 1 else ""
    texts = []
    for use in request.uses:
        units = units_text(given[use.resource][request.id])
        texts.append(units if use.resource == main else f"{loaded.resources[use.resource].name} {units}")
    return OTHERS.join(texts)[:100]


def _stays(
    loaded: LoadedProblem, asked: Mapping[str, Request], starts: Iterable[Start], resource: str
) -> Iterable[Stay]:
    for row in starts:
        request = asked[row.request]
        end = row.start + length_of(loaded, request)
        if request.host == resource:
            yield Stay(row.start, end, row.request)
        for use in request.uses:
            if use.resource == resource:
                yield Stay(row.start, end, row.request, use.amount)


def _before(rooms: Mapping[int, str], resource: SharedResource) -> dict[str, tuple[int, ...]]:
    """The units of each request at the resource, read back from the text of its room."""
    found = {}
    for request_id, room in rooms.items():
        for position, text in enumerate(room.split(OTHERS)):
            units = text if position == 0 else text.removeprefix(f"{resource.name} ")
            if position == 0 or units != text:
                found[str(request_id)] = units_of(units)
    return found
