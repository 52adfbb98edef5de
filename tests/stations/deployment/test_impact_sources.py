"""Which plans a correction touches; of a self-directed mission's plan the host learns nothing (rule R30)."""

import datetime as dt

import pytest

from accreditation.changes import AccreditedPersonChange, Fact
from accreditation.models import Accreditation, Observer
from accreditation.states import Category, Role
from missions.impact import Change, Impact, Weight
from missions.kernel import clock
from missions.models import Election, Membership, Mission, User
from missions.states import DeploymentMode, MembershipRole, PlanSharing
from missions.timeline.changes import ElectionMove
from stations.changes import StationClosing
from stations.deployment.impact_sources import affected_plans, plans_of_stations, plans_of_the_day
from stations.deployment.models import DeploymentPlan
from stations.deployment.states import PlanState
from stations.models import PollingStation
from tests.conftest import staff
from tests.staff import browser_of, in_role
from tests.stations.deployment.builders import deployed, plan, pool_mission, team

pytestmark = pytest.mark.django_db

AT = dt.datetime(2024, 1, 18, 12, tzinfo=dt.UTC)


@pytest.fixture
def host() -> User:
    return staff("registrar@ministry.example", "accreditation.change_accreditation")


def change_of(person: Observer, *facts: Fact, role: Role = Role.STO) -> AccreditedPersonChange:
    accreditation = Accreditation.objects.get(observer=person)
    nomination = accreditation.application.nomination
    return AccreditedPersonChange(
        election_id=accreditation.election_id,
        accreditation_id=accreditation.pk,
        accreditation_ids=(accreditation.pk,),
        observer_id=person.pk,
        nomination_id=nomination.pk,
        facts=frozenset(facts),
        mission_id=nomination.mission_id,
        to_mission_id=nomination.mission_id,
        category=Category.INTERNATIONAL_OBSERVER,
        to_category=Category.INTERNATIONAL_OBSERVER,
        role=role,
        to_role=Role.HEAD_OF_MISSION,
    )


def asked(change: Change, user: User) -> list[Impact]:
    return list(affected_plans.of_change(change, user=user, at=AT))


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (PlanState.RELEASED, "Loses a member; 3 visits. The plan needs a new version."),
        (PlanState.DRAFT, "Loses a member; 3 visits. Make the draft again."),
    ],
)
def test_the_host_is_told_of_the_teams_of_the_pool(
    election: Election, register: list[PollingStation], host: User, state: PlanState, sentence: str
) -> None:
    own = pool_mission(election, "OWN")
    person, partner = deployed(own, "FRA"), deployed(own, "DEU")
    made = plan(election, None, state=state)
    team(made, 7, [person, partner], register[:3])
    team(made, 8, [deployed(own, "ITA"), deployed(own, "ESP")], register[5:8])

    [impact] = asked(change_of(person, Fact.ROLE), host)

    assert (str(impact.subject), impact.sentence) == (f"Team 7 of plan Pool v1 ({state.label})", sentence)
    assert (impact.code, impact.weight, impact.facts) == ("team_loses_member", "spoils", (state, 3))
    assert impact.url == ""  # a registrar may not open plans


def test_a_planner_gets_the_address_of_the_plan(election: Election, register: list[PollingStation]) -> None:
    person = deployed(pool_mission(election, "OWN"), "FRA")
    made = plan(election, None)
    team(made, 7, [person], register[:3])
    planner = staff("planner@ministry.example", "deployment.view_deploymentplan")

    [impact] = asked(change_of(person, Fact.ROLE), planner)

    assert impact.url == f"/admin/deployment/deploymentplan/{made.pk}/change/"


@pytest.mark.parametrize("state", [PlanState.SUPERSEDED, PlanState.DISCARDED])
def test_a_plan_that_is_over_is_not_spoiled(
    election: Election, register: list[PollingStation], host: User, state: PlanState
) -> None:
    person = deployed(pool_mission(election, "OWN"), "FRA")
    team(plan(election, None, state=state), 7, [person], register[:3])

    assert asked(change_of(person, Fact.ROLE), host) == []


