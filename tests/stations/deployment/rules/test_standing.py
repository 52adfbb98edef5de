"""R07, R08, R13, R14: whether people may be where the plan sends them."""

import datetime as dt
from dataclasses import replace

import pytest

from stations.deployment.rules.facts import PlanFacts, TeamFacts
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
    with_anna,
    with_visits,
)

MOVED = replace(PLAN, e_day=dt.date(2024, 2, 11))


def _on(day: int) -> TeamFacts:
    return with_visits(*(replace(visit, day=dt.date(2024, 2, day)) for visit in TEAM.visits))


@pytest.mark.parametrize(
    ("team", "plan", "sentences"),
    [
        (with_anna(accredited_from=None), PLAN, ["r07-not-accredited: Anna has no active accreditation."]),
        (
            with_anna(accredited_from=at(3, 45)),
            PLAN,
            ["r07-accredited-later: Anna is accredited only after the first visit begins."],
        ),
        (
            with_anna(accredited_from=at(21, day=6)),
            PLAN,
            ["r07-accredited-later: Anna is accredited only after the first visit begins."],
        ),
        (
            TEAM,
            replace(PLAN, accreditations_end=at(16, 59)),
            [
                "r07-accreditation-over: The accreditation of Anna ends before the last visit.",
                "r07-accreditation-over: The accreditation of Boris ends before the last visit.",
            ],
        ),
        (with_anna(has_card=False), PLAN, ["r07-no-card: No card has been issued to Anna."]),
        (
            with_anna(is_booked_elsewhere=True),
            PLAN,
            ["r08-double-booked: Anna is already in a released plan on that day."],
        ),
        (replace(TEAM, has_area=False), PLAN, ["r13-no-area: The team belongs to no area of responsibility."]),
        (
            replace(TEAM, is_supervised=False),
            PLAN,
            ["r13-area-not-supervised: No long-term team looks after the team's area."],
        ),
        (
            with_visits(OPENING, replace(VOTING[0], constituency=9), *VOTING[1:], COUNT),
            PLAN,
            ["r13-visit-outside-area: Station 2 is outside the team's area."],
        ),
        (
            with_anna(arrives_on=dt.date(2024, 2, 8)),
            PLAN,
            ["r13-not-in-country: Anna is not in the country on 7 February 2024."],
        ),
        (
            with_anna(departs_on=dt.date(2024, 2, 6)),
            PLAN,
            ["r13-not-in-country: Anna is not in the country on 7 February 2024."],
        ),
        (
            replace(LONG_TERM, members=with_anna(departs_on=dt.date(2024, 2, 6)).members),
            PLAN,
            ["r13-not-in-country: Anna is not in the country on 7 February 2024."],
        ),
        (
            TEAM,
            replace(PLAN, partners_before={1: frozenset({3}), 2: frozenset({1})}),
            ["r14-changed-on-the-day: Anna changes teams between the start of election day and the end of tabulation."],
        ),
        (
            TEAM,
            replace(PLAN, partners_before={2: frozenset({1})}),
            ["r14-changed-on-the-day: Anna changes teams between the start of election day and the end of tabulation."],
        ),
    ],
)
def test_a_broken_rule_is_told_with_its_evidence(team: TeamFacts, plan: PlanFacts, sentences: list[str]) -> None:
    assert told(team, plan) == sentences


@pytest.mark.parametrize(
    ("team", "plan"),
    [
        (TEAM, replace(PLAN, accreditations_end=at(17))),
        (with_anna(accredited_from=at(20, day=6)), PLAN),
        (replace(TEAM, is_supervised=False), replace(PLAN, has_long_term_teams=False)),
        (replace(TEAM, constituencies=frozenset()), PLAN),
        (with_anna(arrives_on=dt.date(2024, 2, 7), departs_on=dt.date(2024, 2, 7)), PLAN),
        (replace(ABROAD, members=with_anna(arrives_on=dt.date(2024, 2, 8)).members), PLAN),
        (TEAM, replace(PLAN, partners_before={1: frozenset({2}), 2: frozenset({1})})),
    ],
    ids=["ends-with-count", "from-midnight", "no-ltos", "area-unknown", "that-day-only", "lives-abroad", "same-pair"],
)
def test_the_edge_of_a_rule_is_kept(team: TeamFacts, plan: PlanFacts) -> None:
    assert codes(team, plan) == []


@pytest.mark.parametrize(("day", "outside"), [(7, True), (8, False), (13, False), (14, True)])
def test_short_term_observers_work_from_three_days_before_until_two_days_after(day: int, outside: bool) -> None:
    late = ["r07-accredited-later"] if day < 7 else []

    found = codes(_on(day), MOVED)

    assert found == [*late, *(["r13-outside-short-term"] if outside else []), "r15-other-day"]
