import sqlite3

import psycopg
import pytest
from django.db import DataError, IntegrityError, InterfaceError, InternalError, OperationalError, ProgrammingError

from missions.kernel.outages import is_outage


def sqlite_error(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("it says")
    error.sqlite_errorcode = code
    return error


class EndedWhileIdle(psycopg.InternalError):
    sqlstate = "25P03"


def caused(error: Exception, cause: BaseException | None) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    "error",
    [
        caused(OperationalError(), psycopg.errors.LockNotAvailable()),
        caused(OperationalError(), psycopg.errors.QueryCanceled()),
        caused(OperationalError(), psycopg.errors.AdminShutdown()),
        caused(OperationalError(), psycopg.errors.TooManyConnections()),
        caused(OperationalError(), psycopg.OperationalError("connection refused")),
        caused(OperationalError(), sqlite_error(sqlite3.SQLITE_BUSY)),
        caused(OperationalError(), sqlite_error(sqlite3.SQLITE_BUSY_SNAPSHOT)),
        caused(InternalError(), EndedWhileIdle()),
        InterfaceError("the connection is closed"),
    ],
)
def test_an_outage(error: Exception) -> None:
    assert is_outage(error)


@pytest.mark.parametrize(
    "error",
    [
        caused(OperationalError("no such table"), sqlite_error(sqlite3.SQLITE_ERROR)),
        caused(ProgrammingError(), psycopg.errors.UndefinedTable()),
        caused(IntegrityError(), psycopg.errors.UniqueViolation()),
        caused(InternalError(), psycopg.errors.InFailedSqlTransaction()),
        DataError(),
        TimeoutError(),
        None,
    ],
)
def test_what_would_fail_again(error: BaseException | None) -> None:
    assert not is_outage(error)
