"""Drafts are changed by hand over the API by the leads of their mission, upon what they read."""

from typing import Any

import pytest

from missions.models import TokenScope, User
from stations.deployment.api.hand_inputs import ACT_INPUTS
from stations.deployment.models import DeploymentPlan, DeploymentSettings, Interpreter, PlanChange, Team
from stations.deployment.states import ChangeKind, PlanState
from tests.missions.api.world import World, as_user
from tests.stations.deployment import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(world: World) -> DeploymentPlan:
    """A draft of the lead's mission with one team that visits three stations, and a fourth station."""
    plan = builders.plan(world.mission.election, world.mission, version=99)
    place = builders.constituency(world.mission.election, 77, "Far")
    stations = builders.home_stations(place, 4, latitude=40, longitude=48)
    people = [builders.deployed(world.mission, code) for code in ("FRA", "DEU")]
    builders.team(plan, 7, people, stations[:3], within=builders.area(plan, "Far", place))
    return plan


def _address(plan: DeploymentPlan) -> str:
    return f"/api/v1/plans/{plan.pk}/hand-changes/"


def _post(
    user: User, plan: DeploymentPlan, body: object, *, seen: int | None = 0, key: str = "once", act: str = ""
) -> Any:
    headers = {"Idempotency-Key": key} | ({} if seen is None else {"If-Match": f'"{seen}"'})
    return as_user(user, TokenScope.WRITE).post(f"{_address(plan)}{act}", body, headers=headers)


ADD = {"act": "add_visit", "team": 7, "station": "07704"}


def test_a_lead_adds_a_visit_reads_of_it_and_takes_it_back(world: World, draft: DeploymentPlan) -> None:
    lead = world.people.lead

    added = _post(lead, draft, ADD)
    again = _post(lead, draft, ADD)
    read = as_user(lead).get(_address(draft))
    undone = _post(lead, draft, {}, seen=1, key="two", act="undo/")

    assert (added.status_code, added.headers["ETag"], added.json()["revision"]) == (200, '"1"', 1)
    assert added.json()["change"]["sentence"] == "Team 7 also visits station 07704"
    assert {finding["team"] for finding in added.json()["findings"]} <= {7, None}
    assert again.json() == added.json()
    assert (again.headers["Idempotency-Replayed"], PlanChange.objects.count()) == ("true", 1)
    assert (read.headers["ETag"], [row["number"] for row in read.json()["changes"]]) == ('"1"', [1])
    assert (undone.status_code, undone.headers["ETag"]) == (200, '"2"')
    assert undone.json()["change"]["undone_at"] is not None


def test_a_change_upon_an_old_revision_is_refused(world: World, draft: DeploymentPlan) -> None:
    _post(world.people.lead, draft, ADD)

    late = _post(world.people.lead, draft, {"act": "split_team", "team": 7}, key="late")
    blind = _post(world.people.lead, draft, {"act": "split_team", "team": 7}, seen=None, key="blind")
    late_undo = _post(world.people.lead, draft, {}, key="late-undo", act="undo/")

    assert (late.status_code, blind.status_code, late_undo.status_code) == (412, 428, 412)
    assert Team.objects.filter(plan=draft).exists()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ([], None),
        ({}, "act"),
        ({"act": "burn"}, "act"),
        ({"act": ["add_visit"]}, "act"),
        ({"act": "add_visit", "team": 7}, "station"),
        ({**ADD, "mission": 4}, "mission"),
        ({**ADD, "team": 0}, "team"),
        ({**ADD, "team": 10**20}, "team"),
        ({**ADD, "arrives_at": "2024-02-07T10:00:00+04:00"}, None),
        ({**ADD, "arrives_at": "2024-02-07T10:00:00", "leaves_at": "2024-02-07T11:00:00"}, "arrives_at"),
        ({"act": "move_team", "team": 7}, None),
        ({"act": "move_team", "team": 7, "constituency": 1, "country": "KOR"}, None),
        ({"act": "make_team", "people": [1], "constituency": 1}, "people"),
        ({"act": "pin_visit", "team": 7, "order": 1}, "is_pinned"),
    ],
)
def test_what_is_no_act_is_refused_with_its_field(
    world: World, draft: DeploymentPlan, body: object, field: str | None
) -> None:
    answer = _post(world.people.lead, draft, body)

    assert answer.status_code == 400
    if field is not None:
        assert field in {error["field"].split(".")[0] for error in answer.json()["errors"]}
    assert not PlanChange.objects.exists()


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"act": "add_visit", "team": 7, "station": "99999"}, 422, "station-not-usable"),
        ({"act": "add_visit", "team": 7, "station": "07701"}, 422, "visit-twice"),
        ({"act": "split_team", "team": 8}, 422, "not-in-plan"),
        ({"act": "swap_observers", "first": 10**6, "second": 10**6 + 1}, 422, "observer-not-deployable"),
        ({"act": "rename_area", "area": 10**6, "name": "East"}, 422, "not-in-plan"),
    ],
)
def test_what_is_impossible_has_its_code(
    world: World, draft: DeploymentPlan, body: dict[str, object], status: int, code: str
) -> None:
    answer = _post(world.people.lead, draft, body)

    assert (answer.status_code, answer.json()["type"].rsplit("/", 1)[-1]) == (status, code)


