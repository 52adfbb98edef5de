"""Changing a draft by hand: a request put at another place, or taken out. What the officer fixes stays fixed."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from missions.kernel.errors import Violation
from missions.kernel.events import record_event
from missions.models import Mission, User
from missions.timeline.programme.errors import (
    PlaceTakenError,
    ProgrammeNotMovableError,
    RequestNotPlacedError,
)
from missions.timeline.programme.loading import LoadedProblem, load_problem
from missions.timeline.programme.models import Booking, HeldSlot, MeetingRequest, Programme
from missions.timeline.programme.placing import Placed, hold_slots, place, starts_of
from missions.timeline.programme.records import (
    NO_ROOM,
    LeftOut,
    PartRecord,
    left_out_from_json,
    left_out_to_json,
    solution_from_json,
    solution_to_json,
)
from missions.timeline.programme.services.orders import lock_programmes
from missions.timeline.programme.services.requests import ensure_asked, pin_row
from missions.timeline.programme.states import ProgrammeState
from missions.timeline.programme.wording import broken_rule
from missions.timeline.scheduler.check import check
from missions.timeline.scheduler.facts import facts_of
from missions.timeline.scheduler.problem import Booking as Start
from missions.timeline.scheduler.score import score
from missions.timeline.scheduler.units import UnitsExhaustedError


def place_by_hand(
    *, programme: Programme, request: MeetingRequest, starts_at: datetime, by: User | None, at: datetime
) -> Booking:
    """Put a request of a draft at this time, whether it had a place or not, and fix it there.

    Refused if the time has passed or a rule breaks that held before: PlaceTakenError, with each in words. Records
    "booking_moved" on the request. Raises ProgrammeNotMovableError for anything but a draft, RequestRefusedError for
    a withdrawn request.
    """
    if starts_at < at:
        raise PlaceTakenError(violations=[Violation("starts_at", "place-in-past", _("This time has passed."))])
    with transaction.atomic():
        row, asked = _held(programme, request)
        ensure_asked(asked)
        pin_row(asked, starts_at)
        loaded = load_problem(row.election)
        there = starts_of(loaded, row.bookings.all())
        key = str(asked.pk)
        wanted = (*(start for start in there if start.request != key), Start(key, loaded.clock.floor(starts_at)))
        _refuse_new(loaded, there, wanted, key)
        _rewrite(row, _placed(loaded, wanted, row))
        _keep_count(row, loaded, wanted, left_out=[one for one in _left_out(row) if one.request_id != asked.pk])
        local = starts_at.astimezone(row.election.zone)
        told = f"{row}: {date_format(local, 'j M Y, H:i')}"
        record_event("booking_moved", asked, by=by, at=at, scope_id=asked.mission_id, reason=told)
    return row.bookings.get(request=asked)


def remove_by_hand(*, programme: Programme, request: MeetingRequest, by: User | None, at: datetime) -> Programme:
    """Take a request out of a draft; its place is free, and its fixed time is forgotten.

    Records "booking_removed" on the request. Raises ProgrammeNotMovableError, RequestNotPlacedError.
    """
    with transaction.atomic():
        row, asked = _held(programme, request)
        if not Booking.objects.filter(programme=row, request=asked).delete()[0]:
            raise RequestNotPlacedError
        if asked.pinned_at is not None:
            pin_row(asked, None)
        loaded = load_problem(row.election)
        left_out = [*_left_out(row), LeftOut(asked.pk, NO_ROOM)]
        _keep_count(row, loaded, starts_of(loaded, row.bookings.all()), left_out=left_out)
        record_event("booking_removed", asked, by=by, at=at, scope_id=asked.mission_id, reason=str(row))
    return row


def _held(programme: Programme, request: MeetingRequest) -> tuple[Programme, MeetingRequest]:
    """Draft and request under their locks, in the order of the house."""
    mission = Mission.objects.select_for_update(of=("self",)).select_related("election").get(pk=request.mission_id)
    row = lock_programmes(programme.election_id)[programme.pk]
    if row.state != ProgrammeState.DRAFT:
        raise ProgrammeNotMovableError
    asked = MeetingRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    asked.mission = mission
    return row, asked


def _refuse_new(loaded: LoadedProblem, there: Sequence[Start], wanted: Sequence[Start], key: str) -> None:
    """Refuse what breaks a rule that held before; that the request was fixed elsewhere is no such rule."""
    if key not in {row.id for row in loaded.problem.requests}:
        message = _("The request fits nowhere: look at its time, its language and what serves it.")
        raise PlaceTakenError(violations=[Violation(f"request-{key}", "request-unfit", message)])
    before = {(one.rule, one.requests) for one in check(replace(loaded.problem, pins=()), there)}
    new = [one for one in check(loaded.problem, wanted) if (one.rule, one.requests) not in before]
    if new:
        raise PlaceTakenError(violations=[broken_rule(loaded, one) for one in new])


def _placed(loaded: LoadedProblem, wanted: Iterable[Start], row: Programme) -> tuple[Placed, ...]:
    rooms = dict(row.bookings.values_list("request", "room"))
    try:
        return place(loaded, wanted, rooms)
    except UnitsExhaustedError as error:
        raise PlaceTakenError from error


def _rewrite(row: Programme, placed: Iterable[Placed]) -> None:
    """Bring the bookings of the version in line; those that stay are not touched."""
    there = {booking.request_id: booking for booking in row.bookings.all()}
    changed = []
    for wanted in placed:
        booking = there.get(wanted.request_id) or Booking(programme=row, request_id=wanted.request_id)
        facts = {
            "resource_id": wanted.resource_id,
            "starts_at": wanted.starts_at,
            "ends_at": wanted.ends_at,
            "room": wanted.room,
        }
        if any(getattr(booking, name) != value for name, value in facts.items()):
            for name, value in facts.items():
                setattr(booking, name, value)
            changed.append(booking)
    HeldSlot.objects.filter(booking__in=[booking.pk for booking in changed if booking.pk]).delete()
    for booking in changed:
        booking.save()
    hold_slots(changed)


def _keep_count(row: Programme, loaded: LoadedProblem, starts: Iterable[Start], *, left_out: Iterable[LeftOut]) -> None:
    """What the draft is worth now; what is proven to be out of reach stays what it was."""
    worth = score(facts_of(loaded.problem), starts)
    solution = solution_from_json(row.solution)
    if solution is not None:
        solution = replace(
            solution,
            granted=PartRecord(worth.granted, solution.granted.bound),
            delay=PartRecord(worth.delay, solution.delay.bound),
            idle=PartRecord(worth.idle, solution.idle.bound),
        )
        row.solution = solution_to_json(solution)
    row.left_out = left_out_to_json(left_out)
    row.changed_by_hand += 1
    row.save(update_fields=["solution", "left_out", "changed_by_hand"])


def _left_out(row: Programme) -> tuple[LeftOut, ...]:
    return left_out_from_json(row.left_out)
