"""A sound team and a sound plan as facts; each test spoils one thing."""

import datetime as dt
from dataclasses import replace

from stations.deployment.rules import judge, load_deployment_profile
from stations.deployment.rules.facts import MemberFacts, PlanFacts, TeamFacts, VisitFacts
from stations.deployment.rules.findings import Finding
from stations.deployment.states import RuleStrength, TeamKind, VisitKind

E_DAY = dt.date(2024, 2, 7)
PROFILE = load_deployment_profile("odihr-like")
#: A profile that asks for everything, so that no rule is silent.
STRICT = replace(PROFILE, strengths=dict.fromkeys(PROFILE.strengths, RuleStrength.BLOCK))


def at(hour: int, minute: int = 0, day: int = 7) -> dt.datetime:
    return dt.datetime(2024, 2, day, hour, minute, tzinfo=dt.UTC)


ANNA = MemberFacts(
    key=1,
    name="Anna",
    nationalities=frozenset({"FRA"}),
    languages=frozenset({"en", "fr"}),
    accredited_from=at(0, day=1),
    sex="f",
    is_experienced=True,
    residence="KOR",
    delegation="North",
)
BORIS = MemberFacts(
    key=2,
    name="Boris",
    nationalities=frozenset({"DEU"}),
    languages=frozenset({"en", "az"}),
    accredited_from=at(0, day=1),
    sex="m",
    residence="DEU",
    delegation="South",
)


def visit(
    station: str, kind: VisitKind, arrives: dt.datetime, leaves: dt.datetime, *, drive: int = 0, place: int = 7
) -> VisitFacts:
    return VisitFacts(
        station=station,
        kind=kind,
        day=E_DAY,
        arrives_at=arrives,
        leaves_at=leaves,
        opens_at=at(4),
        closes_at=at(15),
        time_zone="Asia/Baku",
        constituency=place,
        drive=dt.timedelta(minutes=drive) if drive else None,
    )


OPENING = visit("1", VisitKind.OPENING, at(3, 30), at(4, 30))
VOTING = tuple(
    visit(str(number), VisitKind.VOTING, at(hour), at(hour, 40), drive=20)
    for number, hour in enumerate(range(5, 11), 2)
)
COUNT = visit("8", VisitKind.CLOSING_COUNT, at(14, 30), at(17), drive=20)
TEAM = TeamFacts(
    number=4,
    kind=TeamKind.SHORT_TERM,
    has_area=True,
    is_supervised=True,
    members=(ANNA, BORIS),
    visits=(OPENING, *VOTING, COUNT),
    place="7. Lakes",
    constituency=7,
    languages=frozenset({"az"}),
    constituencies=frozenset({7, 8}),
)
ABROAD = replace(
    TEAM,
    kind=TeamKind.OVERSEAS,
    has_area=False,
    is_supervised=False,
    place="country:KOR",
    country="KOR",
    constituency=None,
    languages=frozenset(),
    constituencies=frozenset(),
)
LONG_TERM = replace(TEAM, kind=TeamKind.LONG_TERM, visits=(), constituency=None, place="", languages=frozenset())
PLAN = PlanFacts(
    at=at(9, day=4),
    host_country="AZE",
    host_citizens_excluded=True,
    e_day=E_DAY,
    e_day_begins=at(20, day=6),
    accreditations_end=None,
    has_long_term_teams=True,
    teams=(),
    place_names={7: "7. Lakes", 8: "8. Hills"},
)


def found(team: TeamFacts, plan: PlanFacts = PLAN) -> list[Finding]:
    return list(judge(replace(plan, teams=(team,)), STRICT))


def codes(team: TeamFacts, plan: PlanFacts = PLAN) -> list[str]:
    return [finding.code for finding in found(team, plan)]


def told(team: TeamFacts, plan: PlanFacts = PLAN) -> list[str]:
    """The findings in words, each with its code in front."""
    return [f"{finding.code}: {finding.sentence}" for finding in found(team, plan)]


def with_anna(**changes: object) -> TeamFacts:
    return replace(TEAM, members=(replace(ANNA, **changes), BORIS))  # type: ignore[arg-type]  # named by the tests


def with_visits(*visits: VisitFacts, team: TeamFacts = TEAM) -> TeamFacts:
    return replace(team, visits=visits)
