"""Processes of the product that a test starts, waits for and kills."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 100.0
#: A few rounds of each fault in `make test`, many in `make soak`.
ROUNDS = int(os.environ.get("FAULT_ROUNDS", "1"))
_CARRIED_OVER = (
    "EMAIL_BACKEND",
    "EMAIL_HOST",
    "EMAIL_PORT",
    "REMINDER_SOURCES",
    "CELERY_BROKER_URL",
    "DOORBELL",
    "PUBLIC_PAGES_DIR",
)


def wait_until(is_so: Callable[[], bool]) -> None:
    """Look again and again until it is so."""
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def database_url() -> str:
    """The test database of this process, as a child reads it from its environment."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return os.environ["DATABASE_URL"].replace("/postgres?", f"/{name}?")


class Forge:
    """The process of tests/faults/forge.py: forks children that have the settings of this test."""

    def __init__(self, process: "subprocess.Popen[str]", log: Path) -> None:
        self._process, self._log = process, log
        self._running: list[int] = []

    def run(self, act: str, **order: Any) -> list[int]:
        """Let a child (or `copies` of it) act; the exit codes, negative for the signal that killed it."""
        return self._ask(act, order)

    def start(self, act: str, **order: Any) -> list[int]:
        """Start children that run on; their ids."""
        pids = self._ask(act, order)
        self._running += pids
        return pids

    def kill(self, pids: Sequence[int]) -> None:
        """As a machine dies: at once, whatever they are doing."""
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._running = [pid for pid in self._running if pid not in pids]

    def kill_all(self) -> None:
        self.kill(self._running)

    def log_text(self) -> str:
        """What all children have said."""
        return self._log.read_text(errors="replace")

    def _ask(self, act: str, order: dict[str, Any]) -> list[int]:
        carried = {name: getattr(settings, name) for name in _CARRIED_OVER}
        if "failpoint" in order:
            carried["FAILPOINT"] = order.pop("failpoint")
        line = {**order, "act": act, "log": str(self._log), "settings": carried}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(line, default=str) + "\n")
        self._process.stdin.flush()
        answer: list[int] = json.loads(self._process.stdout.readline())
        return answer


@contextmanager
def running_forge(log: Path) -> Iterator[Forge]:
    """The forge on this process's test database, while the block runs."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.forge"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "config.settings"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    with process:  # it ends with its input
        assert process.stdout.readline() == "ready\n"
        yield Forge(process, log)


@contextmanager
def running_command(*command: str, log: Path, **environment: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A Python command in a process of its own; killed by its id when the block ends."""
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603 - a fixed command
            [sys.executable, *command],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": database_url(), "PYTHONPATH": str(ROOT), **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait(20)
