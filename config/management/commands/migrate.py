"""`migrate`, as Django's, but under traffic: it waits a second for a lock, lets the others pass, and tries again.

Whoever waits for a lock of a whole table holds up everybody who comes after. Each migration that has ended is noted,
so what is tried again is only the one that had to wait.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.commands.migrate import Command as DjangosCommand
from django.db import OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _

#: Less than a repeated request waits for its twin (missions.kernel.web.writes), so that nobody is sent away meanwhile.
LOCK_WAIT_SECONDS = 1
ATTEMPTS, PAUSE_SECONDS = 30, 2.0
_LOCK_NOT_AVAILABLE = "55P03"


class Command(DjangosCommand):
    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with short_waits(connection):
                    super().handle(*args, **options)
            except OperationalError as error:
                is_busy = getattr(error.__cause__, "sqlstate", None) == _LOCK_NOT_AVAILABLE
                if not is_busy or attempt == ATTEMPTS:
                    raise
                self.stderr.write(_("A table is in use; trying again."))
                time.sleep(PAUSE_SECONDS)
            else:
                return


@contextmanager
def short_waits(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Let no statement of the connection wait longer than LOCK_WAIT_SECONDS for a lock while the block runs."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout')")
        (former,) = cursor.fetchone()
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [f"{LOCK_WAIT_SECONDS}s"])
    try:
        yield
    finally:
        if connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('lock_timeout', %s, false)", [former])
