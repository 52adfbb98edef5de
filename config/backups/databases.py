"""Copying a whole database out and in, on SQLite and on PostgreSQL, with the same promise: all of it or nothing.

PostgreSQL does it with its own programs. On the way in, the outbox is frozen before the first row of a mail is there.
"""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Protocol

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from config.backups.errors import InstallationNotEmptyError, RestoreBrokenOffError, ToolFailedError, ToolMissingError
from missions.kernel.failpoints import fail_point
from missions.reminders.models import OutboxFreeze

Freeze = Callable[[], OutboxFreeze]
Complete = Callable[[OutboxFreeze], None]
_SAID_MAX_LENGTH = 500


class DatabaseCopier(Protocol):
    """How the database of one engine goes out into a file and comes in again."""

    part_name: str

    def dump(self, target: Path) -> None:
        """Write one consistent state of the database into the file, while others go on writing.

        Raises ToolMissingError, ToolFailedError, OSError.
        """

    def ensure_empty(self) -> None:
        """Raise InstallationNotEmptyError or RestoreBrokenOffError unless there is no table yet."""

    def fill(self, dump: IO[bytes], *, freeze: Freeze, complete: Complete) -> None:
        """Bring everything in. Mails are frozen before their rows are there; `complete` is called when all are.

        What is broken off leaves an empty database, or one that says so. Raises as `dump`.
        """


def database_copier() -> DatabaseCopier:
    """The one for the engine of this installation."""
    return SQLiteCopier() if connection.vendor == "sqlite" else PostgresCopier()


class SQLiteCopier:
    """The file of SQLite, copied by its own online backup; it comes in beside its place and is then renamed."""

    part_name = "observer-desk.sqlite3"

    def dump(self, target: Path) -> None:
        connection.ensure_connection()
        with closing(sqlite3.connect(target)) as copy:
            connection.connection.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it

    def ensure_empty(self) -> None:
        _ensure_no_tables()

    def fill(self, dump: IO[bytes], *, freeze: Freeze, complete: Complete) -> None:
        place = Path(str(connection.settings_dict["NAME"]))
        part = place.with_name(f"{place.name}.restoring")
        _forget_sqlite(part)
        with part.open("wb") as file:
            part.chmod(0o600)
            shutil.copyfileobj(dump, file)
        with _connected_to(part):
            frozen = freeze()
            fail_point("restore_rows")
            complete(frozen)
        _flush(part)
        connection.close()
        _forget_sqlite(place)  # it has no table; a log beside it would be taken for the new one's
        part.rename(place)
        _flush(place.parent)


class PostgresCopier:
    """pg_dump's own format. It comes in by two transactions: tables first, then the freeze, then rows and the rest."""

    part_name = "observer-desk.dump"

    def dump(self, target: Path) -> None:
        _run_tool("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}", _database())

    def ensure_empty(self) -> None:
        _ensure_no_tables()

    def fill(self, dump: IO[bytes], *, freeze: Freeze, complete: Complete) -> None:
        common = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", _database())
        with _as_file(dump) as path:
            _run_tool("pg_restore", "--section=pre-data", *common, path)
            frozen = freeze()
            fail_point("restore_rows")
            _run_tool("pg_restore", "--section=data", "--section=post-data", *common, path)
        complete(frozen)


def applied_migrations() -> tuple[str, ...]:
    """The migrations that the database has, as "app.name", in order."""
    return tuple(sorted(".".join(key) for key in MigrationLoader(connection).applied_migrations))


def known_migrations() -> frozenset[str]:
    """The migrations that this version of the product can have applied, those of replaced ones too."""
    disk = MigrationLoader(None).disk_migrations or {}
    replaced = (key for migration in disk.values() for key in migration.replaces)
    return frozenset(".".join(key) for key in (*disk, *replaced))


def _ensure_no_tables() -> None:
    tables = set(connection.introspection.table_names())
    if not tables:
        return
    if OutboxFreeze._meta.db_table in tables and OutboxFreeze.objects.filter(completed_at=None).exists():
        raise RestoreBrokenOffError
    raise InstallationNotEmptyError


@contextmanager
def _connected_to(path: Path) -> Iterator[None]:
    """Let Django's connection be one to this file while the block runs."""
    former = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = str(path)
    try:
        yield
    finally:
        connection.close()  # the last one out writes the log back into the file
        connection.settings_dict["NAME"] = former


def _forget_sqlite(path: Path) -> None:
    for ending in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _as_file(dump: IO[bytes]) -> Iterator[str]:
    """The dump as a file of its own, which pg_restore may read to and fro; gone after the block."""
    path = settings.VAR_DIR / f".restoring-{os.getpid()}.dump"
    try:
        with path.open("wb") as file:
            path.chmod(0o600)
            shutil.copyfileobj(dump, file)
        yield str(path)
    finally:
        path.unlink(missing_ok=True)


def _database() -> str:
    """How to reach the database, without the password."""
    connection.ensure_connection()
    told = connection.connection.info.get_parameters()
    known = {name: value for name, value in told.items() if name not in {"options", "password", "application_name"}}
    return "--dbname=" + " ".join(f"{name}='{_quoted(value)}'" for name, value in known.items())


def _quoted(value: object) -> str:
    return str(value).replace("\\", "\\\\").replace("'", "\\'")


def _run_tool(program: str, *arguments: str) -> None:
    """Run PostgreSQL's program; the password goes by the environment, where no other user sees it."""
    found = shutil.which(program, path=settings.POSTGRES_BIN_DIR or None)
    if found is None:
        raise ToolMissingError
    environment = {**os.environ, "PGPASSWORD": connection.connection.info.password or ""}
    connection.close()  # it may run for an hour
    done = subprocess.run(  # noqa: S603 - a program of the database, with arguments of ours
        [found, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise ToolFailedError(f"{program}: {done.stderr.strip()[:_SAID_MAX_LENGTH]}")
