"""Rooms and units: the least free one first, a pinned room kept, no unit twice at a time."""

from missions.timeline.scheduler.first_come import first_come
from missions.timeline.scheduler.problem import Pin, Use
from missions.timeline.scheduler.units import units_of
from tests.benchmarks.scheduler_instance import make_problem
from tests.missions.timeline.scheduler.builders import arrival, briefing, held, meeting, problem


def test_a_pinned_room_is_kept_and_the_others_take_what_is_left() -> None:
    whole = problem(*(meeting(name, "press") for name in "abc"), pins=(Pin("b", 0, room=0),))

    units = units_of(whole, held(a=0, b=0, c=12))

    assert units == {"a": {"press": (1,)}, "b": {"press": (0,)}, "c": {"press": (0,)}}


def test_units_are_handed_out_in_order_of_time() -> None:
    whole = problem(arrival("a"), arrival("b"), arrival("c", uses=(Use("desks", 2),)), briefing("d"))

    units = units_of(whole, held(a=3, b=0, c=9, d=0))

    assert units == {"a": {"desks": (1,)}, "b": {"desks": (0,)}, "c": {"desks": (0, 1)}, "d": {}}


def test_no_unit_serves_two_at_once() -> None:
    whole = make_problem(40, 2)
    bookings = first_come(whole).bookings
    requests = {row.id: row for row in whole.requests}
    hosts = {row.id: row.meeting for row in whole.hosts}

    units = units_of(whole, bookings)
    taken = [
        (place, number, slot)
        for booking in bookings
        for place, numbers in units[booking.request].items()
        for number in numbers
        for slot in range(booking.start, booking.start + hosts.get(place, requests[booking.request].length))
    ]

    assert len(taken) == len(set(taken)) > 0