@pytest.mark.parametrize("sharing", [PlanSharing.COUNTS, PlanSharing.AREAS])
def test_the_host_hears_the_same_whether_the_mission_has_a_plan_or_not(
    election: Election, register: list[PollingStation], host: User, sharing: PlanSharing
) -> None:
    own = pool_mission(election, "OWN", DeploymentMode.SELF_DIRECTED)
    Mission.objects.filter(pk=own.pk).update(plan_sharing=sharing)
    person, other = deployed(own, "FRA"), deployed(own, "DEU")
    before = asked(change_of(person, Fact.ROLE), host)

    team(plan(election, own, state=PlanState.RELEASED), 7, [person, other], register[:3])

    assert [(row.code, row.key) for row in before] == [("own_plan_affected", str(own.pk))]
    assert asked(change_of(person, Fact.ROLE), host) == before


def test_what_the_mission_has_shared_in_full_is_told(
    election: Election, register: list[PollingStation], host: User
) -> None:
    own = pool_mission(election, "OWN", DeploymentMode.SELF_DIRECTED)
    Mission.objects.filter(pk=own.pk).update(plan_sharing=PlanSharing.FULL)
    person = deployed(own, "FRA")
    team(plan(election, own, state=PlanState.RELEASED), 7, [person], register[:3])
    team(plan(election, own, state=PlanState.DRAFT, version=2), 9, [person], register[:2])

    assert [row.code for row in asked(change_of(person, Fact.ROLE), host)] == [
        "team_loses_member",  # the released one; of the draft the host knows nothing
        "own_plan_affected",
    ]


def test_the_mission_itself_would_see_its_plan(election: Election, register: list[PollingStation]) -> None:
    own = pool_mission(election, "OWN", DeploymentMode.SELF_DIRECTED)
    person = deployed(own, "FRA")
    team(plan(election, own), 7, [person], register[:3])
    lead = User.objects.create_user("lead@own.example", "a long enough password")
    Membership.objects.create(user=lead, mission=own, role=MembershipRole.LEAD)

    assert [row.facts for row in asked(change_of(person, Fact.ORGANIZATION), lead)] == [("draft", 3)]


def test_names_photos_and_other_changes_spoil_no_plan(
    election: Election, register: list[PollingStation], host: User
) -> None:
    person = deployed(pool_mission(election, "OWN", DeploymentMode.SELF_DIRECTED), "FRA")

    assert asked(change_of(person, Fact.NAME, Fact.PHOTO), host) == []
    assert asked(Change(election.pk), host) == []


def test_of_people_who_are_not_deployed_nothing_is_said(election: Election, host: User) -> None:
    person = deployed(pool_mission(election, "OWN", DeploymentMode.SELF_DIRECTED), "FRA", Role.HEAD_OF_MISSION)

    assert asked(change_of(person, Fact.ORGANIZATION, role=Role.HEAD_OF_MISSION), host) == []


def test_a_move_of_election_day_spoils_the_plans_that_the_host_may_read(
    election: Election, register: list[PollingStation], host: User
) -> None:
    own = pool_mission(election, "OWN", DeploymentMode.SELF_DIRECTED)
    plan(election, own, state=PlanState.RELEASED)
    pooled = plan(election, None, state=PlanState.RELEASED)
    plan(election, pool_mission(election, "OLD"), state=PlanState.SUPERSEDED)
    draft = plan(election, pool_mission(election, "DRAFTED"), state=PlanState.DRAFT)

    told = list(plans_of_the_day.of_change(ElectionMove(election.pk, dt.date(2024, 2, 21)), user=host, at=AT))

    assert [(row.code, row.key, row.weight, row.facts) for row in told] == [
        ("plan_of_other_day", str(pooled.pk), Weight.SPOILS, ("released", 1)),
        ("plan_of_other_day", str(draft.pk), Weight.SPOILS, ("draft", 1)),
        ("own_plan_affected", str(own.pk), Weight.TELLS, ()),
    ]
    assert str(told[0].sentence) == "Sends people out on the former day. The plan needs a new version for the new one."
    assert asked(ElectionMove(election.pk, dt.date(2024, 2, 21)), host) == []


