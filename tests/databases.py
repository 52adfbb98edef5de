"""One database for the whole run: migrated once, copied for each worker, and laid again as it was after each flush.

Migrating takes seconds, and so does what follows a flush (content types, permissions, roles, default rules): half a
second after each test that really commits. Copies of rows take neither.
"""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from pathlib import Path

from django.apps import apps
from django.core.management.color import Style
from django.db import connection, transaction
from django.db.backends.base.operations import BaseDatabaseOperations as DatabaseOperations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import override_settings

#: Before the name of a table: what stood in it after migrating.
_LAID = "laid_"


def make_migrated_database(*, migrates: bool) -> None:
    """Migrate the run's original from nothing, unless another process of the run has.

    Without migrating, the tables are made as the models are now, and all migrations are noted as applied: twenty
    seconds less for whoever tries a few tests. Nothing is taken down: the run's folder, and the server in it, go as a
    whole.
    """
    with _alone("migrated") as mark:
        if name := mark.read_text():
            connection.settings_dict["NAME"] = name
        else:
            with nullcontext() if migrates else _as_the_models_are():
                name = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
            if not migrates:
                _note_migrations()
            _keep_rows()
            mark.write_text(name)
        connection.close()  # neither engine copies what is still open


def copy_migrated_database(worker: str, *, migrates: bool) -> None:
    """Point this process's connection at a copy of its own, of the original that `make_migrated_database` has made."""
    creation = connection.creation
    make_migrated_database(migrates=migrates)
    with _alone("copied"):
        creation.clone_test_db(worker, verbosity=0, autoclobber=True)
    connection.settings_dict.update(creation.get_test_db_clone_settings(worker))


def _as_the_models_are() -> AbstractContextManager[object]:
    return override_settings(MIGRATION_MODULES={app.label: None for app in apps.get_app_configs()})


def _note_migrations() -> None:
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    for app, name in MigrationLoader(None).disk_migrations:
        recorder.record_applied(app, name)


def lay_rows_again(*_args: object, **_kwargs: object) -> None:
    """Fill the empty database with the rows that migrating has laid; takes the place of their makers after a flush."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in _kept_tables():
            cursor.execute(f'INSERT INTO "{table}" SELECT * FROM "{_LAID}{table}"')  # noqa: S608 - names of tables


def rows_deleted(
    operations: DatabaseOperations,
    _style: Style,
    tables: Sequence[str],
    *,
    reset_sequences: bool = False,
    allow_cascade: bool = False,
) -> list[str]:
    """What empties these tables on PostgreSQL; takes the place of TRUNCATE, which makes a new file of each index.

    A test fills a dozen of a hundred tables, with a few rows each: deleting these takes a tenth of the time. Keys are
    not looked after meanwhile, since everything goes. Raises NotImplementedError where sequences shall begin anew.
    """
    if reset_sequences or allow_cascade:
        raise NotImplementedError("rows are deleted as they are")
    looks = " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (TABLE \"{table}\")" for table in tables)
    with operations.connection.cursor() as cursor:
        cursor.execute(looks)
        filled = [table for (table,) in cursor.fetchall()]
    role = "SET LOCAL session_replication_role ="
    return [f"{role} replica", *(f'DELETE FROM "{table}"' for table in filled), f"{role} DEFAULT"]  # noqa: S608


def _keep_rows() -> None:
    with connection.cursor() as cursor:
        for table in connection.introspection.django_table_names(only_existing=True, include_views=False):
            cursor.execute(f'CREATE TABLE "{_LAID}{table}" AS SELECT * FROM "{table}"')  # noqa: S608
            cursor.execute(f'SELECT EXISTS (SELECT 1 FROM "{table}")')  # noqa: S608
            if not cursor.fetchone()[0]:
                cursor.execute(f'DROP TABLE "{_LAID}{table}"')


@cache
def _kept_tables() -> tuple[str, ...]:
    names = connection.introspection.table_names()
    return tuple(name.removeprefix(_LAID) for name in names if name.startswith(_LAID))


@contextmanager
def _alone(name: str) -> Iterator[Path]:
    """Hold the run's lock of that name; the file that the others of the run look at."""
    path = Path(os.environ["VAR_DIR"]) / name
    with path.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield path
