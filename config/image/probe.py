"""`python -m config.image.probe`: exit code 0 if this container's process is alive. It loads nothing of the product.

A web server is asked for /healthz; workers and beats touch the file that PULSE_FILE names.
"""

import os
import sys
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path

_WAIT_SECONDS = 3
#: A worker that is well touches its file every few seconds; a beat rings at least so often.
_STALE_SECONDS = 60


def is_alive() -> bool:
    """Whether the process behind PULSE_FILE, or else the web server at WEB_BIND, shows signs of life."""
    pulse = os.environ.get("PULSE_FILE", "")
    if pulse:
        path = Path(pulse)
        return path.exists() and time.time() - path.stat().st_mtime < _STALE_SECONDS
    port = os.environ.get("WEB_BIND", "127.0.0.1:8000").split(",")[0].rpartition(":")[2]
    line = HTTPConnection("127.0.0.1", int(port), timeout=_WAIT_SECONDS)
    try:
        line.request("GET", "/healthz")
        return line.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        line.close()


if __name__ == "__main__":
    sys.exit(0 if is_alive() else 1)
