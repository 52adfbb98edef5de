"""`python -m config.image.probe [ROLE]`: exit code 0 if this container's process is alive. It loads no product.

A web server is asked for /healthz; workers and beats touch the file that PULSE_FILE names; a signer takes connections.
"""

import os
import socket
import sys
import time
from collections.abc import Callable, Mapping
from http.client import HTTPConnection, HTTPException
from pathlib import Path

_WAIT_SECONDS = 3
#: A worker that is well touches its file every few seconds; a beat rings at least so often.
_STALE_SECONDS = 60


def web_is_alive() -> bool:
    """Whether the server at WEB_BIND says so."""
    port = os.environ.get("WEB_BIND", "127.0.0.1:8000").split(",")[0].rpartition(":")[2]
    line = HTTPConnection("127.0.0.1", int(port), timeout=_WAIT_SECONDS)
    try:
        line.request("GET", "/healthz")
        return line.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        line.close()


def pulse_is_fresh() -> bool:
    """Whether PULSE_FILE was touched a short while ago."""
    try:
        return time.time() - Path(os.environ["PULSE_FILE"]).stat().st_mtime < _STALE_SECONDS
    except (KeyError, OSError):
        return False


def signer_listens() -> bool:
    """Whether somebody takes connections behind BADGE_SIGNER_SOCKET."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(_WAIT_SECONDS)
        try:
            line.connect(os.environ["BADGE_SIGNER_SOCKET"])
        except (KeyError, OSError):
            return False
    return True


ROLES: Mapping[str, Callable[[], bool]] = {
    "web": web_is_alive,
    "worker": pulse_is_fresh,
    "beat": pulse_is_fresh,
    "signer": signer_listens,
}

if __name__ == "__main__":
    sys.exit(0 if ROLES[sys.argv[1] if len(sys.argv) > 1 else "web"]() else 1)
