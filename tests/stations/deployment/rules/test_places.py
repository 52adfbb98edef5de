"""R15, R18, R21-R24: where a team may go."""

from dataclasses import replace

import pytest

from stations.deployment.rules.facts import PlanFacts, Restriction, TeamFacts
from stations.deployment.states import RestrictionLevel
from tests.stations.deployment.rules.facts import (
    ABROAD,
    ANNA,
    BORIS,
    COUNT,
    OPENING,
    PLAN,
    TEAM,
    VOTING,
    codes,
    told,
    with_visits,
)


def _restricted(level: RestrictionLevel, *, is_approved: bool = False, place: int = 8) -> PlanFacts:
    return replace(PLAN, restrictions={place: (Restriction("Mine field", level, "Security officer", is_approved),)})


THERE = with_visits(OPENING, replace(VOTING[0], constituency=8), *VOTING[1:], COUNT)


@pytest.mark.parametrize(
    ("team", "plan", "sentences"),
    [
        (
            THERE,
            _restricted(RestrictionLevel.NO_GO),
            ["r18-no-go: Nobody is sent to Mine field, where station 2 is."],
        ),
        (
            THERE,
            _restricted(RestrictionLevel.APPROVAL),
            ["r18-approval-missing: Security officer has not approved going to Mine field, where station 2 is."],
        ),
        (
            with_visits(
                OPENING, replace(VOTING[0], missing_access=(("escort", "Police", "waiting"),)), *VOTING[1:], COUNT
            ),
            PLAN,
            ["r18-access-missing: At station 2 the visit has no escort of Police: it is asked for and not decided."],
        ),
        (
            with_visits(replace(OPENING, is_closed=True), *VOTING, COUNT),
            PLAN,
            ["r15-station-closed: Station 1 is out of use."],
        ),
        (
            with_visits(OPENING, *VOTING, replace(COUNT, is_outside_sample=True)),
            PLAN,
            ["r21-outside-sample: Station 8 is not in the locked sample."],
        ),
        (
            with_visits(OPENING, replace(VOTING[0], times_in_stage=2), *VOTING[1:], COUNT),
            PLAN,
            ["r22-station-twice: Station 2 is visited more than once in this stage (voting)."],
        ),
        (
            with_visits(OPENING, replace(VOTING[0], is_of_other_mission=True), *VOTING[1:], COUNT),
            PLAN,
            ["r23-other-mission-there: Another mission goes to station 2 too."],
        ),
        (
            replace(ABROAD, members=(ANNA, replace(BORIS, nationalities=frozenset({"KOR"})))),
            PLAN,
            ["r24-own-country: Boris is a national of South Korea, where the station is."],
        ),
        (
            replace(ABROAD, members=(replace(ANNA, residence="USA"), BORIS)),
            PLAN,
            ["r24-not-resident: Nobody of the team lives in South Korea."],
        ),
    ],
)
def test_a_broken_rule_is_told_with_its_evidence(team: TeamFacts, plan: PlanFacts, sentences: list[str]) -> None:
    assert told(team, plan) == sentences


@pytest.mark.parametrize(
    ("team", "plan"),
    [
        (THERE, _restricted(RestrictionLevel.APPROVAL, is_approved=True)),
        (TEAM, _restricted(RestrictionLevel.NO_GO)),
        (with_visits(OPENING, replace(VOTING[0], constituency=None), *VOTING[1:], COUNT, team=ABROAD), PLAN),
        (replace(ABROAD, members=(ANNA, replace(BORIS, residence="KOR"))), PLAN),
    ],
    ids=["approved", "elsewhere", "abroad", "two-residents"],
)
def test_the_edge_of_a_rule_is_kept(team: TeamFacts, plan: PlanFacts) -> None:
    assert codes(team, plan) == []


def test_one_precondition_of_a_station_is_told_once_however_often_a_team_comes() -> None:
    missing = (("escort", "Police", "waiting"), ("permit", "Headquarters", "not_requested"))
    visits = (replace(OPENING, missing_access=missing), *VOTING, replace(COUNT, station="1", missing_access=missing))

    assert codes(with_visits(*visits)) == ["r18-access-missing", "r18-access-missing"]
