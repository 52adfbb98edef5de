"""Visits that took place over plans and versions, and the day of each team, in few queries."""

from typing import Any

import pytest

from missions.models import Election, Mission, User
from stations.deployment.models import DeploymentPlan, Team
from stations.deployment.presence.matching import ActualVisit
from stations.deployment.presence.selectors import actual_visits, team_days
from stations.deployment.presence.services.reports import take_reports
from stations.deployment.presence.states import PresenceKind, VisitStanding
from stations.deployment.services.copying import copy_plan
from stations.deployment.states import PlanState
from stations.models import PollingStation
from tests.stations.deployment.builders import deployed, pool_mission, team
from tests.stations.deployment.presence.conftest import OnTheDay, hour, released_day

pytestmark = pytest.mark.django_db

ARRIVED, LEFT, IN_AREA = PresenceKind.ARRIVED, PresenceKind.LEFT, PresenceKind.IN_AREA


def _report(day: OnTheDay, by: User, *said: tuple[PresenceKind, int | None, int]) -> None:
    """Kind, place in the register, and hour; sent in the wrong order, late in the evening."""
    drafts = [
        day.draft(kind, hour(at), nonce=f"{kind}{station}{at}", station=station) for kind, station, at in reversed(said)
    ]
    taken = take_reports(drafts=drafts, device_now=hour(20), by=by, at=hour(20))
    assert [row.error for row in taken] == [None] * len(said)


def test_visits_are_read_as_of_an_instant_in_three_queries(
    day: OnTheDay, lead: User, django_assert_num_queries: Any
) -> None:
    _report(day, lead, (IN_AREA, None, 2), (ARRIVED, 0, 3), (LEFT, 0, 5), (ARRIVED, 9, 6))
    stations, (first, *_rest) = day.register, day.visits()
    plans = DeploymentPlan.objects.filter(pk=day.plan.pk)

    opening = ActualVisit(day.first.pk, stations[0].pk, first.pk, hour(3), hour(5))
    with django_assert_num_queries(3):
        assert actual_visits(plans, at=hour(8)) == [
            opening,
            ActualVisit(day.first.pk, stations[9].pk, None, hour(6), None),
        ]
    assert actual_visits(plans, at=hour(2)) == []
    assert actual_visits(plans, at=hour(4)) == [ActualVisit(day.first.pk, stations[0].pk, first.pk, hour(3), None)]
    assert actual_visits(DeploymentPlan.objects.none(), at=hour(8)) == []


def test_a_team_keeps_its_visits_in_the_version_that_replaces_its_plan(day: OnTheDay, lead: User) -> None:
    _report(day, lead, (ARRIVED, 0, 3))
    draft = copy_plan(plan=day.plan, by=lead, at=hour(4))
    same = Team.objects.get(plan=draft, key=day.first.key)
    DeploymentPlan.objects.filter(pk=day.plan.pk).update(state=PlanState.SUPERSEDED)
    DeploymentPlan.objects.filter(pk=draft.pk).update(state=PlanState.RELEASED, released_at=hour(4))

    (visit,) = actual_visits(DeploymentPlan.objects.released(), at=hour(8))

    assert (visit.team_id, visit.visit_id) == (same.pk, day.visits(same)[0].pk)


def test_the_day_of_a_team_tells_what_comes_next_and_who_was_never_heard_of(
    day: OnTheDay, lead: User, django_assert_max_num_queries: Any
) -> None:
    _report(day, lead, (ARRIVED, 0, 4), (LEFT, 0, 5), (ARRIVED, 9, 6), (LEFT, 9, 7))
    second, third, _last = day.visits()[1:]

    with django_assert_max_num_queries(8):
        heard, silent, abroad = team_days(day.plan, lead, at=third.arrives_at)

    assert [line.standing.standing.value for line in heard.lines] == [
        "done",
        "missed",
        "to_come",
        "to_come",
        "unplanned",
    ]
    assert heard.lines[0].standing.minutes_late == 30
    assert heard.next is not None
    assert heard.next.standing.stop is not None
    assert heard.next.standing.stop.visit_id == third.pk
    assert heard.last is not None
    assert (heard.last.kind, heard.last.happened_at, heard.counts[VisitStanding.MISSED]) == ("left", hour(7), 1)
    assert (silent.last, silent.team) == (None, day.second)
    assert (abroad.team, second.pk in [line.standing.stop and line.standing.stop.visit_id for line in heard.lines]) == (
        day.abroad,
        True,
    )


def test_of_the_pool_a_lead_reads_the_days_of_own_teams(
    election: Election, other_lead: User, other_mission: Mission, register: list[PollingStation]
) -> None:
    day = released_day(election, None, pool_mission(election, "ELSEWHERE"), register)
    team(day.plan, 4, [deployed(other_mission, "FRA"), deployed(other_mission, "DEU")], register[10:12])

    assert [each.team.number for each in team_days(day.plan, other_lead, at=hour(4))] == [4]
