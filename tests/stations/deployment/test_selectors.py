"""Counts over released plans, gaps abroad, and the gist of a plan."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from missions.models import Election, Mission
from stations.deployment.models import DeploymentPlan
from stations.deployment.records import StageSummary, stages_to_json
from stations.deployment.selectors import (
    ConstituencyCounts,
    Coverage,
    Share,
    coverage,
    host_counts,
    overseas_gaps,
    plan_summary,
)
from stations.deployment.states import LeftOutReason, PlanState, TeamKind
from stations.models import PollingStation
from tests.stations.deployment.builders import area, deployed, plan, team

pytestmark = pytest.mark.django_db


def _two_plans(
    election: Election, mission: Mission, register: list[PollingStation], state: PlanState
) -> DeploymentPlan:
    """A self-directed plan with a long-term and a short-term team, and a pool plan at home and in Seoul."""
    own, pool = plan(election, mission, state=state), plan(election, None, state=state)
    north = area(own, "North")
    team(own, 1, [deployed(mission, "FRA", experienced=True)], [], within=north, kind=TeamKind.LONG_TERM)
    team(own, 2, [deployed(mission, "FRA"), deployed(mission, "DEU")], register[:3], within=north)
    team(pool, 1, [deployed(mission, "ITA"), deployed(mission, "ESP")], [register[2], register[3], register[10]])
    team(pool, 2, [deployed(mission, "NOR")], [register[-3]], kind=TeamKind.OVERSEAS)
    return own


def test_the_host_counts_teams_and_visits_per_constituency_over_all_missions(
    election: Election, mission: Mission, register: list[PollingStation]
) -> None:
    _two_plans(election, mission, register, PlanState.RELEASED)

    with CaptureQueriesContext(connection) as captured:
        rows = host_counts(election)

    first, second, third = sorted({station.constituency_id or 0 for station in register} - {0})
    assert rows == [
        ConstituencyCounts(first, 1, "Constituency 1", "North", teams=2, visits=5),
        ConstituencyCounts(second, 2, "Constituency 2", "North", teams=0, visits=0),
        ConstituencyCounts(third, 3, "Constituency 3", "South", teams=0, visits=1),
    ]
    assert len(captured) == 3


def test_coverage_counts_distinct_stations(
    election: Election, mission: Mission, register: list[PollingStation]
) -> None:
    _two_plans(election, mission, register, PlanState.RELEASED)

    with CaptureQueriesContext(connection) as captured:
        found = coverage(election)

    assert found == Coverage(
        stations=Share(6, 18),
        home=Share(5, 15),
        urban=Share(5, 15),
        rural=Share(0, 0),
        web_cameras=Share(2, 3),
        newly_covered=Share(0, 3),
        constituencies=Share(2, 3),
        overseas_countries=Share(1, 2),
        overseas_stations=Share(1, 3),
    )
    assert len(captured) == 1


@pytest.mark.parametrize("state", [PlanState.DRAFT, PlanState.SUPERSEDED, PlanState.DISCARDED])
def test_only_released_plans_count(
    election: Election, mission: Mission, register: list[PollingStation], state: PlanState
) -> None:
    _two_plans(election, mission, register, state)

    assert coverage(election).stations == Share(0, 18)
    assert [(row.teams, row.visits) for row in host_counts(election)] == [(0, 0)] * 3


def test_gaps_abroad_are_those_of_the_pool_and_of_nobody_else(
    election: Election, mission: Mission, register: list[PollingStation]
) -> None:
    """That a self-directed mission goes to the second station must not show."""
    seoul, angeles, york = register[-3:]
    pool = plan(election, None, state=PlanState.RELEASED)
    pool.left_out = [
        {"what": "overseas_station", "reason": "no_residents", "ids": [york.pk, angeles.pk]},
        {"what": "observer", "reason": "no_partner", "ids": [seoul.pk]},
    ]
    pool.save()
    own = plan(election, mission, state=PlanState.RELEASED)
    team(own, 1, [deployed(mission, "FRA")], [angeles], kind=TeamKind.OVERSEAS)

    gaps = overseas_gaps(election)

    assert [(gap.code, gap.country, gap.reason) for gap in gaps] == [
        ("90002", "USA", LeftOutReason.NO_RESIDENTS),
        ("90003", "USA", LeftOutReason.NO_RESIDENTS),
    ]
    assert gaps[0].sentence == "no observer lives in or near the country without being its national"


def test_without_a_released_pool_plan_no_gap_is_claimed(election: Election, register: list[PollingStation]) -> None:
    plan(election, None).save()

    assert overseas_gaps(election) == []


def test_the_summary_of_a_plan(election: Election, mission: Mission, register: list[PollingStation]) -> None:
    own = _two_plans(election, mission, register, PlanState.DRAFT)
    stage = StageSummary("short_term", "teams", "feasible", 990, 1_000, 0.01, 0.2)
    routes = StageSummary("short_term", "routes", "feasible", 950, 1_000, 0.05, 1.5)
    own.stages = stages_to_json([stage, routes])
    own.stages[1]["covered"] = 998  # as rows of former releases have it
    own.left_out = [{"what": "observer", "reason": "no_partner", "ids": [3, 4]}]
    own.save()
    own.refresh_from_db()

    with CaptureQueriesContext(connection) as captured:
        summary = plan_summary(own)

    assert (summary.teams, summary.long_term_teams, summary.short_term_teams, summary.overseas_teams) == (2, 1, 1, 0)
    assert (summary.observers, summary.visits, summary.stations, summary.constituencies) == (3, 3, 3, 1)
    assert summary.stages == (stage, routes)
    assert [(row.what, row.count, row.sentence) for row in summary.left_out] == [
        ("observer", 2, "no partner of another nationality and a shared language was left")
    ]
    assert len(captured) == 2
