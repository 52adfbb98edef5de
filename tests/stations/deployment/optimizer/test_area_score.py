"""Points of placing teams, added up by hand."""

from dataclasses import replace

import numpy as np

from stations.deployment.optimizer.area_score import area_marginals, fair_shares, former_areas, score_areas
from stations.deployment.optimizer.solution import MIXED
from tests.benchmarks.optimizer_instance import PARAMS, STATE, TINY, make_instance
from tests.stations.deployment.optimizer.plans import plain, previous


def test_areas() -> None:
    problem = plain()
    stations = replace(problem.stations, area=np.array([0, 0, 0, 0, 2] + [1] * 9), weight=np.full(14, 100))
    zones = replace(problem.zones, language=np.array([STATE, 1]))
    problem = replace(problem, stations=stations, zones=zones)
    params = replace(PARAMS, routes=replace(PARAMS.routes, max_stops=1))
    pairs = np.array([[0, 3], [6, 9], [1, 4], [7, 10], [2, 5]])

    score = score_areas(problem, params, pairs, np.array([0, 0, 2, -1, 0]), np.arange(5))

    # mission 0 may have ceil(2 * 2/3 * 1.5) = 2 teams in zone 0: no concentration
    assert {term.name: term.points for term in score.terms} == {
        "coverage": 400,
        "deployed": 200,
        "area_reached": 4000,
        "zone_language": 60,
        "concentration": 0,
        "kept": 0,
        "badly_placed_missions": 0,
    }


def test_areas_beyond_the_fair_share() -> None:
    problem = plain()
    params = replace(PARAMS, areas=replace(PARAMS.areas, fair_share_permille=500))
    pairs = np.array([[0, 3], [6, 9]])

    score = score_areas(problem, params, pairs, np.array([0, 0]), np.arange(2))

    assert {term.name: (term.count, term.points) for term in score.terms}["concentration"] == (1, -40)


def test_marginals_take_the_heaviest_first_and_then_second_visits() -> None:
    problem = make_instance(TINY)
    stations = replace(
        problem.stations,
        area=np.array([0, 0, 2] + [1] * 11),
        weight=np.array([100, 61, 40] + [0] * 11),
    )
    params = replace(PARAMS, routes=replace(PARAMS.routes, max_stops=2))

    start, value = area_marginals(replace(problem, stations=stations), params)

    assert start.tolist() == [0, 2, 13, 14]
    # 100 + 61, then 25 + 15.25 (a quarter), the rest of a point is cut off; area 2: 40 + a quarter of 40
    assert value[[0, 1, 13]].tolist() == [50 + 161, 50 + 40, 50 + 50]
    assert value[2:13].tolist() == [50] * 11


def test_fair_shares_round_up_and_count_mixed_teams_apart() -> None:
    problem = make_instance(TINY)
    problem = replace(problem, areas=replace(problem.areas, zone=np.array([0, 0, 1])))

    shares = fair_shares(problem, PARAMS, np.array([0, 0, 0, 2, MIXED]))

    assert shares.tolist() == [[3, 2], [0, 0], [1, 1], [1, 1]]


def test_marginals_of_shorter_days() -> None:
    problem = make_instance(TINY)
    stations = replace(
        problem.stations, area=np.array([0, 0, 0, 0] + [1] * 10), weight=np.array([9, 7, 5, 3] + [1] * 10)
    )

    _, value = area_marginals(replace(problem, stations=stations), PARAMS, np.array([2, 12, 12]))

    assert value[:4].tolist() == [50 + 16, 50 + 8, 50 + 4, 50 + 2]


def test_who_stays_together_earns_all_points_and_who_was_joined_half() -> None:
    problem = replace(plain(), previous=previous([(3, 0), (1, 4), (2, -1), (6, 9)], area=[1, 2, 0, -1]))
    pairs = np.array([[0, 3], [1, 7], [2, 5], [6, 9], [8, 10]])

    former = former_areas(problem, PARAMS, pairs)

    assert former.area.tolist() == [1, 2, 0, -1, -1]
    assert former.points.tolist() == [300, 150, 150, 0, 0]
    kept = score_areas(problem, PARAMS, pairs, np.array([1, 2, 1, 0, 0]), np.arange(5)).terms[-2]
    assert (kept.name, kept.count, kept.points) == ("kept", 2, 450)


def test_missions_whose_places_are_poor_are_counted() -> None:
    stations = replace(
        plain().stations, area=np.array([0, 0] + [1] * 6 + [2] * 6), weight=np.array([10] * 8 + [100] * 6)
    )
    problem = replace(plain(), stations=stations)
    pairs = np.array([[0, 3], [1, 4], [7, 10], [2, 5]])

    # places of areas 0, 1 and 2: 20, 60 and 600, and 50 each for being deployed; half of 650 shared by two
    score = score_areas(problem, PARAMS, pairs, np.array([2, 0, 2, 1]), np.arange(4))

    assert {term.name: (term.count, term.points) for term in score.terms}["badly_placed_missions"] == (1, 0)