def test_a_plan_is_of_another_day_once_the_day_has_moved(election: Election, register: list[PollingStation]) -> None:
    own = pool_mission(election, "OWN")
    made = plan(election, own, state=PlanState.RELEASED)
    team(made, 1, [deployed(own, "FRA"), deployed(own, "DEU")], register[:3])
    plans = DeploymentPlan.objects

    before = (list(plans.of_another_day()), list(plans.of_election_day()))
    Election.objects.update(e_day=dt.date(2024, 2, 8))

    assert before == ([], [made])
    assert (list(plans.of_another_day()), list(plans.of_election_day())) == ([made], [])


def closing(*stations: PollingStation) -> StationClosing:
    return StationClosing(stations[0].election_id, tuple(station.pk for station in stations))


def of_closing(user: User, *stations: PollingStation) -> list[Impact]:
    return list(plans_of_stations.of_change(closing(*stations), user=user, at=AT))


def test_closed_stations_cost_the_plans_in_sight_their_visits(
    election: Election, register: list[PollingStation], host: User
) -> None:
    own = pool_mission(election, "OWN")
    made = plan(election, None, state=PlanState.RELEASED)
    team(made, 7, [deployed(own, "FRA"), deployed(own, "DEU")], register[:3])
    team(made, 8, [deployed(own, "ITA"), deployed(own, "ESP")], register[1:4])
    draft = plan(election, None, version=2)
    team(draft, 7, [Observer.objects.earliest("pk")], register[:1])
    plan(election, None, state=PlanState.DISCARDED, version=3)

    released, drafted, counted = of_closing(host, register[0], register[1])

    assert released.sentence == "Loses 3 visits of 2 teams. The plan needs a new version."
    assert (str(released.subject), released.weight, released.facts) == (
        "Plan Pool v1 (released)",
        Weight.SPOILS,
        ("released", 3, 2),
    )
    assert drafted.sentence == "Loses 3 visits of 1 team. Make the draft again, or change it by hand."
    assert str(counted.subject).startswith("Constituency 1, ")
    assert "bring 2 teams and 6 visits there" in str(counted.sentence)
    assert of_closing(host, register[12]) == []


def test_of_hidden_plans_the_host_learns_the_counts_that_it_has_and_not_which_station(
    election: Election, mission: Mission, lead: User, register: list[PollingStation], host: User
) -> None:
    own = plan(election, mission, state=PlanState.RELEASED)
    team(own, 1, [deployed(mission, "FRA"), deployed(mission, "DEU")], register[:3])

    visited, not_visited = (of_closing(host, station) for station in (register[0], register[4]))

    assert visited == not_visited
    [counted] = visited
    assert (counted.code, counted.weight, counted.facts) == ("constituency_visited", Weight.TELLS, None)
    [told] = of_closing(lead, register[0])
    assert told.sentence == "Loses 1 visit of 1 team. The plan needs a new version."
    assert of_closing(lead, register[4]) == []


def test_whoever_closes_stations_is_shown_first_what_that_touches(
    election: Election, register: list[PollingStation]
) -> None:
    own = pool_mission(election, "OWN")
    team(plan(election, None, state=PlanState.RELEASED), 7, [deployed(own, "FRA"), deployed(own, "DEU")], register[:3])
    clock.set_to(AT)
    browser = browser_of(in_role("planner"))
    address = f"/admin/stations/pollingstation/{register[0].pk}/close/"

    shown = browser.get(address).content.decode()
    many = {"action": "close", "_selected_action": [station.pk for station in register[:2]]}
    listed = browser.post("/admin/stations/pollingstation/", many).content.decode()

    assert "Plan Pool v1 (released)" in shown
    assert "Loses 1 visit of 1 team. The plan needs a new version." in shown
    assert "Loses 2 visits of 1 team. The plan needs a new version." in listed
    browser.post(address, {"reason": "Flooded"})
    assert (
        "What that touches"
        not in browser.get(f"/admin/stations/pollingstation/{register[0].pk}/reopen/").content.decode()
    )
