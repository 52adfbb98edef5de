"""R15-R17, R19: how a team's day runs."""

import datetime as dt
from dataclasses import replace

import pytest

from stations.deployment.rules.facts import PlanFacts, Restriction, TeamFacts
from stations.deployment.states import RestrictionLevel, TeamKind, VisitKind
from tests.stations.deployment.rules.facts import (
    ABROAD,
    COUNT,
    LONG_TERM,
    OPENING,
    PLAN,
    TEAM,
    VOTING,
    at,
    codes,
    told,
    visit,
    with_visits,
)

CLOSED_AT_NIGHT = replace(
    PLAN, restrictions={7: (Restriction("Border", RestrictionLevel.NO_NIGHT_TRAVEL, "", is_approved=False),)}
)
MINUTE = dt.timedelta(minutes=1)
#: Half an hour each, one after the other, between the last voting visit and the count.
MORE = [
    visit(f"X{number}", VisitKind.VOTING, at(11) + number * 35 * MINUTE, at(11) + (number * 35 + 30) * MINUTE)
    for number in range(5)
]


def _driven(minutes: int) -> TeamFacts:
    """The same visits with as long a way to each; they are as far apart as that needs."""
    stops = [replace(one, drive=dt.timedelta(minutes=minutes)) for one in (*VOTING, COUNT)]
    return with_visits(OPENING, *stops)


def _at_night(hour: int, minute: int) -> TeamFacts:
    """The way to the second station begins at 00:30 UTC, 04:30 in Baku, and ends at this hour (UTC)."""
    first = replace(OPENING, arrives_at=at(0), leaves_at=at(0, 30))
    second = replace(VOTING[0], arrives_at=at(hour, minute), leaves_at=at(4, 50))
    return with_visits(first, second, *VOTING[1:], COUNT)


@pytest.mark.parametrize(
    ("team", "sentences"),
    [
        (with_visits(), ["r15-no-visits: The team has no visits."]),
        (
            with_visits(*VOTING, replace(VOTING[0], station="9", arrives_at=at(12), leaves_at=at(13)), COUNT),
            ["r15-first-is-no-opening: The first visit, at 2, is no opening from before its time."],
        ),
        (
            with_visits(replace(OPENING, arrives_at=at(3, 31)), *VOTING, COUNT),
            ["r15-first-is-no-opening: The first visit, at 1, is no opening from before its time."],
        ),
        (
            with_visits(OPENING, *VOTING, replace(COUNT, kind=VisitKind.VOTING)),
            ["r15-last-is-no-count: The last visit, at 8, does not see the closing and the count."],
        ),
        (
            with_visits(OPENING, *VOTING, replace(COUNT, arrives_at=at(15))),
            ["r15-last-is-no-count: The last visit, at 8, does not see the closing and the count."],
        ),
        (
            with_visits(OPENING, *VOTING, replace(COUNT, leaves_at=at(14, 59), arrives_at=at(14, 20))),
            ["r15-last-is-no-count: The last visit, at 8, does not see the closing and the count."],
        ),
        (
            with_visits(OPENING, replace(VOTING[0], kind=VisitKind.OPENING), *VOTING[1:], COUNT),
            ["r15-stage-in-between: The visit at 2 is no voting visit."],
        ),
        (
            with_visits(OPENING, replace(VOTING[0], arrives_at=at(4, 29)), *VOTING[1:], COUNT),
            ["r16-visits-overlap: The visits at 1 and 2 overlap."],
        ),
        (
            with_visits(OPENING, VOTING[0], replace(VOTING[1], drive=20 * MINUTE + MINUTE / 60), *VOTING[2:], COUNT),
            ["r16-no-time-to-drive: From 2 to 3 there are 20 minutes, and the way takes 21."],
        ),
        (
            with_visits(OPENING, replace(VOTING[0], leaves_at=at(5, 29)), *VOTING[1:], COUNT),
            ["r16-short-visit: The visit at 2 lasts 29 minutes, 30 at least are wanted."],
        ),
        (
            with_visits(OPENING, *VOTING[1:], COUNT),
            ["r16-few-visits: The team has too few visits: 7, where at least 8 are wanted."],
        ),
        (
            with_visits(
                OPENING,
                *VOTING,
                *MORE,
                COUNT,
            ),
            ["r16-many-visits: The team has too many visits: 13, where at most 12 are wanted."],
        ),
        (
            with_visits(OPENING, *VOTING, replace(COUNT, drive=61 * MINUTE)),
            ["r17-long-leg: The way from 7 to 8 takes 61 minutes (at most 60)."],
        ),
        (
            _driven(35),
            [
                *(
                    f"r16-no-time-to-drive: From {number} to {number + 1} there are {free} minutes, "
                    "and the way takes 35."
                    for number, free in ((1, 30), *((number, 20) for number in range(2, 7)))
                ),
                "r17-long-day: The team drives 245 minutes on 7 February 2024 (at most 240).",
            ],
        ),
    ],
)
def test_a_broken_rule_is_told_with_its_evidence(team: TeamFacts, sentences: list[str]) -> None:
    assert told(team) == sentences


