"""Every request has an id, one line and a place in the figures; none of them tells the address."""

import logging

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from config.observability import slots
from config.observability.metrics import exposition
from config.observability.middleware import tell_request
from missions.models import User

SECRET = "aB3-secret-of-somebody"


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, logger="config.requests")
    return caplog


def facts(lines: pytest.LogCaptureFixture) -> list[tuple[str, str, int, object]]:
    told = [record.__dict__ for record in lines.records if record.name == "config.requests"]
    assert all(one["seconds"] >= 0 for one in told)
    return [(one["route"], one["method"], one["status"], one.get("user_id")) for one in told]


@pytest.mark.django_db
def test_a_request_is_told_by_its_route(client: Client, lines: pytest.LogCaptureFixture) -> None:
    client.get(f"/account/invitation/{SECRET}/")
    client.post(f"/{SECRET}/", {"password": SECRET})
    client.get(f"/static/{SECRET}.js")

    assert [(route, method) for route, method, _status, _user in facts(lines)] == [
        ("account:invitation-link", "GET"),
        ("unmatched", "POST"),
        ("static", "GET"),
    ]
    assert SECRET not in lines.text


@pytest.mark.django_db
def test_who_asked_is_told_by_the_id_of_the_account(
    client: Client, lead: User, lines: pytest.LogCaptureFixture
) -> None:
    client.force_login(lead)
    client.get("/account/")

    assert facts(lines) == [("account:home", "GET", 200, lead.pk)]
    assert lead.email not in lines.text


def test_nobody_is_looked_up_for_the_log(client: Client, lines: pytest.LogCaptureFixture, settings: Settings) -> None:
    """A page that asks nobody who they are: this test has no database."""
    settings.ROOT_URLCONF = "tests.config.observability.plain_urls"

    assert client.get("/plain/").status_code == 200
    assert facts(lines) == [("plain", "GET", 200, None)]


@pytest.mark.parametrize(("is_behind", "is_kept"), [(True, True), (False, False)])
def test_an_id_is_taken_over_from_our_own_proxy_only(
    client: Client, settings: Settings, is_behind: bool, is_kept: bool
) -> None:
    settings.BEHIND_PROXY = is_behind
    settings.ROOT_URLCONF = "tests.config.observability.plain_urls"

    answer = client.get("/plain/", headers={"X-Request-ID": "given-by-proxy"})

    assert (answer["X-Request-ID"] == "given-by-proxy") is is_kept
    assert len(answer["X-Request-ID"]) == (14 if is_kept else 32)


def test_requests_are_counted_by_route_method_and_status() -> None:
    tell_request(route="counted-here", method="GET", status=200, seconds=0.2)
    tell_request(route="counted-here", method="GET", status=200, seconds=0.3)
    tell_request(route="counted-here", method="BREW", status=405, seconds=0.01)

    told = [line for line in requests_only().splitlines() if "counted-here" in line]
    assert 'observer_desk_requests_total{method="GET",route="counted-here",status="200"} 2.0' in told
    assert 'observer_desk_requests_total{method="other",route="counted-here",status="405"} 1.0' in told
    assert 'observer_desk_request_seconds_bucket{le="0.1",route="counted-here"} 1.0' in told
    assert 'observer_desk_request_seconds_bucket{le="0.5",route="counted-here"} 3.0' in told
    assert 'observer_desk_request_seconds_count{route="counted-here"} 3.0' in told


def requests_only() -> str:
    """The figures without those that ask the database."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("config.observability.metrics.WorkCollector.collect", lambda _self: [])
        return exposition().decode()


def test_a_worker_counts_under_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slots, "_OWN", {"slot": "main"})
    assert slots.current_slot() == "main"

    slots.take_slot(3)

    assert slots.current_slot() == "3"
