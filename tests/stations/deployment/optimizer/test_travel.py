"""Distances and driving times are whole, symmetric and free of time to the base."""

from dataclasses import replace

import numpy as np
import pytest

from stations.deployment.optimizer.params import RouteParams
from stations.deployment.optimizer.travel import area_travel, leg_seconds, straight_metres
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
