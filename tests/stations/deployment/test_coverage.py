"""Coverage of the register by one plan and by all together: planned and as it took place, to the last station."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from missions.models import Election, Membership, Mission, User
from missions.states import MembershipRole, PlanSharing
from stations.deployment.coverage import CoverageReport, Reached, StratumGroup, joint_coverage, plan_coverage
from stations.deployment.coverage_chart import draw_coverage
from stations.deployment.models import DeploymentPlan, DeploymentSettings, Team
from stations.deployment.presence.models import PresenceReport
from stations.deployment.presence.states import PresenceKind
from stations.deployment.states import PlanState, TeamKind
from stations.models import AccessRequirement, PollingStation
from stations.states import AccessCondition
from tests.staff import in_role
from tests.stations.deployment.builders import constituency, deployed, home_stations, plan, pool_mission, team

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2024, 2, 7, 8, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def own(election: Election, mission: Mission, register: list[PollingStation]) -> DeploymentPlan:
    """A released plan of a self-directed mission: the first three stations of constituency 1, and one in the South."""
    made = plan(election, mission, state=PlanState.RELEASED)
    people = [deployed(mission, nationality) for nationality in ("FRA", "DEU", "ITA", "ESP")]
    team(made, 1, people[:2], register[:3])
    team(made, 2, people[2:], [register[0], register[10]])
    return made


@pytest.fixture
def pool(election: Election, register: list[PollingStation]) -> DeploymentPlan:
    """The pool's released plan: two missions with a team each, one of them in Seoul."""
    made = plan(election, None, state=PlanState.RELEASED)
    for number, (code, stations, kind) in enumerate(
        [("A", register[3:5], TeamKind.SHORT_TERM), ("B", register[-3:-2], TeamKind.OVERSEAS)], start=1
    ):
        mission = pool_mission(election, code)
        team(made, number, [deployed(mission, "NOR"), deployed(mission, "FIN")], stations, kind=kind)
    return made


def lead_of(mission: Mission) -> User:
    user = User.objects.create_user(f"lead@{mission.code.lower()}.example")
    Membership.objects.create(user=user, mission=mission, role=MembershipRole.LEAD)
    return user


def report_visit(of: Team, station: PollingStation, at: dt.datetime) -> None:
    """The team tells that it has arrived and that it has left."""
    for number, kind in enumerate((PresenceKind.ARRIVED, PresenceKind.LEFT)):
        when = at + dt.timedelta(minutes=30 * number)
        PresenceReport.objects.create(
            team=of,
            team_key=of.key,
            nonce=f"{station.code}-{kind}",
            kind=kind,
            station=station,
            client_time=when,
            skew_seconds=0,
            happened_at=when,
            received_at=when,
        )


def counts(report: CoverageReport, *groups: StratumGroup) -> dict[str, tuple[int, Reached, Reached | None]]:
    return {row.code: (row.stations, row.planned, row.actual) for row in report.of_group(*groups)}


def home(report: CoverageReport) -> tuple[int, Reached, Reached | None]:
    return counts(report, StratumGroup.WHOLE)["home"]


def test_a_plan_is_counted_by_everything_that_stations_are_told_apart_by(
    own: DeploymentPlan, mission: Mission, register: list[PollingStation]
) -> None:
    PollingStation.objects.filter(pk=register[1].pk).update(is_urban=False, kind="special")
    AccessRequirement.objects.create(station=register[2], condition=AccessCondition.ESCORT, granted_by="Ministry")
    report_visit(Team.objects.get(plan=own, number=1), register[4], NOON - dt.timedelta(hours=1))

    report = plan_coverage(own, lead_of(mission), at=NOON)

    none, one = Reached(0, 0), Reached(1, 1)
    assert counts(report, StratumGroup.WHOLE, StratumGroup.PLACE, StratumGroup.TRAIT) == {
        "home": (15, Reached(4, 5), one),
        "overseas": (3, none, none),
        "rural": (1, one, none),
        "urban": (14, Reached(3, 4), one),
        "newly_covered": (3, none, one),
        "special": (1, one, none),
        "special_access": (1, one, none),
        "web_camera": (3, Reached(2, 3), none),
    }
    assert counts(report, StratumGroup.REGION) == {"North": (10, Reached(3, 4), one), "South": (5, one, none)}
    assert counts(report, StratumGroup.CONSTITUENCY, StratumGroup.COUNTRY) == {
        "1": (5, Reached(3, 4), one),
        "2": (5, none, none),
        "3": (5, one, none),
        "KOR": (1, none, none),
        "USA": (2, none, none),
    }


def test_before_somebody_reports_nothing_took_place(own: DeploymentPlan, mission: Mission) -> None:
    report_visit(Team.objects.get(plan=own, number=1), PollingStation.objects.earliest("pk"), NOON)

    lead = lead_of(mission)

    earlier, later = (plan_coverage(own, lead, at=NOON + minutes) for minutes in (-MINUTE, MINUTE))

    assert [home(report)[2] for report in (earlier, later)] == [Reached(0, 0), Reached(1, 1)]


