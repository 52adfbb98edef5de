"""Odd and bad data in the database: a plan that says why, or an error that names what is wrong. Never a silent drop."""

import datetime as dt

import pytest

from accreditation.models import Observer
from missions.models import Constituency, Election, Mission
from stations.deployment.errors import PlanNotSolvedError
from stations.deployment.models import DeploymentPlan, Team, TeamMember, Visit
from stations.deployment.records import left_out_from_json
from stations.deployment.services.plans import make_plan
from stations.deployment.states import LeftOutReason
from stations.models import PollingStation
from tests.stations.deployment.builders import constituency, deployed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register", "in_process")]


def make(mission: Mission, at: dt.datetime) -> DeploymentPlan:
    return make_plan(election=mission.election, mission=mission, seed=7, by=None, at=at)


def left_out(plan: DeploymentPlan, what: str) -> dict[LeftOutReason, int]:
    return {row.reason: row.count for row in left_out_from_json(plan.left_out) if row.what == what}


def at_home() -> list[PollingStation]:
    return list(PollingStation.objects.filter(constituency__isnull=False).order_by("code"))


@pytest.mark.usefixtures("crew")
def test_a_polling_day_shorter_than_a_visit_is_named(election: Election, mission: Mission, at: dt.datetime) -> None:
    closes_at = dt.time(election.opens_at.hour, election.opens_at.minute + 20)
    Election.objects.update(closes_at=closes_at)
    PollingStation.objects.filter(constituency__isnull=False).update(closes_at=closes_at)
    mission.election.refresh_from_db()

    with pytest.raises(PlanNotSolvedError) as caught:
        make(mission, at)

    assert [(row.code, row.detail) for row in caught.value.violations] == [
        ("params-window", "The polls are open for less time than one visit takes.")
    ]
    assert not DeploymentPlan.objects.exists()


@pytest.mark.usefixtures("crew")
def test_stations_without_coordinates_are_left_out_and_those_at_one_point_visited(
    mission: Mission, at: dt.datetime
) -> None:
    lost, *others = at_home()
    PollingStation.objects.filter(pk=lost.pk).update(latitude=None, longitude=None)
    PollingStation.objects.filter(pk__in=[row.pk for row in others]).update(latitude=40, longitude=48)

    plan = make(mission, at)

    assert left_out(plan, "station") == {LeftOutReason.NO_COORDINATES: 1}
    visited = Visit.objects.filter(visit_plan__team__plan=plan, station__constituency__isnull=False)
    assert set(visited.values_list("station", flat=True)) == {row.pk for row in others}


@pytest.mark.usefixtures("crew")
def test_a_constituency_without_a_station_has_no_team_and_is_no_gap(
    election: Election, mission: Mission, at: dt.datetime
) -> None:
    empty = constituency(election, 9, "North")

    plan = make(mission, at)

    placed = Team.objects.filter(plan=plan, constituency__isnull=False).values_list("constituency__number", flat=True)
    assert sorted(placed) == [1, 2, 3]
    assert not plan.areas.filter(constituencies=empty).exists()
    assert Constituency.objects.count() == 4


def test_people_of_one_nationality_have_no_team_and_the_reason(mission: Mission, at: dt.datetime) -> None:
    for _person in range(3):
        deployed(mission, "FRA", languages=("en",))

    plan = make(mission, at)

    assert left_out(plan, "observer") == {LeftOutReason.NO_PARTNER: 3}
    assert [(row["limit"], row["count"]) for row in plan.bindings if row["limit"].startswith("partner")] == [
        ("partner-nationality", 3)
    ]


def test_who_speaks_no_known_language_is_left_out_with_the_reason(mission: Mission, at: dt.datetime) -> None:
    mute = deployed(mission, "FRA")
    Observer.objects.filter(pk=mute.pk).update(languages=[])
    odd = deployed(mission, "DEU", languages=("zxx",))
    pair = {deployed(mission, code, languages=("en",)).pk for code in ("ITA", "ESP")}

    plan = make(mission, at)

    assert set(TeamMember.objects.filter(plan=plan).values_list("observer", flat=True)) == pair
    assert left_out(plan, "observer") == {LeftOutReason.NO_WORKING_LANGUAGE: 1, LeftOutReason.NO_PARTNER: 1}
    assert {mute.pk, odd.pk} == {
        key for row in left_out_from_json(plan.left_out) if row.what == "observer" for key in row.ids
    }


@pytest.mark.usefixtures("crew")
def test_more_people_than_stations_leave_teams_without_one_and_the_reason(mission: Mission, at: dt.datetime) -> None:
    first, *others = at_home()
    PollingStation.objects.filter(pk__in=[row.pk for row in others]).update(latitude=None, longitude=None)

    plan = make(mission, at)

    home = Visit.objects.filter(visit_plan__team__plan=plan, station__constituency__isnull=False)
    assert set(home.values_list("station", flat=True)) == {first.pk}
    assert left_out(plan, "observer")[LeftOutReason.NO_AREA_LEFT] == 4
