"""Configuration of a gunicorn whose three workers have three clocks on the wall: right, ten minutes fast, and slow.

Whatever reads the clock of the process reads it wrong there; SKEWS says by how many seconds each.
"""

import datetime as dt
import json
import os
import time
from typing import Any

from django.utils import timezone

_SKEWS: list[int] = json.loads(os.environ["SKEWS"])
_time, _now = time.time, timezone.now

preload_app = True
workers = len(_SKEWS)


def post_fork(server: Any, worker: Any) -> None:
    """Set the clock of the worker wrong, by its number."""
    skew = _SKEWS[worker.age % len(_SKEWS)]
    time.time = lambda: _time() + skew
    timezone.now = lambda: _now() + dt.timedelta(seconds=skew)
