"""After a change: the most weight with the fewest changes, or the fewest changes with the most weight."""

from dataclasses import replace

import pytest

from missions.timeline.scheduler.answers import Answer, Outcome
from missions.timeline.scheduler.assignment import Assignment
from missions.timeline.scheduler.check import check
from missions.timeline.scheduler.facts import facts_of
from missions.timeline.scheduler.pipeline import solve
from missions.timeline.scheduler.plan import NoPlanError, Repair
from missions.timeline.scheduler.problem import Booking, Pin, Problem, Span
from missions.timeline.scheduler.repair import Mode, repair
from missions.timeline.scheduler.score import score
from tests.benchmarks.scheduler_instance import hours, make_problem
from tests.missions.timeline.scheduler.builders import (
    CHAIR,
    HALL,
    MINISTER,
    PRESS,
    arrival,
    briefing,
    every_plan,
    held,
    meeting,
    problem,
    random_problem,
)

#: Three at the minister's; the places at 0 and 10 are for the two that are there early and late.
THREE = problem(
    meeting("early", windows=(Span(0, 9),), weight=10),
    meeting("any", weight=50),
    meeting("late", windows=(Span(5, 15),), weight=20),
)
PUBLISHED = held(early=0, any=5, late=10)


def closed(whole: Problem, start: int, end: int) -> Problem:
    return replace(whole, hosts=(replace(MINISTER, closed=(Span(start, end),)), CHAIR, PRESS))


def changes(done: Repair) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], int]:
    return done.changed, done.forced, done.cancelled, done.fewest


def test_full_weight_moves_more_and_least_change_gives_up_weight() -> None:
    lost = closed(THREE, 6, 7)

    weight = repair(lost, PUBLISHED, mode=Mode.WEIGHT)
    keep = repair(lost, PUBLISHED, mode=Mode.KEEP)

    assert weight.plan.bookings == tuple(held(any=0, late=10))
    assert changes(weight) == (("any", "early"), ("any",), ("early",), 2)
    assert keep.plan.bookings == tuple(held(early=0, late=10))
    assert changes(keep) == (("any",), ("any",), ("any",), 1)
    assert (weight.plan.granted.value, keep.plan.granted.value) == (70, 30)
    assert (weight.proven, keep.proven) == (True, True)


@pytest.mark.parametrize("mode", Mode)
def test_nothing_changes_when_nothing_was_lost(mode: Mode) -> None:
    done = repair(THREE, PUBLISHED, mode=mode)

    assert done.plan.bookings == tuple(sorted(PUBLISHED))
    assert changes(done) == ((), (), (), 0)


def test_a_new_request_is_no_change_and_a_withdrawn_one_is_forgotten() -> None:
    whole = problem(meeting("a"), meeting("new", weight=5))

    done = repair(whole, held(a=5, gone=0), mode=Mode.KEEP)

    assert done.plan.bookings == tuple(held(a=5, new=0))
    assert (done.new, done.changed) == (("new",), ())


def test_a_lost_session_moves_only_its_guests_and_what_waits_for_them() -> None:
    whole = problem(
        arrival("land"),
        briefing("x", windows=(Span(0, 30),)),
        briefing("y"),
        meeting("z"),
    )
    lost = replace(whole, halls=(replace(HALL, closed=(Span(0, 1),)),))

    done = repair(lost, held(land=3, x=0, y=12, z=5))

    assert done.plan.bookings == tuple(held(land=3, x=12, y=12, z=5))
    assert changes(done) == (("x",), ("x",), (), 1)


def test_a_pin_that_needs_room_elsewhere_moves_what_is_in_its_way() -> None:
    whole = problem(
        briefing("b", head="h"),
        meeting("a", "chair", head="h", windows=(Span(18, 36),), must=True),
        pins=(Pin("a", 30),),
    )

    done = repair(whole, held(a=18, b=24))

    assert done.plan.bookings == tuple(held(a=30, b=0))
    assert done.changed == ("a", "b")


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("seed", [2, 12, 23, 27])
def test_no_plan_of_all_keeps_more(seed: int, mode: Mode) -> None:
    whole = random_problem(seed)
    published = solve(whole, deadline_s=60).bookings
    lost = replace(
        whole, hosts=(replace(MINISTER, closed=(Span(5, 6),)), replace(CHAIR, closed=(Span(24, 25),)), PRESS)
    )

    done = repair(lost, published, mode=mode, deadline_s=60)

    assert check(lost, done.plan.bookings) == ()
    best = max(_worth(lost, published, plan, mode) for plan in every_plan(lost))
    assert _worth(lost, published, done.plan.bookings, mode) == best


def _worth(whole: Problem, published: tuple[Booking, ...], plan: tuple[Booking, ...], mode: Mode) -> tuple[int, int]:
    kept, weight = len(set(published) & set(plan)), score(facts_of(whole), plan).granted
    return (weight, kept) if mode == Mode.WEIGHT else (kept, weight)


def test_a_minister_who_loses_ninety_minutes_changes_few_bookings() -> None:
    whole = make_problem(24, 5)
    published = solve(whole, seconds=4, deadline_s=60).bookings
    minister = next(host for host in whole.hosts if host.id == "minister")
    lost = replace(
        whole,
        hosts=tuple(replace(host, closed=(hours(2, 15, 16.5),)) if host is minister else host for host in whole.hosts),
    )

    weight, keep = (repair(lost, published, mode=mode, deadline_s=60) for mode in Mode)

    for done in (weight, keep):
        assert check(lost, done.plan.bookings) == ()
        assert done.proven
    assert len(keep.changed) == len(keep.forced)
    assert len(weight.forced) <= len(weight.changed) <= 4 * len(weight.forced)
    assert keep.plan.granted.value <= weight.plan.granted.value == weight.plan.granted.bound


def test_musts_that_fit_no_more_are_impossible() -> None:
    whole = problem(*(meeting(name, must=True) for name in "abc"))

    with pytest.raises(NoPlanError, match="impossible"):
        repair(closed(whole, 0, 1), held(a=0, b=5, c=10))


def test_time_that_ends_before_hosts_are_dealt_is_not_taken_for_impossible(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Assignment, "minimize", lambda *_: Answer(outcome=Outcome.UNKNOWN))

    with pytest.raises(NoPlanError, match="unfinished"):
        repair(closed(THREE, 6, 7), PUBLISHED)


def test_musts_that_hosts_cannot_hold_are_impossible() -> None:
    musts = problem(*(meeting(name, must=True) for name in "abcd"))

    with pytest.raises(NoPlanError, match="impossible"):
        repair(musts, ())
