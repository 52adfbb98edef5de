"""Whether an error means that the database is away, busy or out of time: the same request may succeed in a moment."""

from django.db import DatabaseError, InterfaceError, OperationalError

#: Primary result codes of SQLite: busy, locked, read-only, input or output, full, cannot open.
_SQLITE_OUTAGES = frozenset({5, 6, 8, 10, 13, 14})
#: PostgreSQL ended a transaction that did nothing for too long; its driver counts that among internal errors.
_ENDED_WHILE_IDLE = "25P03"


def is_outage(error: BaseException | None) -> bool:
    """True for a lost or refused connection, a statement or a wait for a lock that ran out of time, a deadlock.

    False for everything that would fail again in the same way, such as a missing table.
    """
    if isinstance(error, InterfaceError):  # the connection was closed under us
        return True
    if not isinstance(error, DatabaseError):
        return False
    if getattr(error.__cause__, "sqlstate", None) == _ENDED_WHILE_IDLE:
        return True
    if not isinstance(error, OperationalError):
        return False
    code = getattr(error.__cause__, "sqlite_errorcode", None)
    return code is None or code & 0xFF in _SQLITE_OUTAGES
