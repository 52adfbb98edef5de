"""Claiming a row that waits for a job: one worker has it for a while, and each attempt is counted before it begins."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet


def claim(waiting: "QuerySet[Any]", *, pk: int, at: datetime, lease: timedelta) -> bool:
    """Whether the caller has the row now, until the lease ends. `waiting` are the rows that still have work to do.

    The rows have `lease_until` and `attempts`; the attempt counts even if the work kills its worker.
    """
    free = waiting.filter(Q(lease_until=None) | Q(lease_until__lte=at), pk=pk)
    return bool(free.update(lease_until=at + lease, attempts=F("attempts") + 1))
