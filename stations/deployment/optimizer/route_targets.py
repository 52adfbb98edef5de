"""Routes drawn towards the targets of strata, after the weight has had its way."""

from dataclasses import replace
from itertools import product
from typing import Final

import numpy as np

from stations.deployment.optimizer.clock import Deadline
from stations.deployment.optimizer.params import Params
from stations.deployment.optimizer.problem import Ints, Problem
from stations.deployment.optimizer.route_day import day_of
from stations.deployment.optimizer.route_ends import groups_of, spread_ends
from stations.deployment.optimizer.route_search import Routes, RouteTask, improve_routes, worth_of
from stations.deployment.optimizer.routes import (
    Area,
    RouteAnswer,
    areas_of,
    kept_places,
    published_routes,
    timetable_of,
)
from stations.deployment.optimizer.solution import VisitPlan
from stations.deployment.optimizer.strata import planned_visits, target_points

_PARTS: Final = (8, 4, 2, 1)
"""The points are halved so often, the smallest part first."""


def towards_targets(
    problem: Problem, params: Params, area: Ints, answer: RouteAnswer, *, continues: Ints, deadline: Deadline
) -> RouteAnswer:
    """Return routes that visit more of the strata still short of what is wanted, where that gains more than it costs.

    One area after the other is searched again with a part of the points on top of the weights, then with more of them;
    what the targets gain and the change loses is counted exactly. Routes that stand as in the plan of before stay.
    """
    planned = planned_visits(problem, answer.visits.station)
    if deadline.passed() or (planned >= problem.targets.wanted).all():
        return answer
    areas = areas_of(problem, params, area, continues, answer.visits)
    answers = [_routes_of(one, answer.visits) for one in areas]
    groups = groups_of(problem)
    # what is cheap somewhere comes before what is dear anywhere
    for parts, index in product(_PARTS, range(len(areas))):
        one, routes = areas[index], answers[index]
        if _stands(one, routes) or deadline.passed() or (planned >= problem.targets.wanted).all():
            continue
        better = _better(problem, params, one, routes, planned, parts, deadline)
        if better != routes:
            if params.routes.spread:
                settled = [new == old for new, old in zip(better, routes, strict=True)]
                better = spread_ends(one.travel, day_of(params.routes), better, groups.take(one.stations), settled)
            planned = planned + _visits(problem, one, better) - _visits(problem, one, routes)
            answers[index] = better
    return replace(answer, visits=timetable_of(day_of(params.routes), areas, answers))


def _better(
    problem: Problem, params: Params, area: Area, routes: Routes, planned: Ints, parts: int, deadline: Deadline
) -> Routes:
    """Return other routes of the area if they are worth more with the targets, else the same.

    They are searched with one of so many `parts` of the points.
    """
    goal, rules = problem.targets, params.routes
    points = np.where(planned < goal.wanted, goal.points // parts, 0) @ goal.member[:, area.stations]
    bonus = np.r_[0, points * rules.weight_metres]
    if not bonus.any():
        return routes
    scale = rules.coverage_permille
    plain = replace(area.travel, reward=area.travel.reward * scale // 1000)
    drawn = replace(area.travel, reward=(area.travel.reward + bonus) * scale // 1000)
    task = RouteTask(
        drawn,
        day_of(rules),
        kept_places(area.travel, area.before),
        published_routes(area.before, routes),
        rules.fee_of_change,
    )
    found = improve_routes(task, routes, deadline=deadline)
    if any(old and not new for old, new in zip(routes, found, strict=True)):
        return routes
    there = planned + _visits(problem, area, found) - _visits(problem, area, routes)
    gained = (target_points(problem, there) - target_points(problem, planned)) * rules.weight_metres * scale // 1000
    told = sum(found[index] != route for index, route in task.published.items()) * rules.fee_of_change
    return found if worth_of(plain, found) - worth_of(plain, routes) + gained - told > 0 else routes


def _routes_of(area: Area, visits: VisitPlan) -> Routes:
    """Return the visits of the area's teams as places."""
    place = {station: number for number, station in enumerate(area.stations.tolist(), start=1)}
    return [
        [place[station] for station in visits.station[visits.team == team].tolist()] for team in area.teams.tolist()
    ]


def _stands(area: Area, routes: Routes) -> bool:
    return area.before is not None and area.before.settled and routes == area.before.routes


def _visits(problem: Problem, area: Area, routes: Routes) -> Ints:
    places = np.array([place for route in routes for place in route], np.int64)
    return planned_visits(problem, area.stations[places - 1])
