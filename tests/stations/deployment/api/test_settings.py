"""The rules of a mission over the API: its leads read and choose them, everybody else finds nothing there."""

from typing import Any

import pytest

from missions.kernel.models import Event
from missions.models import Mission, TokenScope, User
from stations.deployment.models import DeploymentSettings
from tests.missions.api.world import World, as_user

pytestmark = pytest.mark.django_db

BORDER = {"name": "Border", "level": "approval", "constituency_numbers": [1], "approver": "Security officer"}
CHOICE: dict[str, object] = {
    "profile": "eu-like",
    "avoids_other_missions": True,
    "goes_to": [1],
    "listed": [{"nationality": "FRA", "constituency_numbers": []}],
    "restricted": [BORDER],
    "interpreters": [{"name": "Leyla", "languages": ["az", "en"], "contact": "+994 12 000 00 00"}],
    "groups": [{"name": "Greens", "strength": 31}],
}


def _address(mission: Mission) -> str:
    return f"/api/v1/missions/{mission.pk}/deployment-rules/"


def _choose(
    user: User, mission: Mission, body: dict[str, object], seen: int | None = 0, key: str = "once", act: str = ""
) -> Any:
    headers = {"Idempotency-Key": key} | ({} if seen is None else {"If-Match": f'"{seen}"'})
    return as_user(user, TokenScope.WRITE).post(f"{_address(mission)}{act}", body, headers=headers)


def test_until_something_is_chosen_the_default_of_the_mission_holds(world: World) -> None:
    answer = as_user(world.people.lead).get(_address(world.mission))

    assert answer.json() == {
        "mission": world.mission.pk,
        "version": 0,
        "profile": "odihr-like",
        "avoids_other_missions": False,
        "goes_to": [],
        "listed": [],
        "restricted": [],
        "interpreters": [],
        "groups": [],
    }
    assert answer.headers["ETag"] == '"0"'


def test_a_lead_chooses_and_reads_it_back(world: World) -> None:
    chosen = _choose(world.people.lead, world.mission, CHOICE)

    restricted = [{**BORDER, "approval_note": "", "approved_at": None}]
    assert (chosen.status_code, chosen.headers["ETag"]) == (200, '"1"')
    assert chosen.json() == {**CHOICE, "mission": world.mission.pk, "version": 1, "restricted": restricted}
    assert as_user(world.people.lead).get(_address(world.mission)).json() == chosen.json()
    event = Event.objects.get(verb="deployment_rules_chosen")
    assert (event.is_private, event.scope_id, event.actor) == (True, world.mission.pk, world.people.lead)


def test_a_choice_upon_an_old_version_is_refused(world: World) -> None:
    _choose(world.people.lead, world.mission, CHOICE)

    late = _choose(world.people.lead, world.mission, {"profile": "odihr-like"}, key="late")
    blind = _choose(world.people.lead, world.mission, {"profile": "odihr-like"}, seen=None, key="blind")

    assert (late.status_code, blind.status_code) == (412, 428)
    assert DeploymentSettings.objects.get().profile == "eu-like"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"profile": "own"}, 400),
        ({"profile": "eu-like", "limits": {}}, 400),
        ({"profile": "eu-like", "restricted": [{**BORDER, "level": "open"}]}, 400),
        ({"profile": "eu-like", "restricted": [{**BORDER, "approved_at": "2024-02-01T00:00:00Z"}]}, 400),
        ({"profile": "eu-like", "restricted": [{**BORDER, "constituency_numbers": [99]}]}, 422),
        ({"profile": "eu-like", "listed": [{"nationality": "ZZZ", "constituency_numbers": []}]}, 422),
    ],
)
def test_what_cannot_be_chosen_is_refused(world: World, body: dict[str, object], status: int) -> None:
    assert _choose(world.people.lead, world.mission, body).status_code == status
    assert not DeploymentSettings.objects.exists()


def test_an_approval_is_recorded_with_its_note(world: World) -> None:
    _choose(world.people.lead, world.mission, CHOICE)

    done = _choose(
        world.people.lead, world.mission, {"area": "Border", "note": "Letter 4"}, seen=1, key="two", act="approve/"
    )
    unknown = _choose(
        world.people.lead, world.mission, {"area": "Coast", "note": "Letter 4"}, seen=2, key="three", act="approve/"
    )

    stale = _choose(
        world.people.lead, world.mission, {"area": "Border", "note": "Letter 5"}, seen=1, key="four", act="approve/"
    )
    (area,) = done.json()["restricted"]
    assert (done.status_code, area["approval_note"], area["approved_at"] is None) == (200, "Letter 4", False)
    assert (unknown.status_code, stale.status_code) == (400, 412)


def test_to_the_host_and_to_other_missions_the_rules_are_absent(world: World) -> None:
    _choose(world.people.lead, world.mission, CHOICE)
    absent = as_user(world.people.host).get(_address(Mission(pk=10**9)))

    for user in (world.people.host, world.people.other_lead):
        assert as_user(user).get(_address(world.mission)).content == absent.content
        assert _choose(user, world.mission, CHOICE, key=user.email).content == absent.content
        done = _choose(user, world.mission, {"area": "Border", "note": "So"}, key=f"{user.email}-2", act="approve/")
        assert done.content == absent.content
    pooled = as_user(world.people.other_lead).get(_address(world.other_mission))
    assert (absent.status_code, pooled.status_code) == (404, 404)
