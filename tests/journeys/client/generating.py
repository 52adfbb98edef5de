"""The generator of clients, as docs/client.md has people call it."""

import os
import subprocess
import sys
from pathlib import Path

DOCS = Path(__file__).resolve().parents[3] / "docs"
PACKAGE = "observer_desk_client"


def generate_client(folder: Path) -> Path:
    """Generate the client into the folder; returns the folder of its package. Fails at the first warning."""
    package = folder / PACKAGE
    beside = str(Path(sys.executable).parent)
    done = subprocess.run(  # noqa: S603 - the generator of our own environment
        [
            *(sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none", "--fail-on-warning"),
            *("--path", DOCS / "openapi.yaml", "--config", DOCS / "client.yaml", "--output-path", package),
        ],
        env={**os.environ, "PATH": os.pathsep.join((beside, os.environ["PATH"]))},  # ruff, which tidies what is made
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    return package
