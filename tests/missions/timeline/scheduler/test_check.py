"""The checker finds each planted fault, and nothing in the plan beside it."""

from dataclasses import replace

import pytest

from missions.timeline.scheduler.check import check
from missions.timeline.scheduler.plan import Rule, Violation
from missions.timeline.scheduler.problem import After, Booking, Family, Pin, Problem, Span, Use
from tests.missions.timeline.scheduler.builders import (
    CHAIR,
    DESKS,
    HALL,
    MINISTER,
    PRESS,
    arrival,
    briefing,
    held,
    meeting,
    problem,
)

TWO = problem(meeting("a"), meeting("b"))
HEAD = problem(meeting("a", head="h"), meeting("b", "press", head="h"))
HALLS = problem(
    briefing("a", persons=60, language="en"), briefing("b", persons=40, language="fr"), briefing("c", must=False)
)
FRENCH = problem(meeting("a", language="fr"), briefing("b", language="fr"), briefing("c", language="fr"))
DESK = problem(arrival("a"), arrival("b"), arrival("c", uses=(Use("desks"),), must=False))


@pytest.mark.parametrize(
    ("whole", "good", "bad", "found"),
    [
        (TWO, held(a=0, b=5), held(a=0, z=5), Violation(Rule.REQUEST, ("z",))),
        (TWO, held(a=0), [*held(a=0), *held(a=5)], Violation(Rule.REQUEST, ("a",))),
        (
            problem(meeting("a", windows=(Span(0, 9),))),
            held(a=5),
            held(a=10),
            Violation(Rule.WINDOW, ("a",), "", 10),
        ),
        (
            replace(TWO, hosts=(replace(MINISTER, closed=(Span(8, 9),)), CHAIR, PRESS)),
            held(a=10),
            held(a=5),
            Violation(Rule.HOURS, ("a",), "minister", 5),
        ),
        (
            replace(DESK, resources=(replace(DESKS, windows=(Span(3, 48),)),)),
            held(a=3, b=3),
            held(a=2, b=3),
            Violation(Rule.HOURS, ("a",), "desks", 2),
        ),
        (TWO, held(a=5), held(a=6), Violation(Rule.PLACE, ("a",), "minister", 6)),
        (HALLS, held(a=0, b=12), held(a=1, b=24), Violation(Rule.PLACE, ("a",), "hall", 1)),
        (TWO, held(a=0, b=10), held(a=5, b=5), Violation(Rule.CAPACITY, ("a", "b"), "minister", 5)),
        (DESK, held(a=0, b=0, c=6), held(a=0, b=0, c=5), Violation(Rule.CAPACITY, ("a", "b", "c"), "desks", 5)),
        (HALLS, held(a=0, b=0), held(a=0, b=0, c=0), Violation(Rule.SEATS, ("a", "b", "c"), "hall", 0)),
        (
            replace(HALLS, halls=(replace(HALL, booths=1),)),
            held(a=0, b=12),
            held(a=0, b=0),
            Violation(Rule.BOOTHS, ("a", "b"), "hall", 0),
        ),
        (HALLS, held(a=0, b=12, c=12), held(a=0, b=12, c=24), Violation(Rule.SESSIONS, ("a", "b", "c"), "hall", 0)),
        (
            FRENCH,
            held(a=0, b=12, c=12),
            held(a=5, b=0, c=0),
            Violation(Rule.INTERPRETERS, ("a", "b", "c"), "fr", 5),
        ),
        (HEAD, held(a=5, b=12), held(a=10, b=12), Violation(Rule.HEAD, ("a", "b"), "h", 12)),
        (
            problem(meeting("a", "press"), meeting("b", "press"), families=(Family("a", "b"),)),
            held(a=0, b=12),
            held(a=12, b=12),
            Violation(Rule.FAMILY, ("a", "b"), "", 12),
        ),
        (
            problem(meeting("a"), arrival("b", must=False, after=(After("a", 2),))),
            held(a=0, b=6),
            held(a=0, b=5),
            Violation(Rule.CHAIN, ("a", "b"), "", 5),
        ),
        (HALLS, held(a=0, b=0), held(a=0), Violation(Rule.MUST, ("b",))),
        (replace(TWO, pins=(Pin("a", 5),)), held(a=5), held(a=0), Violation(Rule.PIN, ("a",), "", 5)),
        (replace(TWO, pins=(Pin("a", 5),)), held(a=5), [], Violation(Rule.PIN, ("a",), "", 5)),
    ],
)
def test_a_planted_fault_is_found(whole: Problem, good: list[Booking], bad: list[Booking], found: Violation) -> None:
    assert check(whole, good) == ()
    assert check(whole, bad) == (found,)
    assert check(whole, reversed(bad)) == (found,)


def test_a_head_needs_no_way_from_one_meeting_to_the_next_of_one_host() -> None:
    whole = problem(meeting("a", head="h"), meeting("b", head="h"), travel=288)

    assert check(whole, held(a=0, b=5)) == ()


def test_a_head_sits_in_one_session_with_two_delegations() -> None:
    whole = problem(briefing("a", head="h"), briefing("b", head="h"))

    assert check(whole, held(a=0, b=0)) == ()


def test_a_head_cannot_speak_in_two_press_halls_at_once() -> None:
    whole = problem(meeting("a", "press", head="h"), meeting("b", "press", head="h"))

    assert check(whole, held(a=0, b=0)) == (Violation(Rule.HEAD, ("a", "b"), "h", 0),)


def test_without_a_raster_two_meetings_still_may_not_touch() -> None:
    assert check(TWO, held(a=1, b=6), raster=False) == ()
    assert check(TWO, held(a=1, b=5), raster=False) == (Violation(Rule.CAPACITY, ("a", "b"), "minister", 5),)


def test_overlapping_sessions_of_a_hall_are_one_too_many() -> None:
    assert check(HALLS, held(a=0, b=6), raster=False) == (Violation(Rule.CAPACITY, ("a", "b"), "hall", 6),)
