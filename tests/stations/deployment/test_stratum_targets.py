"""Targets of strata: shares of the visits, and what the rules ask for in any case."""

from dataclasses import replace

import numpy as np
import pytest

from stations.deployment.parameters import Stratum, StratumShares
from stations.deployment.rules.balance import expected_of, is_missed
from stations.deployment.rules.limits import BalanceLimits
from stations.deployment.stratum_targets import Frame, targets_of

RURAL = np.arange(10) < 3
FRAME = Frame(
    kinds={
        Stratum.RURAL: RURAL,
        Stratum.URBAN: ~RURAL,
        Stratum.CAMERA: np.ones(10, np.bool_),
        Stratum.NEWLY_COVERED: np.zeros(10, np.bool_),
    },
    region=np.array([0] * 5 + [1] * 4 + [2]),
    regions=("Hills", "Lakes", "Coast"),
    visits=100,
    day=12,
)
SHARES = StratumShares(rural=900, urban=500, camera=100, newly_covered=1_000)
NO_RULE = BalanceLimits(stratum_percent=0)


def wanted(frame: Frame, limits: BalanceLimits) -> dict[str, int]:
    return {row.code: row.visits for row in frame.strata(SHARES, limits)}


def test_kinds_are_wanted_by_their_number_of_stations() -> None:
    assert wanted(FRAME, NO_RULE) == {"rural": 27, "urban": 35, "camera": 10, "newly_covered": 0}


def test_what_the_rules_ask_for_is_wanted_in_any_case() -> None:
    # half of all 100 for cameras; Hills has 50 of them, four whole days of 12, Lakes three, and Coast none
    assert wanted(FRAME, BalanceLimits()) == {
        "rural": 27,
        "urban": 35,
        "camera": 50,
        "newly_covered": 0,
        "region:Hills": 24,
        "region:Lakes": 18,
    }


@pytest.mark.parametrize("visits", [12, 37, 100, 1_000])
@pytest.mark.parametrize("percent", [30, 50, 90])
def test_a_plan_that_reaches_its_targets_breaks_no_rule(visits: int, percent: int) -> None:
    limits = BalanceLimits(stratum_percent=percent)
    rows = replace(FRAME, visits=visits).strata(SHARES, limits)

    for row in rows:
        day = FRAME.day if row.code.startswith("region:") else 1
        for made in (visits, visits * 9 // 10):
            expected = expected_of(int(row.member.sum()), visited=made, stations=10, day=day)
            assert not is_missed(row.visits, expected, limits)


def test_they_become_rows_of_one_table() -> None:
    targets = targets_of(FRAME.strata(SHARES, BalanceLimits()), 7)

    assert targets.wanted.tolist() == [27, 35, 50, 0, 24, 18]
    assert targets.points.tolist() == [7] * 6
    assert targets.member.sum(1).tolist() == [3, 7, 10, 0, 5, 4]


def test_without_stations_nothing_is_wanted() -> None:
    nothing = np.zeros(0, np.bool_)
    frame = Frame(dict.fromkeys(Stratum, nothing), np.zeros(0, np.int64), (), 0, 12)

    assert wanted(frame, BalanceLimits()) == {"rural": 0, "urban": 0, "camera": 0, "newly_covered": 0}
