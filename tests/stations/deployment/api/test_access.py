"""Asking over the API for the special access that a plan needs."""

import datetime as dt

import pytest

from missions.kernel import clock
from missions.models import Mission, TokenScope, User
from stations.access.models import AccessGrant
from stations.deployment.models import DeploymentPlan
from stations.models import AccessRequirement, PollingStation
from tests.missions.api.world import as_user
from tests.stations.deployment.builders import area, deployed, plan, team

pytestmark = pytest.mark.django_db


@pytest.fixture
def own_plan(mission: Mission, register: list[PollingStation], at: dt.datetime) -> DeploymentPlan:
    clock.set_to(at)
    AccessRequirement.objects.create(station=register[1], condition="permit", granted_by="Agency")
    made = plan(mission.election, mission)
    team(made, 1, [deployed(mission, "FRA"), deployed(mission, "DEU")], register[:3], within=area(made, "North"))
    return made


def test_a_lead_asks_once_and_others_find_nothing(own_plan: DeploymentPlan, lead: User, other_lead: User) -> None:
    path, headers = f"/api/v1/plans/{own_plan.pk}/request-access/", {"Idempotency-Key": "k"}
    client, stranger = as_user(lead, TokenScope.WRITE), as_user(other_lead, TokenScope.WRITE)

    made, again = (client.post(path, {}, headers=headers) for _ in range(2))

    grant = AccessGrant.objects.get()
    assert (made.status_code, made.json()) == (200, {"requested": [grant.pk]})
    assert again.json() == made.json()
    assert client.post(path, {}, headers={"Idempotency-Key": "l"}).json() == {"requested": []}
    hidden = stranger.post(path, {}, headers=headers)
    assert (hidden.status_code, hidden.content) == (404, stranger.get("/api/v1/plans/999999999/").content)
    assert client.post(path, {"all": True}, headers={"Idempotency-Key": "m"}).status_code == 400
