"""The whole solve: no rule broken, nobody lost, the same again, and the smallest inputs."""

from contextlib import nullcontext
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stations.deployment.optimizer import pipeline
from stations.deployment.optimizer.check import violations
from stations.deployment.optimizer.params import ParamsError, RouteParams
from stations.deployment.optimizer.pipeline import solve
from stations.deployment.optimizer.problem import Problem, ProblemError
from stations.deployment.optimizer.progress import Progress
from stations.deployment.optimizer.solution import Reason, Solution, Status
from tests.benchmarks.optimizer_instance import PARAMS, TINY, Shape, make_instance, shuffled

MIDDLE = Shape(
    observers=100,
    missions=8,
    countries=30,
    zones=4,
    areas=9,
    stations=150,
    new_territory=3,
    overseas_countries=6,
    overseas=9,
    abroad_share=0.3,
    dual_share=0.1,
)

shapes = st.builds(
    Shape,
    observers=st.integers(0, 40),
    missions=st.integers(1, 5),
    countries=st.integers(3, 9),
    zones=st.integers(1, 3),
    areas=st.integers(1, 5),
    stations=st.integers(0, 40),
    new_territory=st.integers(0, 2),
    overseas_countries=st.just(2),
    overseas=st.integers(2, 4),
    abroad_share=st.sampled_from([0.0, 0.3, 1.0]),
    dual_share=st.sampled_from([0.0, 0.4]),
)


def everybody_is_somewhere_once(problem: Problem, plan: Solution) -> bool:
    away = plan.overseas.observer
    used = [*away[away >= 0], *plan.teams.observer.ravel(), *plan.idle_observers.index]
    busy = set(plan.visits.team.tolist())
    idle = plan.idle_teams.index.tolist()
    return (
        sorted(used) == list(range(len(problem.observers)))
        and busy.isdisjoint(idle)
        and busy | set(idle) == set(range(len(plan.teams.mission)))
        and len(plan.idle_teams.reason) == len(idle) == len(set(idle))
        and len(plan.idle_observers.reason) == len(plan.idle_observers.index)
    )


@settings(max_examples=30)
@given(shapes, st.integers(0, 10_000))
def test_no_rule_is_broken_and_nobody_is_lost(shape: Shape, seed: int) -> None:
    problem = make_instance(shape, seed)

    plan = solve(problem, PARAMS)

    assert violations(problem, PARAMS, plan) == []
    assert everybody_is_somewhere_once(problem, plan)
    assert all(stage.objective <= stage.bound for stage in plan.stages)
    assert all(stage.gap >= 0.0 for stage in plan.stages)
    assert all(sum(term.points for term in stage.terms) == stage.objective for stage in plan.stages)


@settings(max_examples=10)
@given(shapes, st.integers(0, 10_000))
def test_a_short_day_keeps_its_horizon(shape: Shape, seed: int) -> None:
    params = replace(PARAMS, routes=RouteParams(window_start=0, window_end=2 * 3600, max_stops=3))

    plan = solve(make_instance(shape, seed), params)

    assert violations(make_instance(shape, seed), params, plan) == []


def test_the_same_input_gives_the_same_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "_LARGE", {"fast": 0})
    problem = make_instance(MIDDLE, 3)

    digests = {solve(problem, PARAMS, seed=5, workers=workers).digest() for workers in (1, 2, 1)}

    assert len(digests) == 1
    assert digests != {solve(make_instance(MIDDLE, 4), PARAMS, seed=5).digest()}


def test_only_a_large_problem_is_shared_with_other_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    counts: list[int] = []

    def started(count: int, _: object) -> nullcontext[None]:
        counts.append(count)
        return nullcontext()

    monkeypatch.setattr(pipeline, "started", started)
    problem = make_instance(TINY, 3)
    size = len(problem.observers) // 2 * len(problem.stations) // len(problem.areas)

    for least in (size, size + 1):
        monkeypatch.setattr(pipeline, "_LARGE", {"fast": least})
        solve(problem, PARAMS, workers=3)

    assert counts == [2, 0]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_another_order_of_rows_gives_the_same_points(seed: int) -> None:
    problem = make_instance(MIDDLE, seed)

    one, two = solve(problem, PARAMS), solve(shuffled(problem, seed), PARAMS)

    assert [stage.objective for stage in one.stages] == [stage.objective for stage in two.stages]
    assert [stage.bound for stage in one.stages] == [stage.bound for stage in two.stages]


def test_stages_report_in_order_and_progress_reaches_the_end() -> None:
    steps: list[Progress] = []

    plan = solve(make_instance(TINY), PARAMS, progress=steps.append)

    assert [stage.stage for stage in plan.stages] == ["overseas", "teams", "areas", "routes"]
    assert list(dict.fromkeys(step.stage for step in steps)) == ["overseas", "teams", "areas", "routes"]
    last = {step.stage: step for step in steps}
    assert all(step.done == step.of for step in last.values())


def test_a_deadline_that_is_over_still_gives_a_plan() -> None:
    problem = make_instance(MIDDLE, 1)

    plan = solve(problem, PARAMS, deadline_s=0.0)

    assert violations(problem, PARAMS, plan) == []
    assert everybody_is_somewhere_once(problem, plan)
    assert plan.stages[3].status == Status.DEADLINE
    assert len(plan.visits.team) > 0


def test_people_sent_abroad_form_no_team_at_home() -> None:
    plan = solve(make_instance(MIDDLE, 1), PARAMS)

    away = plan.overseas.observer[plan.overseas.observer >= 0]
    assert len(away) > 0
    assert not np.isin(plan.teams.observer, away).any()


@pytest.mark.parametrize(
    "shape",
    [
        replace(TINY, observers=0),
        replace(TINY, observers=1),
        replace(TINY, stations=0, new_territory=0),
        replace(TINY, stations=1, new_territory=0),
        replace(TINY, overseas_countries=0, overseas=0),
        replace(TINY, abroad_share=0.0),
        replace(TINY, missions=1),
        replace(TINY, observers=0, stations=0, overseas=0, overseas_countries=0, areas=0, zones=0, missions=0),
    ],
)
def test_the_smallest_inputs_are_solved(shape: Shape) -> None:
    problem = make_instance(shape)

    plan = solve(problem, PARAMS)

    assert violations(problem, PARAMS, plan) == []
    assert everybody_is_somewhere_once(problem, plan)


def test_one_nationality_leaves_everybody_without_partner() -> None:
    problem = make_instance(replace(TINY, abroad_share=0.0))
    people = replace(
        problem.observers,
        nationality=np.tile([2, -1], (12, 1)),
        language=np.array([1] * 11 + [0]),
    )

    plan = solve(replace(problem, observers=people), PARAMS)

    assert plan.idle_observers.index.tolist() == list(range(12))
    assert plan.idle_observers.reason == (*[Reason.NO_PARTNER] * 11, Reason.NO_LANGUAGE)
    assert [stage.status for stage in plan.stages] == [Status.EMPTY] * 4


def test_bad_input_is_refused_before_any_work() -> None:
    problem = make_instance(TINY)
    steps: list[Progress] = []

    with pytest.raises(ProblemError):
        solve(replace(problem, stations=replace(problem.stations, area=problem.stations.area + 9)), PARAMS)
    with pytest.raises(ParamsError):
        solve(problem, replace(PARAMS, routes=RouteParams(max_stops=0)), progress=steps.append)
    with pytest.raises(ParamsError, match="params-range: seed"):
        solve(problem, PARAMS, seed=-1, progress=steps.append)

    assert steps == []
