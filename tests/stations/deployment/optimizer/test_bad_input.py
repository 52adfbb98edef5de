"""Odd and bad input: a named error, or a plan with the reason why somebody or something is left out."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from stations.deployment.optimizer.check import violations
from stations.deployment.optimizer.pipeline import solve
from stations.deployment.optimizer.problem import Ints, PinError, Problem, ProblemError, Targets
from stations.deployment.optimizer.solution import Binding, Limit, Reason, Solution
from tests.benchmarks.optimizer_instance import PARAMS, TINY, make_instance
from tests.stations.deployment.optimizer.plans import plain, previous


def bindings(plan: Solution, limit: Limit) -> list[Binding]:
    return [binding for binding in plan.bindings if binding.limit is limit]


def of_many_nations(problem: Problem) -> Problem:
    nationality = np.stack([np.arange(12) % 5, np.full(12, -1)], axis=1)
    return replace(problem, observers=replace(problem.observers, nationality=nationality))


def test_a_mission_of_one_person_has_no_team_and_says_why() -> None:
    problem = make_instance(replace(TINY, observers=1, missions=1, abroad_share=0.0))

    plan = solve(problem, PARAMS)

    assert plan.idle_observers.index.tolist() == [0]
    assert len(bindings(plan, Limit.PARTNER) + bindings(plan, Limit.PARTNER_LANGUAGE)) == 1


def test_people_of_one_nationality_are_left_without_partner_and_counted_by_mission() -> None:
    people = replace(plain().observers, nationality=np.tile([2, -1], (12, 1)))

    plan = solve(replace(plain(), observers=people), PARAMS)

    assert plan.idle_observers.reason == (Reason.NO_PARTNER,) * 12
    assert [(row.mission, row.count) for row in bindings(plan, Limit.PARTNER_NATIONALITY)] == [(0, 4), (1, 4), (2, 4)]


def test_languages_that_nobody_knows_leave_people_out_or_count_as_not_spoken() -> None:
    problem = of_many_nations(plain())
    unknown = replace(problem, observers=replace(problem.observers, language=np.full(12, 1 << 40)))
    foreign = replace(problem, zones=replace(problem.zones, language=np.full(2, 1 << 40)))

    nobody, everybody = solve(unknown, PARAMS), solve(foreign, PARAMS)

    assert nobody.idle_observers.reason == (Reason.NO_LANGUAGE,) * 12
    placed = int((everybody.teams.area >= 0).sum())
    assert placed == 6
    assert sum(row.count for row in bindings(everybody, Limit.ZONE_LANGUAGE)) == placed


def test_a_constituency_without_station_gets_no_team_and_is_not_called_empty() -> None:
    problem = of_many_nations(plain())
    problem = replace(problem, stations=replace(problem.stations, area=np.array([0] * 7 + [2] * 7)))

    plan = solve(problem, PARAMS)

    assert violations(problem, PARAMS, plan) == []
    assert 1 not in plan.teams.area.tolist()
    assert bindings(plan, Limit.AREA_EMPTY) == []


def test_stations_at_one_point_are_all_visited() -> None:
    problem = of_many_nations(plain())
    stations = replace(problem.stations, lon=np.full(14, 49.0), lat=np.full(14, 40.0), area=np.array([0] * 7 + [1] * 7))
    problem = replace(problem, stations=stations)

    plan = solve(problem, PARAMS)

    assert violations(problem, PARAMS, plan) == []
    assert sorted(plan.visits.station.tolist()) == list(range(14))


@pytest.mark.parametrize("column", ["wanted", "points"])
def test_negative_targets_are_refused(column: str) -> None:
    goal = Targets(member=np.zeros((1, 14), np.bool_), wanted=np.array([1]), points=np.array([1]))
    problem = replace(plain(), targets=replace(goal, **{column: np.array([-1])}))

    with pytest.raises(ProblemError, match=rf"problem-range: targets.{column}\[0\]"):
        solve(problem, PARAMS)


@settings(max_examples=40)
@given(
    st.permutations(range(12)),
    st.lists(st.integers(-1, 2), min_size=4, max_size=4),
    st.sets(st.integers(0, 3)),
    st.sets(st.integers(0, 3)),
    st.lists(st.tuples(st.integers(0, 3), st.integers(-1, 13)), max_size=4, unique=True),
    st.sets(st.integers(0, 3)),
    st.sets(st.integers(0, 7), max_size=2),
)
@example(list(range(12)), [0, 0, 0, 1], set(), set(), [(0, 0), (1, 0)], set(), set())
@example(list(range(12)), [0, 0, 0, 1], set(), set(), [(0, 0), (1, 0)], {1}, set())
def test_pins_hold_or_the_one_that_cannot_is_named(
    people: list[int],
    area: list[int],
    pair_pinned: set[int],
    place_pinned: set[int],
    visits: list[tuple[int, int]],
    visit_pinned: set[int],
    gone: set[int],
) -> None:
    crew = [person if at not in gone else -1 for at, person in enumerate(people[:8])]
    before = previous(
        [(crew[2 * row], crew[2 * row + 1]) for row in range(4)],
        area=area,
        pair_pinned=sorted(pair_pinned),
        place_pinned=sorted(place_pinned),
        visits=visits,
        visit_pinned=[row for row in visit_pinned if row < len(visits)],
    )
    problem = of_many_nations(plain())
    stations = replace(problem.stations, area=np.array([0] * 3 + [1] * 5 + [2] * 6))
    once = replace(before, visit_station=_once(before.visit_team, before.visit_station))
    problem = replace(problem, stations=stations, previous=once)
    try:
        plan = solve(problem, PARAMS)
    except PinError as error:
        pinned = once.visit_pinned if error.field.startswith("previous.visit") else once.pair_pinned | once.held
        if not pinned[error.index]:
            pytest.fail(f"{error} is no pin")
        return
    assert violations(problem, PARAMS, plan) == []
    assert plan.replan.forced <= plan.replan.changed
    rows = {tuple(sorted(pair)): at for at, pair in enumerate(plan.teams.observer.tolist())}
    kept = problem.previous
    for row in np.flatnonzero(kept.pair_pinned | kept.held).tolist():
        team = rows[tuple(sorted(kept.observer[row].tolist()))]
        assert not kept.held[row] or plan.teams.area[team] == kept.area[row]
    seen = set(zip(plan.visits.team.tolist(), plan.visits.station.tolist(), strict=True))
    for visit in np.flatnonzero(kept.visit_pinned).tolist():
        team = rows[tuple(sorted(kept.observer[kept.visit_team[visit]].tolist()))]
        assert (team, int(kept.visit_station[visit])) in seen


def _once(team: Ints, station: Ints) -> Ints:
    """No team visits one station twice: the later visit is to a closed one."""
    _, first = np.unique(np.stack([team, station]), axis=1, return_index=True)
    return np.where(np.isin(np.arange(len(team)), first), station, -1)
