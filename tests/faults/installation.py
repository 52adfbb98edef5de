"""An installation as a machine of its own starts it: the image's files in a folder, its script, and nothing else.

Built as the Dockerfile does, but of packages that are installed already and without compressing static files.
"""

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from tests.faults.processes import ROOT, database_url
from tests.faults.smtp_sink import free_port

HOST = "desk.ministry.test"
PATIENCE = 300.0


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    headers: Mapping[str, str]

    def json(self) -> dict[str, object]:
        told: dict[str, object] = json.loads(self.body)
        return told


@dataclass(frozen=True, slots=True)
class Installation:
    """A folder with the files of the image, and the environment of its processes: these variables and no others."""

    folder: Path
    environment: Mapping[str, str]

    def step(self, *command: str, **changes: str) -> "subprocess.CompletedProcess[str]":
        """One command of the image to its end."""
        return subprocess.run(  # noqa: S603 - a fixed command
            [str(self.folder / "config/image" / command[0]), *command[1:]],
            env={**self.environment, **changes},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    @contextmanager
    def running(self, role: str, **changes: str) -> Iterator["subprocess.Popen[bytes]"]:
        """A process of this role while the block runs; killed by its id if it is still there."""
        with ExitStack() as stack:
            output = stack.enter_context(self.log(role).open("ab"))
            process = subprocess.Popen(  # noqa: S603 - a fixed command
                [str(self.folder / "config/image/entrypoint.sh"), role],
                env={**self.environment, **changes},
                stdout=output,
                stderr=subprocess.STDOUT,
            )
            try:
                yield process
            finally:
                process.kill()
                process.wait(20)

    def log(self, role: str) -> Path:
        return self.folder.parent / f"{role}.log"

    def ask(self, path: str, **headers: str) -> Answer:
        """What the web server answers, as to a proxy of ours."""
        line = HTTPConnection(self.environment["WEB_BIND"], timeout=60)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            line.request("GET", path, headers={"Host": HOST, "X-Forwarded-Proto": "https", **sent})
            response = line.getresponse()
            return Answer(response.status, response.read(), dict(response.getheaders()))
        finally:
            line.close()

    def wait_for_web(self) -> None:
        """Until it answers; on a busy machine loading and checking the product takes minutes."""
        end = time.monotonic() + PATIENCE
        while not self._answers():
            assert time.monotonic() < end, "the server does not listen"
            time.sleep(0.2)

    def _answers(self) -> bool:
        try:
            return self.ask("/healthz").status == 200
        except OSError:
            return False


def install(place: Path, *, broker: str, mail_port: int) -> Installation:
    """Lay the files of the image into a folder, as .dockerignore lets them through."""
    folder = place / "app"
    folder.mkdir()
    (place / "static").mkdir()
    for line in (ROOT / ".dockerignore").read_text().splitlines():
        source = ROOT / line.removeprefix("!")
        if line.startswith("!") and source.is_dir():
            # With the compiled modules, which `build.sh product` would make anew.
            shutil.copytree(source, folder / source.name)
        elif line.startswith("!") and source.exists():
            shutil.copy2(source, folder)
    return Installation(folder, _environment(place, broker=broker, mail_port=mail_port))


def _environment(place: Path, *, broker: str, mail_port: int) -> dict[str, str]:
    return {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "HOME": str(place),
        "XDG_RUNTIME_DIR": os.environ["XDG_RUNTIME_DIR"],
        "DEPLOYMENT": "production",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "LOOKUP_HASH_KEY": secrets.token_urlsafe(48),
        "FIELD_ENCRYPTION_KEYS": urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "METRICS_TOKEN": secrets.token_urlsafe(48),
        "PUBLIC_URL": f"https://{HOST}",
        "ALLOWED_HOSTS": HOST,
        "BEHIND_PROXY": "true",
        "DATABASE_URL": database_url(),
        "CELERY_BROKER_URL": broker,
        "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
        "DEFAULT_FROM_EMAIL": f"desk@{HOST}",
        "MESSAGE_ID_DOMAIN": HOST,
        "VAR_DIR": str(place / "var"),
        "BADGE_SIGNER_SOCKET": str(place / "var/signer.sock"),
        "STATIC_ROOT": str(place / "static"),
        "WEB_BIND": f"127.0.0.1:{free_port()}",
    }