def test_the_host_counts_a_shared_plan_and_not_where_its_teams_are(own: DeploymentPlan, mission: Mission) -> None:
    Mission.objects.filter(pk=mission.pk).update(plan_sharing=PlanSharing.FULL)
    report_visit(Team.objects.get(plan=own, number=1), PollingStation.objects.earliest("pk"), NOON - MINUTE)

    report = plan_coverage(own, in_role("planner"), at=NOON)

    assert (home(report), report.knows_actual) == ((15, Reached(4, 5), None), False)


def test_of_the_pool_a_mission_counts_the_teams_with_own_people(
    pool: DeploymentPlan, register: list[PollingStation]
) -> None:
    for number, station in ((1, register[3]), (2, register[-3])):
        report_visit(Team.objects.get(plan=pool, number=number), station, NOON - dt.timedelta(hours=1))
    lead = lead_of(Mission.objects.get(code="A"))

    own, whole = plan_coverage(pool, lead, at=NOON), plan_coverage(pool, in_role("planner"), at=NOON)

    places = (StratumGroup.WHOLE,)
    assert counts(own, *places) == {
        "home": (15, Reached(2, 2), Reached(1, 1)),
        "overseas": (3, Reached(0, 0), Reached(0, 0)),
    }
    assert counts(whole, *places)["overseas"] == (3, Reached(1, 3), Reached(1, 1))


def test_together_plans_are_counted_and_of_what_took_place_only_the_ministrys(
    own: DeploymentPlan, pool: DeploymentPlan, election: Election, register: list[PollingStation]
) -> None:
    report_visit(Team.objects.get(plan=own, number=1), register[0], NOON - dt.timedelta(hours=1))
    report_visit(Team.objects.get(plan=pool, number=1), register[3], NOON - dt.timedelta(hours=1))
    plan(election, own.mission, version=2)

    with CaptureQueriesContext(connection) as captured:
        report = joint_coverage(election, at=NOON)

    assert counts(report, StratumGroup.CONSTITUENCY) == {
        "1": (5, Reached(5, 6), Reached(1, 1)),
        "2": (5, Reached(0, 0), Reached(0, 0)),
        "3": (5, Reached(1, 1), Reached(0, 0)),
    }
    assert len(captured) <= 8


def test_a_stratum_far_under_its_share_is_missed_by_the_numbers_of_the_profile(
    election: Election, mission: Mission
) -> None:
    """Two teams visit twenty-four of sixty stations, all in the North: the South would have one of them.

    To the West the mission does not go, so nothing is missed there.
    """
    north, south, west = (
        home_stations(constituency(election, number, region), 30, latitude=42.0 - number, longitude=48.0)
        for number, region in enumerate(("North", "South", "West"), start=1)
    )
    rules = DeploymentSettings.objects.create(election=election, mission=mission, profile="odihr-like")
    rules.goes_to.set({station.constituency_id or 0 for station in (*north, *south)})
    made = plan(election, mission, state=PlanState.RELEASED)
    team(made, 1, [deployed(mission, "FRA"), deployed(mission, "DEU")], north[:12])
    team(made, 2, [deployed(mission, "ITA"), deployed(mission, "ESP")], north[12:24])

    report = plan_coverage(made, lead_of(mission), at=NOON)

    assert [(row.group, row.code, row.planned.stations, row.expected) for row in report.missed] == [
        (StratumGroup.REGION, "South", 0, 12)
    ]
    assert {row.code: row.stations for row in report.of_group(StratumGroup.REGION)}["West"] == len(west)
    assert (report.limits.stratum_percent, report.limits.stratum_expected) == (50, 5)


def test_the_picture_has_a_bar_for_each_share_and_marks_what_falls_to_all(
    own: DeploymentPlan, mission: Mission
) -> None:
    report = plan_coverage(own, lead_of(mission), at=NOON)

    chart = draw_coverage(report, report.of_group(StratumGroup.WHOLE, StratumGroup.REGION))

    wide = chart.right - chart.left
    assert [(row.stratum.code, row.planned, row.actual) for row in chart.rows] == [
        ("home", round(wide * 266 / 500, 1), 0.0),
        ("overseas", 0.0, 0.0),
        ("North", round(wide * 300 / 500, 1), 0.0),
        ("South", round(wide * 200 / 500, 1), 0.0),
    ]
    assert [tick.percent for tick in chart.ticks] == [0, 10, 20, 30, 40, 50]
    assert (chart.average, chart.limit) == (
        chart.left + round(wide * 266 / 500, 1),
        chart.left + round(wide * 133 / 500, 1),
    )
    assert [row.y for row in chart.rows] == [chart.top + 26 * number for number in range(4)]


def test_an_election_without_stations_has_no_strata(election: Election) -> None:
    assert joint_coverage(election, at=NOON).strata == ()
