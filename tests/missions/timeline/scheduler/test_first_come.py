"""First come, first served: who is first, what is never moved, and which musts find nothing."""

from dataclasses import replace

import pytest

from missions.timeline.scheduler.check import check
from missions.timeline.scheduler.first_come import Order, first_come
from missions.timeline.scheduler.plan import Served
from missions.timeline.scheduler.problem import Booking, Pin, Span
from tests.benchmarks.scheduler_instance import make_problem
from tests.missions.timeline.scheduler.builders import arrival, briefing, held, meeting, problem

QUEUE = problem(
    meeting("first", windows=(Span(0, 10),), received=1, weight=10, coef=1),
    meeting("second", windows=(Span(0, 10),), received=2, weight=10, coef=1),
    meeting("third", windows=(Span(0, 10),), received=3, weight=100, coef=10),
)


def test_who_asked_first_is_served_first() -> None:
    assert first_come(QUEUE) == Served(bookings=tuple(held(first=0, second=5)), failed=(), granted=20, delay=5)


def test_the_highest_rank_first_then_the_order_of_receipt() -> None:
    assert first_come(QUEUE, order=Order.RANK).bookings == tuple(held(first=5, third=0))


def test_a_pin_is_held_before_anybody_is_served() -> None:
    assert first_come(replace(QUEUE, pins=(Pin("third", 0),))).bookings == tuple(held(first=5, third=0))


def test_without_places_a_meeting_begins_at_any_slot() -> None:
    whole = problem(meeting("a", windows=(Span(2, 9),)), meeting("b", windows=(Span(5, 15),)))

    assert first_come(replace(whole, requests=whole.requests[1:]), raster=False).bookings == (Booking("b", 5),)
    assert first_come(whole, raster=False).bookings == tuple(held(a=2, b=7))
    assert first_come(whole).bookings == tuple(held(a=5, b=10))


def test_a_must_that_finds_nothing_is_named() -> None:
    whole = problem(*(briefing(name, persons=60, received=number) for number, name in enumerate("bca")))

    assert first_come(whole).failed == ("a",)
    assert first_come(problem(*(arrival(name, windows=(Span(0, 6),)) for name in "abc"))).failed == ("c",)


@pytest.mark.parametrize("raster", [True, False])
@pytest.mark.parametrize("order", Order)
def test_every_rule_is_kept(order: Order, raster: bool) -> None:
    whole = make_problem(30, 4)

    served = first_come(whole, order=order, raster=raster)

    assert check(whole, served.bookings, raster=raster) == ()
    assert served.failed == ()
