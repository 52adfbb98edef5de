"""Finds the browser of the browser tests, and installs one where the machine has none.

`python -m tests.chromium`: an installed browser is taken as it is; else, as root on Debian, its package; else
playwright's own download.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
#: What keeps the browser quiet: it opens no connection of its own.
FLAGS = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def installed_browser() -> str | None:
    """The path of a browser of this machine, or None (playwright may still have its own)."""
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


def _run(*command: str) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, env=environment, check=False).returncode == 0  # noqa: S603 - fixed commands


def main() -> int:
    """Make sure that there is a browser; 0 when there is."""
    if installed_browser():
        return 0
    if os.geteuid() == 0 and shutil.which("apt-get") and Path("/etc/debian_version").exists():
        _run("apt-get", "update", "-qq")
        if _run("apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-dejavu-core"):
            return 0
    return 0 if _run(sys.executable, "-m", "playwright", "install", "chromium") else 1


if __name__ == "__main__":
    sys.exit(main())