def test_every_act_can_be_sent(world: World, draft: DeploymentPlan) -> None:
    """Acts with hours, pins and places arrive as they were sent."""
    area = draft.areas.get().pk
    people = [builders.deployed(world.mission, code) for code in ("ITA", "ESP")]
    first, second = (person.nominations.get().pk for person in people)
    member = draft.members.first()
    assert member is not None
    hours = {"arrives_at": "2024-02-07T20:30:00+04:00", "leaves_at": "2024-02-07T21:30:00+04:00"}
    other, spare = (builders.area(draft, name).pk for name in ("Near", "Spare"))
    long_term = builders.team(draft, 8, [], [], kind="lto")  # type: ignore[arg-type]  # its value
    rules = DeploymentSettings.objects.create(election=draft.election, mission=draft.mission, profile="eu-like")
    interpreter = Interpreter.objects.create(settings=rules, name="Leyla", languages=["az"])
    bodies: list[dict[str, object]] = [
        {**ADD, **hours, "visit_kind": "closing_count"},
        {"act": "change_visit", "team": 7, "order": 4, "visit_kind": "voting"},
        {"act": "pin_visit", "team": 7, "order": 4, "is_pinned": True},
        {"act": "move_visit", "team": 7, "order": 4, "position": 1},
        {"act": "remove_visit", "team": 7, "order": 2},
        {"act": "pin_team", "team": 7, "pair": True},
        {"act": "assign_interpreter", "team": 7, "name": interpreter.name},
        {"act": "pin_area", "area": area, "place": True, "visits": False},
        {"act": "swap_observers", "first": member.nomination_id, "second": first},
        {"act": "make_team", "people": [member.nomination_id, second], "constituency": 77},
        {"act": "move_team", "team": 9, "country": "KOR"},
        {"act": "split_team", "team": 9},
        {"act": "supervise_area", "area": area, "team": long_term.number},
        {"act": "move_area_teams", "area": area, "constituency": 77},
        {"act": "clear_area", "area": area},
        {"act": "rename_area", "area": area, "name": "East"},
        {"act": "move_constituency", "constituency": 77, "area": other},
        {"act": "merge_areas", "area": area, "into": other},
        {"act": "make_area", "name": "Hills", "constituency": 1, "team": long_term.number},
        {"act": "dissolve_area", "area": spare},
    ]
    assert {body["act"] for body in bodies} == set(ACT_INPUTS) == set(ChangeKind)

    for number, body in enumerate(bodies):
        answer = _post(world.people.lead, draft, body, seen=number, key=f"{number}")
        assert answer.status_code == 200, (body, answer.json())

    team = Team.objects.get(plan=draft, number=7)
    assert (team.is_pair_pinned, team.is_place_pinned, team.area_id) == (True, True, other)
    assert team.interpreter == interpreter


def test_to_the_host_and_to_other_missions_the_changes_are_absent(world: World, draft: DeploymentPlan) -> None:
    _post(world.people.lead, draft, ADD)
    absent = as_user(world.people.host).get(_address(DeploymentPlan(pk=10**9)))

    for user in (world.people.host, world.people.other_lead):
        assert as_user(user).get(_address(draft)).content == absent.content
        assert _post(user, draft, ADD, seen=1, key=user.email).content == absent.content
        assert _post(user, draft, {}, seen=1, key=f"{user.email}-2", act="undo/").content == absent.content
    assert absent.status_code == 404


def test_a_released_plan_is_copied_first(world: World, draft: DeploymentPlan) -> None:
    DeploymentPlan.objects.filter(pk=draft.pk).update(state=PlanState.DISCARDED)

    answer = _post(world.people.lead, draft, ADD)

    assert (answer.status_code, answer.json()["type"].rsplit("/", 1)[-1]) == (409, "plan-not-draft")
