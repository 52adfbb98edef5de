import datetime as dt

import pytest
from django.core.checks import run_checks
from django.db import connection
from pytest_django.fixtures import Settings

from missions.kernel import clock
from missions.kernel.checks import clock_runs_true, dotted_paths_resolve, no_fault_is_rehearsed
from missions.kernel.providers import QUESTIONS


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("deployment", "is_shifted", "databases", "ids"),
    [
        ("production", True, ["default"], ["kernel.E001"]),
        ("production", False, ["default"], []),
        ("production", True, None, []),
        ("embedded", True, ["default"], []),
    ],
)
def test_clock_runs_true_in_production(
    settings: Settings, deployment: str, is_shifted: bool, databases: list[str] | None, ids: list[str]
) -> None:
    settings.DEPLOYMENT = deployment
    if is_shifted:
        clock.set_to(clock.now() + dt.timedelta(hours=1))

    assert [message.id for message in clock_runs_true(databases=databases)] == ids


@pytest.mark.django_db
def test_clock_runs_true_before_the_first_table_is_made(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DEPLOYMENT = "production"
    monkeypatch.setattr(connection.introspection, "table_names", list)
    monkeypatch.setattr(clock, "offset", lambda: pytest.fail("there is no clock yet"))

    assert clock_runs_true(databases=["default"]) == []


def test_dotted_paths_resolve_as_installed() -> None:
    assert dotted_paths_resolve() == []


@pytest.mark.parametrize("question", QUESTIONS)
def test_dotted_paths_resolve_names_each_provider_that_does_not_import(settings: Settings, question: str) -> None:
    setattr(settings, question, ["missions.kernel.doorbell.silent", "missions.nowhere.nothing"])

    (message,) = dotted_paths_resolve()

    assert message.id == "kernel.E002"
    assert message.msg.startswith("missions.nowhere.nothing cannot be imported: ")


def test_dotted_paths_resolve_names_the_doorbell(settings: Settings) -> None:
    settings.DOORBELL = "missions.kernel.doorbell.loud"

    assert [message.id for message in dotted_paths_resolve()] == ["kernel.E002"]


@pytest.mark.parametrize(
    ("deployment", "point", "ids"),
    [
        ("production", "after_claim", ["kernel.E003"]),
        ("production", "", []),
        ("embedded", "after_claim", []),
    ],
)
def test_no_fault_is_rehearsed_in_production(settings: Settings, deployment: str, point: str, ids: list[str]) -> None:
    settings.DEPLOYMENT, settings.FAILPOINT = deployment, point

    assert [message.id for message in no_fault_is_rehearsed()] == ids


def test_checks_of_the_kernel_are_registered(settings: Settings) -> None:
    settings.DOORBELL = "nowhere.nothing"

    assert "kernel.E002" in [message.id for message in run_checks()]
