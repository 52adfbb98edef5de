"""Places are laid from the hours first opened; what surely comes before moves the earliest start."""

from dataclasses import replace

from missions.timeline.scheduler.facts import facts_of, places_of
from missions.timeline.scheduler.problem import After, Booking, Pin, Span
from tests.missions.timeline.scheduler.builders import CHAIR, MINISTER, PRESS, arrival, briefing, meeting, problem


def test_the_changeover_of_the_last_place_may_overrun_the_window() -> None:
    assert places_of((Span(0, 14),), 4, 1) == (0, 5, 10)
    assert places_of((Span(0, 13),), 4, 1) == (0, 5)


def test_closed_hours_take_the_places_that_they_touch_and_leave_the_others_where_they_are() -> None:
    assert places_of((Span(0, 20),), 4, 1, (Span(4, 7),)) == (0, 10, 15)


def test_delay_is_counted_from_the_end_of_what_surely_comes_before() -> None:
    facts = facts_of(
        problem(arrival("land"), briefing("brief", after=(After("land", 7),)), meeting("a", after=(After("brief"),)))
    )

    assert facts.earliest == {"land": 0, "brief": 24, "a": 0}
    assert facts.starts["a"] == ()
    assert facts.delay(Booking("brief", 24)) == 0


def test_a_wish_before_another_moves_nothing() -> None:
    facts = facts_of(problem(meeting("a", "press"), meeting("b", "chair", after=(After("a", 20),), coef=3)))

    assert facts.starts["b"] == (18, 24, 30)
    assert facts.delay(Booking("b", 30)) == 36


def test_pins_and_closed_hours_leave_the_start_of_delay_alone() -> None:
    whole = problem(meeting("a"), meeting("b"), pins=(Pin("b", 10),))
    facts = facts_of(replace(whole, hosts=(replace(MINISTER, closed=(Span(0, 2),)), CHAIR, PRESS)))

    assert (facts.starts["a"], facts.earliest["a"]) == ((5, 10), 0)
    assert (facts.starts["b"], facts.earliest["b"]) == ((10,), 0)
    assert facts.fixed == {"b"}
