"""The solve against trying everything; proofs, order of rows, what cannot be held, what the clock leaves."""

from dataclasses import replace

import numpy as np
import pytest

from missions.timeline.scheduler import pipeline
from missions.timeline.scheduler.answers import Answer, Outcome
from missions.timeline.scheduler.assignment import Assignment
from missions.timeline.scheduler.check import check
from missions.timeline.scheduler.first_come import Order, first_come
from missions.timeline.scheduler.pipeline import solve
from missions.timeline.scheduler.plan import NoPlanError, Part, Status
from missions.timeline.scheduler.problem import Booking, Pin, Problem, ProblemError, Resource, Span
from tests.benchmarks.scheduler_instance import make_problem
from tests.missions.timeline.scheduler.builders import (
    arrival,
    best_of_all,
    briefing,
    held,
    meeting,
    problem,
    random_problem,
)


@pytest.mark.parametrize("seed", [0, 2, 5, 7, 11, 12, 18, 19, 22, 23, 27])
def test_no_plan_of_all_is_better(seed: int) -> None:
    whole = random_problem(seed)

    plan = solve(whole, deadline_s=60)

    assert check(whole, plan.bookings) == ()
    assert (plan.granted.value, -plan.delay_before) == best_of_all(whole)
    assert plan.granted.proven
    assert plan.delay.bound <= plan.delay_before


def test_the_heavier_wish_gets_the_place_and_the_dearer_one_waits_less() -> None:
    whole = problem(
        meeting("a", windows=(Span(0, 9),), coef=1),
        meeting("b", windows=(Span(0, 9),), coef=2),
        meeting("c", windows=(Span(0, 9),), weight=9),
    )

    plan = solve(whole)

    assert plan.bookings == tuple(held(a=5, b=0))
    assert plan.refused == ("c",)
    assert (plan.granted.value, plan.granted.bound) == (20, 20)
    assert (plan.delay.value, plan.delay.bound, plan.delay.gap) == (5, 5, 0.0)


def test_a_must_outweighs_every_wish_and_a_pin_is_kept() -> None:
    whole = problem(
        meeting("a", weight=100), meeting("b", weight=90), meeting("c", weight=0, must=True), pins=(Pin("b", 0),)
    )

    plan = solve(replace(whole, requests=(*whole.requests, meeting("d", weight=80))))

    assert plan.refused == ("d",)
    assert Booking("b", 0) in plan.bookings


def test_the_order_of_rows_changes_nothing() -> None:
    whole = make_problem(12, 3)
    rng = np.random.Generator(np.random.PCG64(0))

    plans = [solve(_shuffled(whole, rng), seconds=4, deadline_s=60) for _ in range(2)]

    assert {plan.digest() for plan in plans} == {solve(whole, seconds=4, deadline_s=60).digest()}


def _shuffled(whole: Problem, rng: np.random.Generator) -> Problem:
    rows = [whole.requests[number] for number in rng.permutation(len(whole.requests)).tolist()]
    return replace(
        whole,
        requests=tuple(replace(row, after=row.after[::-1], windows=row.windows[::-1]) for row in rows),
        hosts=whole.hosts[::-1],
        resources=whole.resources[::-1],
        interpreters=whole.interpreters[::-1],
        families=whole.families[::-1],
    )


def test_a_case_of_the_bench_keeps_every_rule_and_beats_both_lists() -> None:
    whole = make_problem(24, 5)

    plan = solve(whole, seconds=4, deadline_s=60)

    assert check(whole, plan.bookings) == ()
    assert plan.granted.proven
    assert plan.delay_before - plan.delay.bound <= plan.delay_before * 0.01
    assert plan.delay.value <= plan.delay_before * 1.01
    assert plan.idle.value <= plan.idle_before
    for order in Order:
        assert first_come(whole, order=order).granted <= plan.granted.value


def test_heads_wait_less_where_it_costs_nothing() -> None:
    whole = problem(
        meeting("a", head="h", coef=0),
        meeting("b", "chair", head="h", coef=0),
        pins=(Pin("b", 30),),
    )

    plan = solve(whole)

    assert plan.bookings == tuple(held(a=10, b=30))
    assert plan.idle.value == 16


def test_musts_that_cannot_all_be_held_give_no_plan() -> None:
    with pytest.raises(NoPlanError, match="impossible"):
        solve(problem(*(meeting(name, must=True) for name in "abcd")))
    with pytest.raises(NoPlanError, match="impossible"):
        solve(problem(*(briefing(name, persons=60) for name in "abc")))


def test_a_search_that_finds_nothing_in_time_leaves_the_plan_it_began_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "minimize", lambda *_: Answer(outcome=Outcome.UNKNOWN))
    whole = random_problem(0)

    plan = solve(whole)

    assert check(whole, plan.bookings) == ()
    assert (plan.granted.value, plan.delay_before) == (60, 48)
    assert plan.status is Status.SEARCHED


def test_if_time_ends_before_a_whole_plan_missions_are_served_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Assignment, "minimize", lambda *_, **__: Answer(outcome=Outcome.UNKNOWN))
    whole = problem(
        meeting("a", received=1), meeting("b", received=0), *(meeting(name, weight=30, coef=2) for name in "cd")
    )
    heard: list[str] = []

    plan = solve(whole, progress=heard.append)

    assert (plan.status, heard) == (Status.FIRST_COME, ["hosts", "first come"])
    assert plan.bookings == first_come(whole, order=Order.RANK).bookings == tuple(held(b=10, c=0, d=5))
    assert (plan.granted, plan.refused) == (Part(70, 80), ("a",))
    assert (plan.delay, plan.delay_before) == (Part(20, 0), 20)
    assert first_come(whole).granted == 70


def test_served_in_turn_every_must_is_held_in_one_order_or_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "minimize", lambda *_: Answer(outcome=Outcome.UNKNOWN))
    desks = (Resource(id="desks", windows=(Span(0, 48),), capacity=1),)
    narrow = arrival("a", windows=(Span(0, 6),), coef=1, received=0)
    whole = problem(narrow, arrival("b", coef=2, received=1), resources=desks)

    plan = solve(whole)

    assert first_come(whole, order=Order.RANK).failed == ("a",)
    assert (plan.status, plan.bookings) == (Status.FIRST_COME, tuple(held(a=0, b=6)))
    assert check(whole, plan.bookings) == ()


def test_without_a_plan_to_begin_with_it_is_unfinished(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "minimize", lambda *_: Answer(outcome=Outcome.UNKNOWN))

    with pytest.raises(NoPlanError, match="unfinished"):
        solve(problem(*(briefing(name, persons=60) for name in "abc")))


def test_the_stages_are_told_as_they_begin() -> None:
    heard: list[str] = []

    plan = solve(problem(meeting("a")), progress=heard.append)

    assert heard == ["hosts", "rest", "hosts again", "idle"]
    assert [stage.name for stage in plan.stages] == heard


def test_a_bad_problem_is_refused_before_any_work() -> None:
    heard: list[str] = []

    with pytest.raises(ProblemError):
        solve(problem(meeting("a", "nobody")), progress=heard.append)

    assert heard == []
