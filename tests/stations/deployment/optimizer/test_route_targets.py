"""Routes follow the targets of strata as far as that gains more than it costs."""

from dataclasses import replace

import numpy as np
import pytest

from stations.deployment.optimizer.check import violations
from stations.deployment.optimizer.clock import Deadline
from stations.deployment.optimizer.params import Params
from stations.deployment.optimizer.pipeline import solve
from stations.deployment.optimizer.problem import Ints, Previous, Problem, Targets
from stations.deployment.optimizer.route_targets import towards_targets
from stations.deployment.optimizer.routes import RouteAnswer, plan_routes
from stations.deployment.optimizer.score import score_visits
from stations.deployment.optimizer.strata import planned_visits
from tests.benchmarks.optimizer_instance import PARAMS, TINY, make_instance

AREA = np.array([0, 1, 2])
NEW = np.full(3, -1)


def light_ones(wanted: int, points: int) -> Problem:
    """Ninety stations; the stratum is every third, and these are the lightest: nobody would visit them."""
    problem = make_instance(replace(TINY, stations=90, new_territory=0), 2)
    member = np.arange(90) % 3 == 0
    weight = np.where(member, 60, 100)
    targets = Targets(member=member[None, :], wanted=np.array([wanted]), points=np.array([points]))
    return replace(problem, stations=replace(problem.stations, weight=weight), targets=targets)


def planned(problem: Problem, params: Params = PARAMS) -> tuple[RouteAnswer, RouteAnswer]:
    """The routes before and after."""
    before = plan_routes(problem, params, AREA, deadline=Deadline())
    return before, towards_targets(problem, params, AREA, before, continues=NEW, deadline=Deadline())


def reached(problem: Problem, answer: RouteAnswer) -> int:
    return int(planned_visits(problem, answer.visits.station)[0])


def test_what_is_wanted_is_visited_and_no_more_than_pays() -> None:
    problem = light_ones(wanted=6, points=200)

    before, after = planned(problem)

    assert reached(problem, before) < 6 <= reached(problem, after)
    assert len(after.visits.team) == len(before.visits.team)
    worth = [score_visits(problem, PARAMS, AREA, answer.visits).objective for answer in (before, after)]
    assert worth[0] < worth[1]


@pytest.mark.parametrize(("wanted", "points"), [(0, 500), (6, 0), (6, 10)])
def test_a_target_that_is_not_worth_it_changes_nothing(wanted: int, points: int) -> None:
    before, after = planned(light_ones(wanted, points))

    assert after.visits.station.tolist() == before.visits.station.tolist()


def test_after_the_deadline_nothing_is_changed() -> None:
    problem = light_ones(6, 200)
    before = plan_routes(problem, PARAMS, AREA, deadline=Deadline())

    assert towards_targets(problem, PARAMS, AREA, before, continues=NEW, deadline=Deadline.after(0.0)) is before


def previous_of(answer: RouteAnswer, pinned: Ints) -> Previous:
    visits = answer.visits
    return replace(
        Previous.none(),
        observer=np.full((3, 2), -1),
        area=AREA,
        overseas=np.full(3, -1),
        pair_pinned=np.zeros(3, np.bool_),
        place_pinned=np.zeros(3, np.bool_),
        visit_team=visits.team,
        visit_station=visits.station,
        visit_pinned=np.isin(np.arange(len(visits.team)), pinned),
        visit_position=visits.position,
    )


def test_routes_that_stand_stay_and_pins_hold() -> None:
    problem = light_ones(30, 500)
    first = plan_routes(problem, PARAMS, AREA, deadline=Deadline())
    later = replace(problem, previous=previous_of(first, np.array([0])))

    same = towards_targets(later, PARAMS, AREA, first, continues=np.arange(3), deadline=Deadline())
    # the last team is new: its area is planned anew, and the pin of the first is in an area that stands
    moved = towards_targets(later, PARAMS, AREA, first, continues=np.array([0, 1, -1]), deadline=Deadline())

    assert same.visits.station.tolist() == first.visits.station.tolist()
    for team in (0, 1):
        assert moved.visits.station[moved.visits.team == team].tolist() == [
            station
            for station, of in zip(first.visits.station.tolist(), first.visits.team.tolist(), strict=True)
            if of == team
        ]
    assert set(moved.visits.station[moved.visits.team == 2]) != set(first.visits.station[first.visits.team == 2])


def test_the_whole_solve_follows_targets_within_the_rules() -> None:
    problem = light_ones(8, 300)
    params = replace(PARAMS, routes=replace(PARAMS.routes, meal=1800, spread=3000))

    plan = solve(problem, params)
    without = solve(replace(problem, targets=Targets.none()), params)

    assert violations(problem, params, plan) == []
    assert planned_visits(problem, plan.visits.station)[0] > planned_visits(problem, without.visits.station)[0]
    assert all(stage.objective <= stage.bound for stage in plan.stages)


def test_a_huge_area_keeps_the_stations_that_are_visited() -> None:
    """The search looks at four hundred stations; those of the plan are among them even if they are worth nothing."""
    problem = make_instance(replace(TINY, areas=1, zones=1, stations=500, new_territory=0), 1)
    member = (np.arange(500) < 100)[None, :]
    targets = Targets(member=member, wanted=np.array([5]), points=np.array([500]))
    before = plan_routes(problem, PARAMS, np.array([0]), deadline=Deadline())
    weight = np.where(np.isin(np.arange(500), before.visits.station), 0, problem.stations.weight)
    later = replace(problem, stations=replace(problem.stations, weight=weight), targets=targets)

    after = towards_targets(later, PARAMS, np.array([0]), before, continues=np.array([-1]), deadline=Deadline())

    assert reached(later, before) < 5 <= reached(later, after)
