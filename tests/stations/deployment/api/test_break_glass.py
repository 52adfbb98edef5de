"""Leads read over the API who of the ministry looks at their plan, and end it."""

from typing import Any

import pytest

from missions.kernel import clock
from missions.models import TokenScope, User
from stations.deployment.models import BreakGlass
from stations.deployment.services.break_glass import break_glass
from tests.missions.api.world import AT, World, as_user
from tests.staff import in_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def glass(world: World) -> BreakGlass:
    clock.set_to(AT)
    BreakGlass.objects.all().delete()
    return break_glass(mission=world.mission, reason="A team is missing.", by=in_role("administrator"), at=AT)


def _end(user: User, glass: BreakGlass, key: str = "once", **body: object) -> Any:
    address = f"/api/v1/break-glasses/{glass.pk}/end/"
    return as_user(user, TokenScope.WRITE).post(address, body, format="json", headers={"Idempotency-Key": key})


def test_a_lead_reads_and_ends_it(world: World, glass: BreakGlass) -> None:
    row = as_user(world.people.lead).get("/api/v1/break-glasses/").json()["results"]

    ended = _end(world.people.lead, glass)

    assert row == [
        {
            "id": glass.pk,
            "mission": world.mission.pk,
            "plan": glass.plan_id,
            "reader": "administrator@desk.example",
            "reason": "A team is missing.",
            "opened_at": "2024-01-18T12:00:00Z",
            "closes_at": "2024-01-18T13:00:00Z",
            "ended_at": None,
            "is_open": True,
        }
    ]
    assert (ended.status_code, ended.json()["is_open"]) == (200, False)
    assert ended.json()["ended_at"] is not None
    assert _end(world.people.lead, glass).json() == ended.json()
    assert _end(world.people.lead, glass, key="twice").status_code == 409


def test_for_others_it_is_absent_and_who_only_looks_on_ends_nothing(world: World, glass: BreakGlass) -> None:
    foreign = [_end(user, glass) for user in (world.people.other_lead, world.people.host)]

    assert [answer.status_code for answer in foreign] == [404, 404]
    assert _end(in_role("auditor"), glass).status_code == 403
    assert _end(world.people.lead, glass, key="x", why="so").status_code == 400
    glass.refresh_from_db()
    assert glass.ended_at is None
