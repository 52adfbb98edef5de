"""Nodes of an installation: the web server under the product's own configuration, and clients that never give up."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from tests.faults.processes import PATIENCE, ROOT, database_url
from tests.faults.smtp_sink import free_port

#: What says: not now, the same again.
AGAIN = frozenset({409, 503})


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; status 0 where nothing did, because the connection was refused or cut."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Node:
    """A web server with all its processes, which die together."""

    port: int
    group: int

    def kill(self) -> None:
        """As a machine dies: all of it at once."""
        with suppress(ProcessLookupError):
            os.killpg(self.group, signal.SIGKILL)


@contextmanager
def running_node(log: Path, *, database: str = "", workers: int = 1, **environment: str) -> Iterator[Node]:
    """gunicorn under config.gunicorn, which has answered once, while the block runs. No limit of requests binds it."""
    port = free_port()
    limits = {"API_RATE": "", "API_MISSION_RATE": ""}
    told = {"WEB_BIND": f"127.0.0.1:{port}", "WEB_WORKERS": str(workers), "WEB_THREADS": "8", **limits}
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--config", "python:config.gunicorn", "config.wsgi"],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": database or database_url(), **told, **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    node = Node(port, process.pid)
    try:
        _wait_for(node, process)
        yield node
    finally:
        node.kill()
        process.wait(20)


def ask(port: int, method: str, path: str, *, body: object = None, headers: Mapping[str, str] | None = None) -> Answer:
    """One request on a connection of its own."""
    began = time.monotonic()
    line = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        data = None if body is None else json.dumps(body)
        line.request(method, path, data, {"Content-Type": "application/json", **(headers or {})})
        response = line.getresponse()
        text = response.read()
        told = json.loads(text) if response.headers.get_content_subtype().endswith("json") else text
        return Answer(response.status, told, dict(response.getheaders()), time.monotonic() - began)
    except (OSError, HTTPException):
        return Answer(0, seconds=time.monotonic() - began)
    finally:
        line.close()


@dataclass
class Writers:
    """Clients that each send their bodies one after the other, each under a key of its own, until it is taken.

    `taken` has the answer to each key, in the order of the answers; `refusals` everything else that was said.
    """

    ports: Sequence[int]
    path: str
    token: str
    taken: dict[str, Answer] = field(default_factory=dict)
    refusals: list[Answer] = field(default_factory=list)
    taken_at: list[float] = field(default_factory=list)

    def start(self, bodies: Sequence[Mapping[str, object]], *, clients: int) -> None:
        """Begin, with the bodies shared out among so many clients."""
        self._ends = time.monotonic() + PATIENCE
        shares = [list(enumerate(bodies))[number::clients] for number in range(clients)]
        self._threads = [threading.Thread(target=self._write, args=(share,), daemon=True) for share in shares]
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        for thread in self._threads:
            thread.join(PATIENCE)
            assert not thread.is_alive(), "a client is still trying"

    def wait_for(self, count: int) -> None:
        """Until so many are taken."""
        while len(self.taken) < count:
            assert time.monotonic() < self._ends, f"{len(self.taken)} taken, {self.told()}"
            time.sleep(0.01)

    def told(self) -> Counter[int]:
        """How often each refusal came."""
        return Counter(answer.status for answer in self.refusals)

    def send(self, port: int, key: str, body: Mapping[str, object]) -> Answer:
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": key}
        return ask(port, "POST", self.path, body=body, headers=headers)

    def _write(self, share: Sequence[tuple[int, Mapping[str, object]]]) -> None:
        tries = 0
        for number, body in share:
            key = f"key-{number}"
            while time.monotonic() < self._ends:
                answer = self.send(self.ports[(number + tries) % len(self.ports)], key, body)
                if answer.status == 201:
                    self.taken[key] = answer
                    self.taken_at.append(time.monotonic())
                    break
                self.refusals.append(answer)
                tries += 1
                if answer.status not in AGAIN | {0}:
                    return  # a bug: the test sees it among the refusals
                time.sleep(0.1)


def _wait_for(node: Node, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + PATIENCE
    while ask(node.port, "GET", "/healthz").status != 200:
        assert process.poll() is None, "the server has ended"
        assert time.monotonic() < end, "the server does not answer"
        time.sleep(0.1)
