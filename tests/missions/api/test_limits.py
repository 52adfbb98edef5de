"""Limits of the API: per token, per mission and per address, told in the headers."""

import logging

import pytest
from django.core.cache import caches
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient

from missions.models import Membership, Mission, User
from missions.states import MembershipRole
from tests.missions.api.world import as_user, new_token

pytestmark = pytest.mark.django_db
ME = "/api/v1/me/"


@pytest.fixture(autouse=True)
def _fresh() -> None:
    caches["limits"].clear()


@pytest.fixture
def limits(settings: Settings) -> dict[str, str]:
    chosen = {"token": "3/hour", "mission": "5/hour", "address": "4/hour"}
    settings.API_LIMITS = chosen
    return chosen


def _statuses(client: APIClient, times: int) -> list[int]:
    return [client.get(ME).status_code for _turn in range(times)]


def test_each_answer_tells_how_the_caller_stands(limits: dict[str, str], lead: User) -> None:
    response = as_user(lead).get(ME)

    assert response["RateLimit-Policy"] == '"token";q=3;w=3600, "mission";q=5;w=3600'
    token, mission = response["RateLimit"].split(", ")
    assert (token.rpartition(";")[0], mission.rpartition(";")[0]) == ('"token";r=2', '"mission";r=4')


def test_a_token_is_refused_after_its_quota_with_a_problem(limits: dict[str, str], lead: User) -> None:
    client = as_user(lead)
    taken = _statuses(client, 3)

    refused = client.get(ME)

    assert (taken, refused.status_code, refused.json()["type"]) == ([200] * 3, 429, "/problems/throttled")
    assert refused["Content-Type"] == "application/problem+json"
    assert 0 < int(refused["Retry-After"]) <= 2 * 3600
    assert refused["RateLimit"].startswith('"token";r=0;t=')


def test_the_tokens_of_one_mission_share_its_quota_and_others_do_not_feel_it(
    limits: dict[str, str], lead: User, other_lead: User, mission: Mission
) -> None:
    focal = User.objects.create_user("focal@odihr.example")
    Membership.objects.create(user=focal, mission=mission, role=MembershipRole.FOCAL_POINT)

    assert _statuses(as_user(lead), 4) == [200, 200, 200, 429]
    assert _statuses(as_user(lead), 3) == [200, 200, 429]
    assert as_user(focal).get(ME)["RateLimit"].split(", ")[1].startswith('"mission";r=0')
    assert _statuses(as_user(other_lead), 4) == [200, 200, 200, 429]


def test_staff_have_no_mission_to_share(limits: dict[str, str]) -> None:
    host = User.objects.create_user("host@ministry.example", is_staff=True)

    assert as_user(host).get(ME)["RateLimit-Policy"] == '"token";q=3;w=3600'


def test_strangers_are_counted_by_their_address_and_hold_nobody_back(limits: dict[str, str], lead: User) -> None:
    guesser = APIClient(HTTP_AUTHORIZATION="Bearer odk_guess")

    assert [_statuses(guesser, 2), _statuses(APIClient(), 4)] == [[401, 401], [401, 401, 429, 429]]
    assert as_user(lead).get(ME).status_code == 200
    elsewhere = APIClient(REMOTE_ADDR="192.0.2.7")
    assert elsewhere.get(ME).status_code == 401


def test_nobody_counts_where_no_limit_is_set(settings: Settings, lead: User) -> None:
    settings.API_LIMITS = {"token": "", "mission": "", "address": ""}

    assert "RateLimit" not in as_user(lead).get(ME)


def test_signing_in_and_being_counted_take_one_query(
    limits: dict[str, str], lead: User, django_assert_num_queries: object
) -> None:
    client = as_user(lead)
    client.get(ME)  # notes the use of the token

    with django_assert_num_queries(2):  # type: ignore[operator]  # a fixture of pytest-django
        client.get(ME)


@pytest.mark.parametrize("name", ["token", "access_token", "q", "x" * 90])
def test_a_token_in_the_address_is_refused_and_told_to_the_log_without_its_value(
    lead: User, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    secret, client = new_token(lead), as_user(lead)

    with caplog.at_level(logging.WARNING):
        responses = [client.get(f"{ME}?{name}={secret}"), APIClient().get(f"{ME}?{name}=Bearer%20{secret}")]

    for response in responses:
        assert (response.status_code, response.json()["type"]) == (401, "/problems/token-in-address")
        assert secret not in response.content.decode()
    lines = [record.getMessage() for record in caplog.records if "in the address" in record.getMessage()]
    assert lines == [f"A token was sent in the address: parameter {name!r:.40} of api/v1/me/"] * 2
    assert secret not in caplog.text
