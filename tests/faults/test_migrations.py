"""F13: a busy table is changed under load, while the former version writes into it. Nobody is refused."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.commands.migrate import Command as DjangosMigrate
from django.db import OperationalError, connection, connections, migrations, models, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from config.management.commands import migrate
from missions.kernel import clock
from missions.kernel.ddl import AddCheckAside, AddIndexAside
from missions.models import Mission, TokenScope, User
from tests.accreditation.intake.services.test_records import record
from tests.faults.nodes import Writers, running_node
from tests.missions.api.world import new_token

pytestmark = [pytest.mark.servers, pytest.mark.django_db(transaction=True)]
on_servers = pytest.mark.skipif(connection.vendor == "sqlite", reason="one writer at a time has SQLite")
COLUMN = migrations.AddField("idempotencykey", "note", models.CharField(max_length=20, db_default=""))
INDEX = AddIndexAside("idempotencykey", models.Index(fields=["status", "created_at"], name="rehearsed_index"))
CHECK = AddCheckAside(
    "idempotencykey", models.CheckConstraint(condition=models.Q(status__lt=600), name="rehearsed_check")
)


def _steps() -> list[migrations.Migration]:
    """A representative change in three migrations: a column, then an index and a check beside the traffic."""
    steps = []
    changes: list[tuple[Operation, bool]] = [(COLUMN, True), (INDEX, False), (CHECK, False)]
    for number, (operation, atomic) in enumerate(changes):
        kind = type("Step", (migrations.Migration,), {"operations": [operation], "atomic": atomic})
        steps.append(kind(f"rehearsed_{number}", "kernel"))
    return steps


def _apply(step: migrations.Migration, state: ProjectState) -> ProjectState:
    with connection.schema_editor(atomic=step.atomic) as editor:
        return step.apply(state, editor)


@pytest.fixture
def changed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """`migrate` carries out the rehearsed migrations in place of its own; yields how many it has begun."""
    state, done, begun = MigrationLoader(connection).project_state(), 0, []

    def handle(self: DjangosMigrate, *args: object, **options: object) -> None:
        nonlocal state, done
        for step in _steps()[done:]:
            begun.append(done)
            state = _apply(step, state.clone())
            done += 1

    monkeypatch.setattr(DjangosMigrate, "handle", handle)
    monkeypatch.setattr(migrate, "PAUSE_SECONDS", 0.2)
    yield begun
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE kernel_idempotencykey DROP CONSTRAINT IF EXISTS rehearsed_check")
        cursor.execute("DROP INDEX IF EXISTS rehearsed_index")
        cursor.execute("ALTER TABLE kernel_idempotencykey DROP COLUMN IF EXISTS note")


@contextmanager
def _somebody_reads(until: Callable[[], bool]) -> Iterator[None]:
    """A long transaction that has read the table: its lock is what a change of the table waits for."""
    has_read, over = threading.Event(), threading.Event()

    def read() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM kernel_idempotencykey")
            has_read.set()
            while not until() and not over.wait(0.02):
                pass
        connections.close_all()

    reader = threading.Thread(target=read)
    reader.start()
    assert has_read.wait(20)
    try:
        yield
    finally:
        over.set()
        reader.join()


@on_servers
def test_f13_a_busy_table_is_changed_and_nobody_is_refused(
    changed: list[int], mission: Mission, lead: User, at: object, tmp_path: Path
) -> None:
    clock.set_to(at)  # type: ignore[arg-type]  # the fixture's instant
    Mission.objects.filter(pk=mission.pk).update(ceiling=None)
    bodies = [{"mission": mission.pk, "nominations": [record(number)]} for number in range(2, 92)]
    with running_node(tmp_path / "web.log") as node:
        writers = Writers([node.port], "/api/v1/nominations/", new_token(lead, TokenScope.WRITE))
        writers.start(bodies, clients=3)
        writers.wait_for(10)
        with _somebody_reads(until=lambda: len(changed) > 1):
            call_command("migrate", verbosity=0)
        writers.join()

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), min(note) FROM kernel_idempotencykey")
        rows = cursor.fetchone()
        cursor.execute(
            "SELECT indisvalid FROM pg_index JOIN pg_class ON oid = indexrelid WHERE relname = 'rehearsed_index'"
        )
        index = cursor.fetchone()
        cursor.execute("SELECT convalidated FROM pg_constraint WHERE conname = 'rehearsed_check'")
        check = cursor.fetchone()
    assert (writers.told(), len(writers.taken)) == ({}, 90)
    assert (rows, index, check) == ((90, ""), (True,), (True,))
    assert changed[:2] == [0, 0]  # it had to let the others pass, and came again
    assert changed[-2:] == [1, 2]


@on_servers
def test_a_table_that_is_never_free_ends_the_migration_and_nothing_is_changed(
    changed: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "ATTEMPTS", 2)
    monkeypatch.setattr(migrate, "LOCK_WAIT_SECONDS", 0.1)

    with _somebody_reads(until=lambda: False), pytest.raises(OperationalError, match="lock timeout"):
        call_command("migrate", verbosity=0)

    assert changed == [0, 0]
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout')")
        assert cursor.fetchone() == ("0",)


@on_servers
def test_an_index_that_was_broken_off_is_built_anew(changed: list[int]) -> None:
    """Killed in the middle, PostgreSQL leaves an index that counts for nothing under the name."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX rehearsed_index ON kernel_idempotencykey (status)")
        cursor.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'rehearsed_index'::regclass")

    call_command("migrate", verbosity=0)

    with connection.cursor() as cursor:
        cursor.execute("SELECT indisvalid, indnatts FROM pg_index WHERE indexrelid = 'rehearsed_index'::regclass")
        assert cursor.fetchone() == (True, 2)
