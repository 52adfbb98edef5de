"""What machines ask: whether this process is alive, whether it can work, and how it goes."""

import datetime as dt
import errno
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.db import connection
from django.db.utils import OperationalError
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from config.celery import SCHEDULE
from config.observability import probes, readiness
from config.observability.readiness import AWAY, FULL, OK, PENDING, UNUSED, Readiness, kept, look
from missions.kernel.models import JobRun
from missions.reminders.services.planning import plan_reminders
from tests.missions.reminders import fakes

TOKEN = "a token for the collector of figures"
WELL = {"database": OK, "migrations": OK, "storage": OK, "broker": UNUSED, "signer": UNUSED}


@pytest.fixture(autouse=True)
def _asked_for_the_first_time() -> Iterator[None]:
    kept.forget()
    yield
    kept.forget()


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What the server will find when it looks."""
    told = dict(WELL)
    monkeypatch.setattr(readiness, "look", lambda: Readiness(dict(told)))
    monkeypatch.setattr(probes, "close_old_connections", lambda: None)  # no connection was used
    return told


def test_alive_is_answered_whatever_is_broken(client: Client, settings: Settings) -> None:
    settings.ALLOWED_HOSTS, settings.SECURE_SSL_REDIRECT = [], True
    settings.ROOT_URLCONF = "nowhere"

    answer = client.get("/healthz")  # and without a database: this test has none

    assert (answer.status_code, answer.json(), answer["Cache-Control"]) == (200, {"status": "alive"}, "no-store")
    assert answer.cookies == {}


@pytest.mark.parametrize(
    ("change", "status", "word"),
    [
        ({}, 200, "ready"),
        ({"broker": AWAY}, 200, "degraded"),
        ({"signer": AWAY}, 200, "degraded"),
        ({"storage": FULL}, 200, "degraded"),
        ({"storage": AWAY}, 503, "unready"),
        ({"database": AWAY}, 503, "unready"),
        ({"migrations": PENDING}, 503, "unready"),
        ({"migrations": AWAY, "broker": AWAY}, 503, "unready"),
    ],
)
def test_ready_is_told_by_what_is_needed(
    client: Client, found: dict[str, str], change: dict[str, str], status: int, word: str
) -> None:
    found.update(change)

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()) == (status, {"status": word, "checks": {**WELL, **change}})


def test_ready_looks_once_in_two_seconds_for_all_who_ask(
    client: Client, found: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    instants = iter([100.0, 100.0, 101.9, 102.0, 102.0])
    monkeypatch.setattr(readiness, "monotonic", lambda: next(instants))
    first = client.get("/readyz")
    found["database"] = AWAY

    assert [first.status_code, client.get("/readyz").status_code, client.get("/readyz").status_code] == [200, 200, 503]


@pytest.mark.django_db
def test_a_sound_server_finds_everything(private_files: Path) -> None:
    assert look().found == WELL
    assert [path for path in private_files.rglob("*") if path.is_file()] == []  # the probe is removed again


@pytest.mark.django_db
def test_what_is_away_is_told_by_a_word(private_files: Path, settings: Settings, tmp_path: Path) -> None:
    settings.BADGE_SIGNER = "accreditation.badges.signer.socket.ask"
    settings.BADGE_SIGNER_SOCKET = tmp_path / "nobody.sock"
    private_files.write_text("a file where the folder should be")

    found = look().found

    assert (found["storage"], found["signer"], found["database"]) == (AWAY, AWAY, OK)


@pytest.mark.django_db
@pytest.mark.parametrize(("code", "word"), [(errno.ENOSPC, FULL), (errno.EDQUOT, FULL), (errno.EROFS, AWAY)])
def test_a_full_disk_is_told_from_a_broken_one(monkeypatch: pytest.MonkeyPatch, code: int, word: str) -> None:
    def refuse(*_args: object) -> str:
        raise OSError(code, "refused")

    monkeypatch.setattr(storages["private"], "save", refuse)

    assert look().found["storage"] == word


@pytest.mark.django_db
def test_a_database_that_is_away_is_told(monkeypatch: pytest.MonkeyPatch, private_files: Path) -> None:
    def refuse() -> None:
        raise OperationalError("connection refused at 10.0.0.7")

    monkeypatch.setattr(connection, "cursor", refuse)

    assert look().found["database"] == AWAY


@pytest.mark.parametrize("header", ["", "Bearer ", "Bearer wrong", f"bearer {TOKEN}", TOKEN])
def test_figures_are_for_the_holder_of_the_token(client: Client, settings: Settings, header: str) -> None:
    settings.METRICS_TOKEN = TOKEN

    answer = client.get("/metrics", headers={"Authorization": header})

    assert (answer.status_code, answer.content) == (404, b"")


def test_without_a_token_nobody_reads_figures(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = ""

    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def figures(client: Client, settings: Settings) -> dict[str, float]:
    settings.METRICS_TOKEN = TOKEN
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    lines = answer.content.decode().splitlines()
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[0] != "#")}


@pytest.mark.django_db
def test_figures_of_an_installation_in_which_nothing_happens(client: Client, settings: Settings) -> None:
    told = figures(client, settings)

    assert told["observer_desk_database_up"] == 1
    assert told['observer_desk_queue_size{kind="plans"}'] == 0
    assert told['observer_desk_outbox_size{state="planned"}'] == 0
    assert told["observer_desk_decisions_overdue"] == 0
    assert {name for name in told if "job_late" in name} == {
        f'observer_desk_job_late{{job="{job}"}}' for job in SCHEDULE
    }
    assert told["observer_desk_beat_age_seconds"] == float("inf")


@pytest.mark.django_db
def test_figures_about_mails_and_jobs(
    client: Client, settings: Settings, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    fakes.first.drafts = [fakes.draft()]
    settings.REMINDER_SOURCES = [fakes.FIRST]
    plan_reminders(at=fakes.NOON)
    fakes.first.forget()
    monkeypatch.setattr("missions.kernel.clock.now", lambda: fakes.NOON + dt.timedelta(minutes=5))
    JobRun.objects.create(name="reminders.plan_due", began_at=at, succeeded_at=at, beat_at=at)

    told = figures(client, settings)

    assert told['observer_desk_outbox_size{state="planned"}'] == 1
    assert told["observer_desk_outbox_age_seconds"] == 300
    assert told['observer_desk_job_late{job="reminders.plan_due"}'] == 1
    assert told["observer_desk_beat_age_seconds"] > 24 * 60 * 60


@pytest.mark.django_db
def test_figures_cost_few_queries(
    client: Client, settings: Settings, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(20):
        figures(client, settings)


def test_figures_without_a_database_say_so(client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise OperationalError

    monkeypatch.setattr("config.observability.work.clock.now", refuse)
    monkeypatch.setattr("config.observability.work.transaction.atomic", pytest.MonkeyPatch.context)
    monkeypatch.setattr(probes, "close_old_connections", lambda: None)  # another test may have left one open

    told = figures(client, settings)

    assert {name: value for name, value in told.items() if "requests" not in name and "request_" not in name} == {
        "observer_desk_database_up": 0
    }


def test_probes_are_at_their_addresses() -> None:
    assert set(probes.PROBES) == {"/healthz", "/readyz", "/metrics"}
