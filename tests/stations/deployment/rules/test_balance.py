"""R09, R10, R20, R32: what is judged over a whole plan."""

from dataclasses import replace

import pytest

from stations.deployment.rules import judge
from stations.deployment.rules.facts import Balance, GroupCount, Stratum
from tests.stations.deployment.rules.facts import PLAN, STRICT, TEAM


def _told(balance: Balance) -> list[str]:
    return [f"{f.code}: {f.sentence}" for f in judge(replace(PLAN, balance=balance), STRICT)]


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        (
            {"FRA": 3, "DEU": 1, "ITA": 16},
            [
                "r09-one-sending-state: France sends 3 of 20 short-term observers (15 %, at most 10 %).",
                "r09-one-sending-state: Italy sends 16 of 20 short-term observers (80 %, at most 10 %).",
            ],
        ),
        ({f"X{number:02d}": 2 for number in range(10)}, []),
        ({"FRA": 1, "DEU": 1}, []),
        ({}, []),
    ],
    ids=["too-many", "a-tenth-each", "one-each", "nobody"],
)
def test_no_state_sends_more_than_its_share(states: dict[str, int], expected: list[str]) -> None:
    assert _told(Balance(sending_states=states)) == expected


def test_the_share_of_women_is_reported_by_role() -> None:
    balance = Balance(people={"sto": 30, "lto": 4}, women={"sto": 11})

    assert _told(balance) == [
        "r10-share: Of 4 observers of this role (long-term) 0 are women (0 %).",
        "r10-share: Of 30 observers of this role (short-term) 11 are women (36 %).",
    ]


@pytest.mark.parametrize(
    ("stratum", "expected"),
    [
        (
            Stratum("rural", 500, 24),
            [
                "r20-stratum-missed: Of the stations of this kind (rural) 24 are visited; by their number "
                "it would be 50."
            ],
        ),
        (Stratum("rural", 500, 25), []),
        (
            Stratum("region:Hills", 250, 11),
            [
                "r20-stratum-missed: Of the stations of this kind (Hills) 11 are visited; by their number it would "
                "be 24."
            ],
        ),
        (Stratum("region:Hills", 250, 12), []),
        (Stratum("region:Hills", 119, 0), []),
        (Stratum("newly_covered", 49, 0), []),
    ],
    ids=["less-than-half", "half", "region", "half-of-whole-teams", "region-below-a-team", "too-small-to-be-met"],
)
def test_a_stratum_that_is_met_too_seldom_is_named(stratum: Stratum, expected: list[str]) -> None:
    assert _told(Balance(stations=1000, visited=100, strata=(stratum,))) == expected


def test_without_counts_only_teams_are_judged() -> None:
    assert judge(replace(PLAN, teams=(TEAM,)), STRICT) == ()


PARLIAMENT = {"EPP": 100, "SOC": 90, "ALDE": 50, "EC/DA": 40, "UEL": 20}


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ({"EPP": 10, "SOC": 9, "ALDE": 5, "EC/DA": 4, "UEL": 2}, []),
        (
            {"EPP": 12, "SOC": 9, "ALDE": 5, "EC/DA": 4},
            [
                "r32-group-split: EPP has 12 of the 30 accredited people who name a group; by strength it would have "
                "10.",
                "r32-group-split: UEL has 0 of the 30 accredited people who name a group; by strength it would have 2.",
            ],
        ),
        (
            {"EPP": 1, "Guests": 1},
            [
                "r32-group-split: SOC has 0 of the 2 accredited people who name a group; by strength it would have 1.",
                "r32-group-split: Guests has 1 of the 2 accredited people who name a group; by strength it would have "
                "0.",
            ],
        ),
        ({}, []),
    ],
    ids=["as-the-committee-was", "one-group-too-many", "a-group-without-strength", "nobody-names-one"],
)
def test_groups_are_split_as_seats_are(people: dict[str, int], expected: list[str]) -> None:
    names = [*PARLIAMENT, *(name for name in people if name not in PARLIAMENT)]
    groups = tuple(GroupCount(name, PARLIAMENT.get(name, 0), people.get(name, 0)) for name in names)

    assert _told(Balance(groups=groups)) == expected
