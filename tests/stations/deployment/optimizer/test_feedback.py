"""Routes that hold fewer visits than the areas counted on move teams where they can do more."""

from dataclasses import replace

import numpy as np

from stations.deployment.optimizer.check import violations
from stations.deployment.optimizer.feedback import realised_stops, touched
from stations.deployment.optimizer.pipeline import solve
from stations.deployment.optimizer.problem import Problem
from stations.deployment.optimizer.solution import Solution, VisitPlan
from tests.benchmarks.optimizer_instance import PARAMS
from tests.stations.deployment.optimizer.plans import plain


def visits(station: list[int]) -> VisitPlan:
    nothing = np.zeros(len(station), np.int64)
    return VisitPlan(
        team=nothing, station=np.array(station), position=nothing, arrive=nothing, leave=nothing, meal=nothing
    )


def test_stops_are_what_was_made_where_more_was_counted_on() -> None:
    problem = plain()
    problem = replace(problem, stations=replace(problem.stations, area=np.array([0] * 5 + [1] * 7 + [2] * 2)))
    params = replace(PARAMS, routes=replace(PARAMS.routes, max_stops=4))

    stops = realised_stops(problem, params, np.array([0, 0, 1, 1, -1]), visits([0, 1, 2, 3, 4, 5, 6, 7]))

    # area 0: all five seen; area 1: three of seven by two teams; area 2: nobody there
    assert stops.tolist() == [4, 2, 4]


def test_areas_that_gave_or_took_a_team_are_touched() -> None:
    before, after = np.array([0, 1, -1, 1]), np.array([0, 2, 1, 1])

    assert touched(plain(), before, after).tolist() == [False, True, True]


def far_and_near() -> Problem:
    """Zone 0: area 0, whose eight heavy stations lie 150 km apart; area 1, whose five lighter ones lie together."""
    problem = plain()
    lon = np.r_[44.0 + 1.8 * np.arange(8), np.full(5, 49.0), 49.0]
    return replace(
        problem,
        observers=replace(
            problem.observers,
            nationality=np.stack([np.arange(12) % 5, np.full(12, -1)], axis=1),
            mission=np.zeros(12, np.int64),
        ),
        countries=replace(problem.countries, barred=np.zeros((6, 2), np.bool_)),
        stations=replace(
            problem.stations,
            lon=lon,
            lat=np.full(14, 40.0),
            area=np.array([0] * 8 + [1] * 5 + [2]),
            weight=np.array([110] * 8 + [100] * 5 + [100]),
        ),
        areas=replace(problem.areas, lon=np.full(3, 49.0), lat=np.full(3, 40.0), urban=np.zeros(3, np.bool_)),
    )


def weight(problem: Problem, plan: Solution) -> int:
    return int(problem.stations.weight[plan.visits.station].sum())


def test_teams_leave_an_area_that_their_days_cannot_hold() -> None:
    problem = far_and_near()
    params = replace(
        PARAMS,
        routes=replace(PARAMS.routes, max_stops=2, window_start=0, window_end=2 * 3600),
        areas=replace(PARAMS.areas, concentration=0, revisit_permille=(1000,)),
    )

    plan = solve(problem, params)

    # counted on two visits a team, area 0 was given four: 740; with one visit each one of them does more in area 1
    assert violations(problem, params, plan) == []
    assert np.bincount(plan.teams.area, minlength=3).tolist() == [3, 2, 1]
    assert weight(problem, plan) == 3 * 110 + 4 * 100 + 100
