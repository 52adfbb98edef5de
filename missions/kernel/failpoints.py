"""Places at which a rehearsed fault strikes: `FAILPOINT=name[:kill|raise|sleep|full]`. Never in production."""

import errno
import os
import signal
import time

from django.conf import settings

#: Longer than any timeout of the product, so that whoever waits for the sleeper gives up.
SLEEP_SECONDS = 300


class FailPointError(Exception):
    """The fault that was asked for; nobody anticipates it."""


def fail_point(name: str) -> None:
    """Strike if this place is the one that `settings.FAILPOINT` names, on an embedded installation only.

    `kill` (the default) ends the process as a power cut does: no handler runs, nothing is flushed. `raise` raises
    FailPointError, `sleep` hangs, and `full` is what a disk without room says.
    """
    if not settings.FAILPOINT or not settings.EMBEDDED:
        return
    place, _colon, fault = settings.FAILPOINT.partition(":")
    if place != name:
        return
    match fault or "kill":
        case "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        case "raise":
            raise FailPointError(name)
        case "sleep":
            time.sleep(SLEEP_SECONDS)
        case "full":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        case _:
            raise ValueError(f"{fault} is no fault: kill, raise, sleep or full")
