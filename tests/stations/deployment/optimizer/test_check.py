"""The check finds each broken rule in a plan that was right before."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from stations.deployment.optimizer.check import Violation, violations
from stations.deployment.optimizer.matrices import NO_ROAD, TravelMatrices
from stations.deployment.optimizer.params import Params
from stations.deployment.optimizer.pipeline import solve
from stations.deployment.optimizer.problem import NONE, Missions, Problem
from stations.deployment.optimizer.solution import Solution
from stations.deployment.optimizer.travel import legs
from tests.benchmarks import optimizer_instance as instance
from tests.benchmarks.optimizer_instance import Shape, make_instance

SHAPE = Shape(
    observers=90,
    missions=6,
    countries=20,
    zones=3,
    areas=6,
    stations=60,
    new_territory=2,
    overseas_countries=6,
    overseas=8,
    abroad_share=0.3,
    dual_share=0.0,
)
PARAMS = replace(instance.PARAMS, routes=replace(instance.PARAMS.routes, meal=1800))
PROBLEM = make_instance(SHAPE, 4)
PLAN = solve(PROBLEM, PARAMS)

Break = Callable[[Problem, Solution], tuple[Problem, Solution]]


def test_a_plan_of_the_solver_is_right() -> None:
    assert len(PLAN.teams.mission) > 20
    assert len(PLAN.overseas.country) > 3
    assert len(PLAN.visits.team) == 60
    assert violations(PROBLEM, PARAMS, PLAN) == []


def _people(column: str, row: int, value: object) -> Break:
    def change(problem: Problem, plan: Solution) -> tuple[Problem, Solution]:
        array = getattr(problem.observers, column).copy()
        array[row] = value
        return replace(problem, observers=replace(problem.observers, **{column: array})), plan

    return change


def _plan(table: str, column: str, row: int | tuple[int, int], value: int) -> Break:
    def change(problem: Problem, plan: Solution) -> tuple[Problem, Solution]:
        array = getattr(getattr(plan, table), column).copy()
        array[row] = value
        return problem, replace(plan, **{table: replace(getattr(plan, table), **{column: array})})

    return change


def _bar(problem: Problem, plan: Solution) -> tuple[Problem, Solution]:
    barred = problem.countries.barred.copy()
    team = int(np.flatnonzero(plan.teams.area >= 0)[0])
    country = problem.observers.nationality[plan.teams.observer[team, 0], 0]
    barred[country, problem.areas.zone[plan.teams.area[team]]] = True
    return replace(problem, countries=replace(problem.countries, barred=barred)), plan


def _forbid_solo(problem: Problem, plan: Solution) -> tuple[Problem, Solution]:
    observer = plan.overseas.observer.copy()
    observer[0, 1] = -1
    missions = Missions(solo_ok=np.zeros(SHAPE.missions, np.bool_))
    return replace(problem, missions=missions), replace(plan, overseas=replace(plan.overseas, observer=observer))


def _fewer_stations(problem: Problem, plan: Solution) -> tuple[Problem, Solution]:
    area = problem.stations.area.copy()
    area[area == plan.teams.area.max()] = 0
    return replace(problem, stations=replace(problem.stations, area=area)), plan


FIRST, SECOND = (int(row) for row in PLAN.teams.observer[0])
AWAY = int(PLAN.overseas.observer[0, 0])
SECOND_VISIT = int(np.flatnonzero(PLAN.visits.position == 1)[0])
TOO_MANY = replace(PARAMS, routes=replace(PARAMS.routes, max_stops=1))
SLOWER = replace(PARAMS, routes=replace(PARAMS.routes, rural_speed=1000, urban_speed=1000))
LONGER = replace(PARAMS, routes=replace(PARAMS.routes, service=1801))
SHORT_LEGS = replace(PARAMS, routes=replace(PARAMS.routes, max_leg=61))
SHORT_DRIVES = replace(PARAMS, routes=replace(PARAMS.routes, max_drive=61))
LONG_MEAL = replace(PARAMS, routes=replace(PARAMS.routes, meal=7200))
NO_MEAL = replace(PARAMS, routes=replace(PARAMS.routes, meal=0))
EARLY_MEAL = replace(PARAMS, routes=replace(PARAMS.routes, meal_latest=9 * 3600))
MEAL = int(np.flatnonzero(PLAN.visits.meal >= 0)[0])


def _no_road(problem: Problem, plan: Solution) -> tuple[Problem, Solution]:
    """Nobody can drive to the first station of the first team any more."""
    station = int(plan.visits.station[0])
    area = int(problem.stations.area[station])
    rows = np.r_[NONE, np.flatnonzero(problem.stations.area == area)]
    metres, seconds = legs(problem, PARAMS.routes, np.array(area), rows[:, None], rows[None, :])
    seconds[:, rows == station] = NO_ROAD
    cells = TravelMatrices(area=np.full(seconds.size, area), seconds=seconds.ravel(), metres=metres.ravel())
    return replace(problem, travel=cells), plan


@pytest.mark.parametrize(
    ("change", "rule", "code"),
    [
        (_plan("teams", "observer", (1, 0), FIRST), "R08", "observer-twice"),
        (_plan("teams", "observer", (1, 0), AWAY), "R08", "observer-twice"),
        (_people("nationality", FIRST, PROBLEM.observers.nationality[SECOND]), "R02", "team-same-nationality"),
        (_people("language", FIRST, 0), "R12", "team-no-shared-language"),
        (_people("language", AWAY, 0), "R12", "overseas-no-shared-language"),
        (_people("nationality", AWAY, [PLAN.overseas.country[0], -1]), "R24", "overseas-national"),
        (_people("nationality", AWAY, [19, PLAN.overseas.country[0]]), "R24", "overseas-national"),
        (_people("residence", AWAY, -1), "R24", "overseas-not-resident-near"),
        (_people("residence", AWAY, 0), "R24", "overseas-not-resident-near"),
        (_forbid_solo, "R01", "overseas-alone"),
        (_plan("overseas", "station", 1, int(PLAN.overseas.station[0])), "R24", "overseas-station-twice"),
        (_plan("overseas", "country", 0, 0), "R24", "overseas-country-mismatch"),
        (_bar, "R04", "team-barred-zone"),
        (_fewer_stations, "R15", "area-overfull"),
        (_fewer_stations, "R13", "visit-outside-area"),
        (_plan("visits", "station", 0, int(PLAN.visits.station[1])), "R22", "station-twice"),
        (_plan("visits", "position", SECOND_VISIT, 5), "R16", "visit-order"),
        (_plan("visits", "leave", 0, 0), "R16", "visit-too-short"),
        (_plan("visits", "arrive", SECOND_VISIT, 29_000), "R16", "visit-no-time-to-drive"),
        (_plan("visits", "arrive", 0, 27_899), "R16", "visit-outside-window"),
        (_plan("visits", "leave", 0, 68_401), "R16", "visit-outside-window"),
        (_plan("visits", "meal", MEAL, 11 * 3600), "R16", "visit-meal"),
        (_plan("visits", "meal", MEAL, 15 * 3600 - 1799), "R16", "visit-meal"),
        (_plan("visits", "meal", MEAL, int(PLAN.visits.arrive[MEAL]) - 1799), "R16", "visit-meal"),
        (_plan("visits", "meal", MEAL, int(PLAN.visits.leave[MEAL - 1]) - 1), "R16", "visit-meal"),
        (_plan("visits", "meal", MEAL, -1), "R16", "team-meals"),
        (_plan("visits", "meal", 0, 12 * 3600), "R16", "team-meals"),
        (_no_road, "R17", "visit-without-road"),
    ],
)
def test_a_broken_rule_is_found(change: Break, rule: str, code: str) -> None:
    problem, plan = change(PROBLEM, PLAN)

    found = violations(problem, PARAMS, plan)

    assert (rule, code) in {(violation.rule, violation.code) for violation in found}


@pytest.mark.parametrize(
    ("params", "code"),
    [
        (TOO_MANY, "team-too-many-visits"),
        (SLOWER, "visit-no-time-to-drive"),
        (LONGER, "visit-too-short"),
        (SHORT_LEGS, "visit-leg-too-long"),
        (SHORT_DRIVES, "team-drives-too-long"),
        (LONG_MEAL, "visit-no-time-to-drive"),
        (LONG_MEAL, "visit-meal"),
        (EARLY_MEAL, "visit-meal"),
        (NO_MEAL, "team-meals"),
    ],
)
def test_stricter_parameters_break_the_same_plan(params: Params, code: str) -> None:
    assert code in {violation.code for violation in violations(PROBLEM, params, PLAN)}


@pytest.mark.parametrize(
    ("change", "violation"),
    [
        (_plan("teams", "observer", (3, 1), 90), Violation("R01", "team-observer-unknown", (3,))),
        (_plan("teams", "observer", (3, 1), -1), Violation("R01", "team-observer-unknown", (3,))),
        (_plan("teams", "area", 2, 6), Violation("R01", "team-area-unknown", (2,))),
        (_plan("overseas", "observer", (1, 0), -1), Violation("R01", "overseas-observer-unknown", (1,))),
        (_plan("overseas", "observer", (1, 1), 90), Violation("R01", "overseas-observer-unknown", (1,))),
        (_plan("overseas", "station", 0, 8), Violation("R01", "overseas-station-unknown", (0,))),
        (_plan("visits", "team", 7, 99), Violation("R01", "visit-team-unknown", (7,))),
        (_plan("visits", "station", 7, 60), Violation("R01", "visit-station-unknown", (7,))),
    ],
)
def test_rows_that_point_nowhere_are_reported_alone(change: Break, violation: Violation) -> None:
    problem, plan = change(PROBLEM, PLAN)

    assert violations(problem, PARAMS, plan) == [violation]
