"""The own calendar addresses by the API: made, read by a calendar program, listed and revoked."""

import datetime as dt
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from missions.kernel import clock
from missions.models import Mission, TokenScope, User
from missions.timeline.feeds.models import FeedAddress
from tests.missions.accounts.conftest import HOST
from tests.missions.api.world import as_user

pytestmark = pytest.mark.django_db
CALENDARS = "/api/v1/me/calendars/"


@pytest.fixture(autouse=True)
def _clock(at: dt.datetime) -> None:
    cache.clear()
    clock.set_to(at)


def _post(user: User, path: str, key: str = "one", **body: object) -> Any:
    return as_user(user, TokenScope.WRITE).post(path, body, headers={"Idempotency-Key": key})


def test_an_address_is_told_once_and_read_until_it_is_revoked(client: Client, lead: User, mission: Mission) -> None:
    made = _post(lead, CALENDARS, name="telephone", mission=mission.pk).json()
    path = made["url"].removeprefix(HOST)
    (listed,) = as_user(lead).get(CALENDARS).json()["results"]

    assert client.get(path).status_code == 200
    assert ("url" in listed, listed["name"], listed["mission"]) == (False, "telephone", mission.pk)
    ended = [_post(lead, f"{CALENDARS}{made['id']}/revoke/", key).json() for key in ("two", "three")]
    assert ended[0]["revoked_at"] == ended[1]["revoked_at"] != None  # noqa: E711 - a chain
    assert client.get(path).status_code == 404


def test_a_retry_makes_no_second_address(lead: User) -> None:
    first, again = (_post(lead, CALENDARS, name="telephone") for _turn in range(2))

    assert (first.status_code, first.content, FeedAddress.objects.count()) == (201, again.content, 1)
    assert first.json()["mission"] is None


@pytest.mark.parametrize("name", ["", "x" * 101])
def test_a_name_is_asked_for(lead: User, name: str) -> None:
    assert _post(lead, CALENDARS, name=name).status_code == 400


def test_missions_of_others_are_named_as_those_that_are_not_there(lead: User, other_mission: Mission) -> None:
    foreign = _post(lead, CALENDARS, name="telephone", mission=other_mission.pk)
    absent = _post(lead, CALENDARS, name="telephone", mission=10**6)

    said = foreign.content.decode().replace(f'"{other_mission.pk}\\"', f'"{10**6}\\"')
    assert (foreign.status_code, said) == (400, absent.content.decode())
    assert FeedAddress.objects.count() == 0


def test_addresses_of_others_are_absent(lead: User, other_lead: User) -> None:
    made = _post(other_lead, CALENDARS, name="telephone").json()

    foreign = _post(lead, f"{CALENDARS}{made['id']}/revoke/")
    absent = _post(lead, f"{CALENDARS}999999/revoke/", "two")

    assert (foreign.status_code, foreign.content) == (404, absent.content)
    assert as_user(lead).get(CALENDARS).json()["results"] == []
    assert FeedAddress.objects.get().revoked_at is None
