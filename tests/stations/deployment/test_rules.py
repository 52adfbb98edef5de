"""Each release rule with facts that keep it and facts that break it."""

import datetime as dt
from dataclasses import replace

import pytest

from stations.deployment.rules import MemberFacts, PlanFacts, TeamFacts, VisitFacts, violations_of
from stations.deployment.states import TeamKind, VisitKind


def _at(hour: int, minute: int = 0, day: int = 7) -> dt.datetime:
    return dt.datetime(2024, 2, day, hour, minute, tzinfo=dt.UTC)


ANNA = MemberFacts("Anna", frozenset({"FRA"}), frozenset({"en", "fr"}), _at(0, day=1), None, None)
BORIS = MemberFacts("Boris", frozenset({"DEU"}), frozenset({"en"}), _at(0, day=1), None, None)


def _visit(station: str, kind: VisitKind, arrives: dt.datetime, leaves: dt.datetime) -> VisitFacts:
    return VisitFacts(station, kind, arrives, leaves, opens_at=_at(4), closes_at=_at(15))


OPENING = _visit("1", VisitKind.OPENING, _at(3, 30), _at(4, 30))
VOTING = _visit("2", VisitKind.VOTING, _at(5), _at(6))
COUNT = _visit("3", VisitKind.CLOSING_COUNT, _at(14, 30), _at(17))
TEAM = TeamFacts(
    number=4,
    kind=TeamKind.SHORT_TERM,
    has_area=True,
    is_supervised=True,
    members=(ANNA, BORIS),
    day=dt.date(2024, 2, 7),
    visits=(OPENING, VOTING, COUNT),
)
ABROAD = replace(TEAM, kind=TeamKind.OVERSEAS, has_area=False, is_supervised=False)
LONG_TERM = replace(TEAM, kind=TeamKind.LONG_TERM, day=None, visits=())
PLAN = PlanFacts(
    host_country="AZE",
    host_citizens_excluded=True,
    e_day=dt.date(2024, 2, 7),
    e_day_begins=_at(20, day=6),
    accreditations_end=None,
    first_day=dt.date(2024, 2, 4),
    last_day=dt.date(2024, 2, 9),
    early=dt.timedelta(minutes=30),
    has_long_term_teams=True,
    teams=(),
)


def _codes(team: TeamFacts, plan: PlanFacts = PLAN) -> list[str]:
    return [violation.code for violation in violations_of(replace(plan, teams=(team,)))]


def _with(member: MemberFacts, team: TeamFacts = TEAM) -> TeamFacts:
    return replace(team, members=(member, BORIS))


@pytest.mark.parametrize("team", [TEAM, ABROAD, LONG_TERM], ids=["short-term", "overseas", "long-term"])
def test_a_sound_team_breaks_nothing(team: TeamFacts) -> None:
    assert _codes(team) == []


@pytest.mark.parametrize("team", [TEAM, ABROAD], ids=["short-term", "overseas"])
def test_visits_on_a_day_that_is_not_election_day_any_more_are_refused(team: TeamFacts) -> None:
    moved = replace(PLAN, e_day=dt.date(2024, 2, 8))

    assert _codes(team, moved) == ["r15-other-day"]
    assert _codes(LONG_TERM, moved) == []


@pytest.mark.parametrize(
    ("team", "codes"),
    [
        (replace(TEAM, members=(ANNA,)), ["r01-two-observers"]),
        (replace(TEAM, members=()), ["r01-two-observers"]),
        (_with(replace(ANNA, nationalities=frozenset({"FRA", "DEU"}))), ["r02-common-nationality"]),
        (_with(replace(ANNA, nationalities=frozenset({"AZE"}))), ["r03-host-national"]),
        (_with(replace(ANNA, accredited_from=None)), ["r07-not-accredited"]),
        (_with(replace(ANNA, accredited_from=_at(3, 45))), ["r07-accredited-later"]),
        (_with(replace(ANNA, accredited_from=_at(21, day=6))), ["r07-accredited-later"]),
        (_with(replace(ANNA, languages=frozenset({"fr"}))), ["r12-no-shared-language"]),
        (replace(TEAM, has_area=False), ["r13-no-area"]),
        (replace(TEAM, is_supervised=False), ["r13-area-not-supervised"]),
        (replace(TEAM, day=dt.date(2024, 2, 3)), ["r13-outside-short-term", "r15-other-day"]),
        (replace(TEAM, day=dt.date(2024, 2, 10)), ["r13-outside-short-term", "r15-other-day"]),
        (_with(replace(ANNA, arrives_on=dt.date(2024, 2, 8))), ["r13-not-in-country"]),
        (_with(replace(ANNA, departs_on=dt.date(2024, 2, 6))), ["r13-not-in-country"]),
        (replace(TEAM, visits=()), ["r15-no-visits"]),
        (replace(TEAM, visits=(VOTING, COUNT)), ["r15-first-is-no-opening"]),
        (replace(TEAM, visits=(replace(OPENING, arrives_at=_at(3, 31)), COUNT)), ["r15-first-is-no-opening"]),
        (replace(TEAM, visits=(OPENING, VOTING)), ["r15-last-is-no-count"]),
        (replace(TEAM, visits=(OPENING, replace(COUNT, arrives_at=_at(15)))), ["r15-last-is-no-count"]),
        (replace(TEAM, visits=(OPENING, replace(COUNT, leaves_at=_at(14, 59)))), ["r15-last-is-no-count"]),
        (replace(TEAM, visits=(OPENING, replace(VOTING, kind=VisitKind.OPENING), COUNT)), ["r15-stage-in-between"]),
        (replace(TEAM, visits=(OPENING, replace(VOTING, arrives_at=_at(4, 29)), COUNT)), ["r16-visits-overlap"]),
    ],
)
def test_a_broken_rule_is_named(team: TeamFacts, codes: list[str]) -> None:
    assert _codes(team) == codes


@pytest.mark.parametrize(
    ("team", "plan"),
    [
        (_with(replace(ANNA, nationalities=frozenset({"AZE"}))), replace(PLAN, host_citizens_excluded=False)),
        (_with(replace(ANNA, arrives_on=dt.date(2024, 2, 7), departs_on=dt.date(2024, 2, 7))), PLAN),
        (_with(replace(ANNA, arrives_on=dt.date(2024, 2, 8)), ABROAD), PLAN),
        (replace(TEAM, is_supervised=False), replace(PLAN, has_long_term_teams=False)),
        (replace(LONG_TERM, day=dt.date(2024, 1, 10)), PLAN),
        (TEAM, replace(PLAN, accreditations_end=_at(12, day=8))),
        (replace(TEAM, visits=(OPENING, replace(VOTING, arrives_at=_at(4, 30)), COUNT)), PLAN),
    ],
)
def test_the_edge_of_a_rule_is_kept(team: TeamFacts, plan: PlanFacts) -> None:
    assert _codes(team, plan) == []


def test_accreditation_must_last_until_the_count_is_over() -> None:
    codes = _codes(TEAM, replace(PLAN, accreditations_end=_at(16, 59)))

    assert codes == ["r07-accreditation-over", "r07-accreditation-over"]


def test_a_violation_names_the_team_and_the_evidence() -> None:
    team = _with(replace(ANNA, nationalities=frozenset({"FRA", "DEU"})))

    (violation,) = violations_of(replace(PLAN, teams=(team,)))

    assert (violation.field, violation.detail) == ("team-4", "Anna, Boris are both nationals of DEU.")
