"""The one clock: the database's time plus an offset row, in Python and as a query expression.

Edges (pages, API, tasks, commands) call `now()` and hand the instant on; services take it as an argument.
"""

from datetime import datetime, timedelta

from django.db.models import DateTimeField, ExpressionWrapper, Subquery
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Now

from missions.kernel.models import ClockOffset


def clock_now() -> "ExpressionWrapper[CombinedExpression]":
    """The clock as a query expression, for conditions that must hold by the database's own time."""
    offset_row = Subquery(ClockOffset.objects.filter(pk=ClockOffset.SOLE_ID).values("offset")[:1])
    return ExpressionWrapper(Now() + offset_row, output_field=DateTimeField())


def now() -> datetime:
    """The current instant (aware, UTC) of the one clock. One query, and more only where the row is still missing."""
    reading = ClockOffset.objects.filter(pk=ClockOffset.SOLE_ID).values_list(clock_now(), flat=True)
    try:
        instant: datetime = reading.get()
    except ClockOffset.DoesNotExist:
        instant = ClockOffset.objects.sole().values_list(clock_now(), flat=True).get()
    return instant


def offset() -> timedelta:
    """How far the clock is set from the database's time; zero in production. One query."""
    offset = ClockOffset.objects.filter(pk=ClockOffset.SOLE_ID).values_list("offset", flat=True).first()
    return offset or timedelta(0)


def set_to(instant: datetime) -> None:
    """Set the clock so that `now()` is `instant` and runs on from there. For rehearsals and demonstrations."""
    sole = ClockOffset.objects.sole()
    database_now: datetime = sole.values_list(Now(), flat=True).get()
    sole.update(offset=instant - database_now)


def reset() -> None:
    """Put the clock back to the database's time."""
    ClockOffset.objects.sole().update(offset=timedelta(0))