@pytest.mark.parametrize(
    "team",
    [
        with_visits(OPENING, replace(VOTING[0], arrives_at=at(4, 50)), *VOTING[1:], COUNT),
        with_visits(OPENING, replace(VOTING[0], leaves_at=at(5, 30)), *VOTING[1:], COUNT),
        with_visits(OPENING, *VOTING, replace(COUNT, drive=60 * MINUTE)),
        with_visits(OPENING, *VOTING, replace(COUNT, drive=None)),
        replace(ABROAD, visits=(OPENING, replace(VOTING[0], station="1"), replace(COUNT, station="1"))),
        LONG_TERM,
    ],
    ids=["just-in-time", "half-an-hour", "an-hour", "way-unknown", "one-station-all-day", "long-term"],
)
def test_the_edge_of_a_rule_is_kept(team: TeamFacts) -> None:
    assert codes(team) == []


@pytest.mark.parametrize("team", [TEAM, ABROAD], ids=["short-term", "overseas"])
def test_visits_on_a_day_that_is_not_election_day_any_more_are_told(team: TeamFacts) -> None:
    moved = replace(PLAN, e_day=dt.date(2024, 2, 8))

    assert told(team, moved) == [
        "r15-other-day: The visits are on 7 February 2024, but election day is 8 February 2024."
    ]
    assert codes(LONG_TERM, moved) == []


@pytest.mark.parametrize(
    ("team", "plan", "expected"),
    [
        (
            _at_night(1, 30),
            CLOSED_AT_NIGHT,
            ["r17-night-driving: The way from 1 to 2 falls into the night, and Border is closed then."],
        ),
        (_at_night(1, 30), PLAN, []),
        (TEAM, CLOSED_AT_NIGHT, []),
    ],
    ids=["night-and-closed", "night-and-open", "day-and-closed"],
)
def test_nobody_drives_at_night_where_the_roads_are_closed_then(
    team: TeamFacts, plan: PlanFacts, expected: list[str]
) -> None:
    assert [line for line in told(team, plan) if line.startswith("r17-night")] == expected


@pytest.mark.parametrize(
    ("day", "begins", "expected"),
    [
        (8, 6, ["r19-short-rest: Between 8 February 2024 and 9 February 2024 the team rests 10 hours (at least 11)."]),
        (8, 7, []),
        (7, 6, []),
    ],
    ids=["too-short", "long-enough", "night-of-the-count"],
)
def test_a_team_rests_between_two_days(day: int, begins: int, expected: list[str]) -> None:
    first = replace(VOTING[0], day=dt.date(2024, 2, day), arrives_at=at(18, day=day), leaves_at=at(20, day=day))
    second = replace(
        VOTING[1],
        day=dt.date(2024, 2, day + 1),
        arrives_at=at(begins, day=day + 1),
        leaves_at=at(begins + 2, day=day + 1),
        drive=None,
    )
    team = replace(TEAM, kind=TeamKind.LONG_TERM, visits=(first, second))

    assert [line for line in told(team) if line.startswith("r19")] == expected
