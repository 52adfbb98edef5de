"""Pins that cannot hold are named; those that can are held."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from stations.deployment.optimizer.check import violations
from stations.deployment.optimizer.pins import check_pins
from stations.deployment.optimizer.pipeline import solve
from stations.deployment.optimizer.problem import Missions, PinError, Previous, Problem
from tests.benchmarks.optimizer_instance import PARAMS
from tests.stations.deployment.optimizer.plans import plain, previous


def pinned_problem(before: Previous, change: Callable[[Problem], Problem] = lambda problem: problem) -> Problem:
    """Everybody has a nationality of their own but 0 and 3; stations 0-1 lie in area 0, the others in area 1."""
    problem = plain()
    nationality = np.stack([np.arange(12) % 6, np.full(12, -1)], axis=1)
    nationality[3] = [0, -1]
    people = replace(problem.observers, nationality=nationality)
    stations = replace(problem.stations, area=np.array([0, 0] + [1] * 12))
    countries = replace(problem.overseas, country=np.array([4, 5, 5]))
    problem = replace(problem, observers=people, stations=stations, overseas=countries, previous=before)
    return change(problem)


def bar_zone_of_area_0(problem: Problem) -> Problem:
    barred = np.zeros_like(problem.countries.barred)
    barred[problem.observers.nationality[1, 0], 0] = True
    return replace(problem, countries=replace(problem.countries, barred=barred))


def mute_4(problem: Problem) -> Problem:
    language = problem.observers.language.copy()
    language[4] = 2
    return replace(problem, observers=replace(problem.observers, language=language))


def nobody_alone(problem: Problem) -> Problem:
    return replace(problem, missions=Missions(solo_ok=np.zeros(3, np.bool_)))


@pytest.mark.parametrize(
    ("before", "change", "code", "index"),
    [
        (previous([(1, 2), (4, -1)], pair_pinned=[1]), None, "pin-observer-gone", 1),
        (previous([(-1, 4)], area=[0], place_pinned=[0]), None, "pin-observer-gone", 0),
        (previous([(4, -1)], overseas=[1], pair_pinned=[0]), nobody_alone, "pin-alone", 0),
        (previous([(1, 2), (0, 3)], pair_pinned=[0, 1]), None, "pin-same-nationality", 1),
        (previous([(1, 4)], pair_pinned=[0]), mute_4, "pin-no-shared-language", 0),
        (previous([(1, 2)], place_pinned=[0]), None, "pin-station-closed", 0),
        (previous([(1, 4)], overseas=[0], place_pinned=[0]), None, "pin-own-nationality", 0),
        (previous([(2, 5), (1, 4)], area=[0, 0], place_pinned=[0, 1]), bar_zone_of_area_0, "pin-barred-zone", 1),
        (
            previous([(1, 2), (4, 5), (6, 7)], area=[0, 0, 0], place_pinned=[0, 1, 2]),
            None,
            "pin-area-full",
            2,
        ),
        (previous([(1, 2)], area=[0], visits=[(0, 0), (0, -1)], visit_pinned=[1]), None, "pin-station-closed", 1),
        (previous([(1, 2)], area=[0], visits=[(0, 0), (0, 5)], visit_pinned=[1]), None, "pin-other-area", 1),
        (
            previous([(1, 2), (4, 5)], area=[0, 0], visits=[(0, 1), (1, 1)], visit_pinned=[0, 1]),
            None,
            "pin-station-twice",
            1,
        ),
    ],
)
def test_a_pin_that_cannot_hold_is_named(
    before: Previous, change: Callable[[Problem], Problem] | None, code: str, index: int
) -> None:
    problem = pinned_problem(before, change or (lambda problem: problem))

    with pytest.raises(PinError) as caught:
        solve(problem, PARAMS)

    assert (caught.value.code, caught.value.index) == (code, index)


def test_the_same_without_pins_is_no_error() -> None:
    before = previous([(0, 3), (4, -1), (1, 2)], area=[0, 0, 0], visits=[(2, -1), (2, 5)])

    plan = solve(pinned_problem(before), PARAMS)

    assert violations(pinned_problem(before), PARAMS, plan) == []


def test_pinned_pairs_and_places_hold_whatever_else_pays_more() -> None:
    before = previous(
        [(1, 2), (4, 5), (7, 8)], area=[1, 0, 1], pair_pinned=[0], place_pinned=[1], visits=[(2, 6)], visit_pinned=[0]
    )
    problem = pinned_problem(before)
    rich = replace(problem, stations=replace(problem.stations, weight=np.array([1, 1] + [100] * 12)))

    plan = solve(rich, PARAMS)

    area = {
        tuple(pair): where for pair, where in zip(plan.teams.observer.tolist(), plan.teams.area.tolist(), strict=True)
    }
    assert (1, 2) in area
    assert area[4, 5] == 0
    assert area[7, 8] == 1
    assert violations(rich, PARAMS, plan) == []


def test_a_pinned_team_stays_abroad_wherever_its_people_live() -> None:
    before = previous([(1, 2)], overseas=[0], place_pinned=[0])
    problem = pinned_problem(before)

    check_pins(problem, PARAMS)
    plan = solve(problem, PARAMS)

    assert plan.overseas.observer.tolist() == [[1, 2]]
    assert plan.overseas.station.tolist() == [0]
    assert violations(problem, PARAMS, plan) == []
    loose = replace(problem, previous=replace(before, place_pinned=np.array([False])))
    assert solve(loose, PARAMS).overseas.observer.tolist() == []
