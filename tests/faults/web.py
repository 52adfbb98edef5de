"""The product's web server in processes of its own, and what it answers."""

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from tests.faults.processes import running_command
from tests.faults.smtp_sink import free_port


@contextmanager
def running_web(pages: Path, log: Path, *, skews: Sequence[int] = (0,)) -> Iterator[int]:
    """A gunicorn with a worker for each clock, so many seconds wrong, while the block runs; yields its port."""
    port = free_port()
    command = ("-m", "gunicorn", "config.wsgi", "-c", "python:tests.faults.skewed_clocks")
    environment = {"PUBLIC_PAGES_DIR": str(pages), "SKEWS": json.dumps(skews)}
    with running_command(*command, "--bind", f"127.0.0.1:{port}", log=log, **environment) as process:
        try:
            _wait_for(port)
            yield port
        finally:
            process.terminate()  # so that its workers end with it
            process.wait(30)


def ask(port: int, path: str) -> tuple[int, bytes, dict[str, str]]:
    """Status, body and headers of one answer."""
    line = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        line.request("GET", path)
        response = line.getresponse()
        return response.status, response.read(), dict(response.getheaders())
    finally:
        line.close()


def _wait_for(port: int) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            assert ask(port, "/reports/")[0] == 200
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the server does not listen")
