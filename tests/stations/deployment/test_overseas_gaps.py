"""Why a station abroad stays empty."""

import numpy as np
import pytest

from stations.deployment.optimizer.params import LanguageParams, OverseasParams, Params
from stations.deployment.optimizer.problem import (
    NONE,
    Areas,
    Countries,
    Ints,
    Missions,
    Observers,
    OverseasStations,
    Problem,
    Stations,
    Zones,
)
from stations.deployment.overseas_gaps import reasons_of_gaps
from stations.deployment.states import LeftOutReason

EN, FR = 1, 2
PARAMS = Params(languages=LanguageParams(working=EN | FR, local=0), overseas=OverseasParams(near=0))


def _ints(*values: int) -> Ints:
    return np.array(values, np.int64)


def _problem(people: list[tuple[int, int, int]]) -> Problem:
    """People as (nationality, residence, languages); stations in the countries 0 and 1 of five."""
    nobody, nowhere = np.zeros(0, np.int64), np.zeros(0, np.float64)
    flags = np.zeros(len(people), np.bool_)
    return Problem(
        observers=Observers(
            mission=_ints(*[0] * len(people)),
            nationality=np.array([(row[0], NONE) for row in people], np.int64).reshape(-1, 2),
            language=_ints(*(row[2] for row in people)),
            female=flags,
            experienced=flags,
            residence=_ints(*(row[1] for row in people)),
            group=_ints(*[NONE] * len(people)),
        ),
        stations=Stations(lon=nowhere, lat=nowhere, area=nobody, weight=nobody, new_territory=np.zeros(0, np.bool_)),
        areas=Areas(lon=nowhere, lat=nowhere, urban=np.zeros(0, np.bool_), zone=nobody),
        zones=Zones(nobody),
        missions=Missions(solo_ok=np.zeros(1, np.bool_)),
        overseas=OverseasStations(_ints(0, 1)),
        countries=Countries(lon=np.arange(5.0), lat=np.arange(5.0), barred=np.zeros((5, 0), np.bool_)),
    )


@pytest.mark.parametrize(
    ("people", "reason"),
    [
        ([], LeftOutReason.NO_RESIDENTS),
        ([(2, 0, EN), (3, NONE, EN)], LeftOutReason.NO_RESIDENTS),
        ([(1, 1, EN), (1, 1, EN)], LeftOutReason.NO_RESIDENTS),
        ([(2, 1, EN)], LeftOutReason.ONE_NATIONALITY_ONLY),
        ([(2, 1, EN), (2, 1, EN)], LeftOutReason.ONE_NATIONALITY_ONLY),
        ([(2, 1, EN), (3, 1, FR)], LeftOutReason.NO_COMMON_LANGUAGE),
        ([(2, 1, EN), (3, 1, EN)], LeftOutReason.NOT_ENOUGH_PAIRS),
    ],
)
def test_the_reason_is_the_first_thing_that_is_missing(
    people: list[tuple[int, int, int]], reason: LeftOutReason
) -> None:
    assert reasons_of_gaps(_problem(people), PARAMS, _ints(1)) == [reason]


def test_every_empty_station_has_its_own_reason() -> None:
    problem = _problem([(2, 1, EN)])

    assert reasons_of_gaps(problem, PARAMS, _ints(0, 1)) == [
        LeftOutReason.NO_RESIDENTS,
        LeftOutReason.ONE_NATIONALITY_ONLY,
    ]
    assert reasons_of_gaps(problem, PARAMS, _ints()) == []
