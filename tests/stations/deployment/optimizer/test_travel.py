"""Distances and driving times are whole, symmetric and free of time to the base."""

from dataclasses import replace

import numpy as np
import pytest

from stations.deployment.optimizer.matrices import NO_ROAD, TravelMatrices
from stations.deployment.optimizer.params import RouteParams
from stations.deployment.optimizer.travel import FORBIDDEN, area_travel, leg_seconds, straight_metres
from tests.benchmarks.optimizer_instance import TINY, make_instance


@pytest.mark.parametrize(
    ("here", "there", "metres"),
    [
        ((49.0, 40.0), (49.0, 41.0), 111_195),
        ((0.0, 60.0), (1.0, 60.0), 55_598),
        ((179.5, 0.0), (-179.5, 0.0), 111_195),
        ((49.0, 40.0), (49.0, 40.0), 0),
    ],
)
def test_straight_metres(here: tuple[float, float], there: tuple[float, float], metres: int) -> None:
    lon, lat, other_lon, other_lat = (np.array([x]) for x in (*here, *there))

    assert round(float(straight_metres(lon, lat, other_lon, other_lat)[0])) == metres


def test_area_travel_of_two_stations() -> None:
    problem = make_instance(replace(TINY, areas=1, zones=1, stations=2, new_territory=0))
    problem = replace(
        problem,
        areas=replace(problem.areas, lon=np.array([49.0]), lat=np.array([40.0]), urban=np.array([False])),
        stations=replace(
            problem.stations, lon=np.array([49.0, 49.0]), lat=np.array([40.1, 40.2]), weight=np.array([3, 0])
        ),
    )
    params = RouteParams(weight_metres=500, rural_road_permille=1300)

    travel = area_travel(problem, params, 0, np.array([0, 1]))

    assert travel.metres.tolist() == [[0, 14455, 28911], [14455, 0, 14455], [28911, 14455, 0]]
    # 14.455 km at 45 km/h are 1,156 s, and 60 s to park
    assert travel.seconds.tolist() == [[0, 0, 0], [0, 0, 1216], [0, 1216, 0]]
    assert travel.reward.tolist() == [0, 1500, 0]
    assert leg_seconds(problem, params, np.array([0]), np.array([1])).tolist() == [1216]


def test_a_matrix_is_taken_instead_of_the_great_circle() -> None:
    problem = make_instance(replace(TINY, areas=2, zones=1, stations=4, new_territory=0))
    seconds = np.array([[0, 100, 200], [110, 0, 300], [210, NO_ROAD, 0]]).ravel()
    problem = replace(
        problem,
        # the stations of the measured area come in the order of the table, whatever is asked for
        stations=replace(problem.stations, area=np.array([1, 0, 1, 0]), weight=np.array([5, 0, 7, 0])),
        travel=TravelMatrices(area=np.full(9, 1), seconds=seconds, metres=seconds * 10),
    )
    params = RouteParams(park=60)

    travel = area_travel(problem, params, 1, np.array([2, 0]))

    assert travel.metres.tolist() == [[0, 2000, 1000], [2100, 0, NO_ROAD * 10], [1100, 3000, 0]]
    assert travel.seconds.tolist() == [[0, 0, 0], [0, 0, FORBIDDEN], [0, 360, 0]]
    assert travel.reward.tolist() == [0, 7000, 5000]
    assert travel.symmetric is False
    assert leg_seconds(problem, params, np.array([0]), np.array([2])).tolist() == [360]
    other = area_travel(problem, params, 0, np.array([1, 3]))
    assert other.symmetric is True
    assert (other.seconds == other.seconds.T).all()


def test_a_leg_beyond_the_limit_and_a_place_without_a_road() -> None:
    problem = make_instance(replace(TINY, areas=1, zones=1, stations=2, new_territory=0))
    seconds = np.array([[0, 9000, 200], [9000, 0, 3541], [NO_ROAD, 3540, 0]]).ravel()
    problem = replace(problem, travel=TravelMatrices(area=np.zeros(9, np.int64), seconds=seconds, metres=seconds))

    travel = area_travel(problem, RouteParams(max_leg=3600), 0, np.array([0, 1]))

    # the way to the base may be as long as it is; parking counts in the limit
    assert travel.seconds.tolist() == [[0, 0, 0], [0, 0, FORBIDDEN], [FORBIDDEN, 3600, 0]]
    assert travel.within_reach.tolist() == [True, True, False]


def test_roads_wind_more_in_the_country() -> None:
    problem = make_instance(replace(TINY, areas=1, zones=1, stations=2, new_territory=0))
    params = RouteParams(urban_road_permille=1300, rural_road_permille=1500)
    both = [
        area_travel(replace(problem, areas=replace(problem.areas, urban=np.array([urban]))), params, 0, np.arange(2))
        for urban in (True, False)
    ]

    assert both[1].metres[1, 2] == pytest.approx(both[0].metres[1, 2] * 1500 / 1300, abs=1)
