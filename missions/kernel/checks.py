"""System checks of what the kernel relies on in settings and in the database."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection
from django.utils.module_loading import import_string

from missions.kernel import clock
from missions.kernel.models import ClockOffset
from missions.kernel.providers import QUESTIONS


@register(Tags.database)
def clock_runs_true(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """In production the clock has no offset: nobody may shift a deadline or an embargo."""
    if settings.DEPLOYMENT != "production" or not databases or not _is_migrated() or not clock.offset():
        return []
    return [Error("The clock has an offset in production.", hint="Run `clock.reset()`.", id="kernel.E001")]


def _is_migrated() -> bool:
    """Whether there is a clock to look at: `migrate` runs this check before it has made the first table."""
    return ClockOffset._meta.db_table in connection.introspection.table_names()


@register()
def dotted_paths_resolve(**kwargs: Any) -> list[CheckMessage]:
    """Every provider and the doorbell can be imported."""
    paths = [settings.DOORBELL, *(path for question in QUESTIONS for path in getattr(settings, question, ()))]
    return [
        Error(f"{path} cannot be imported: {problem}", id="kernel.E002")
        for path in paths
        if (problem := _import_problem(path))
    ]


@register()
def no_fault_is_rehearsed(**kwargs: Any) -> list[CheckMessage]:
    """No fail point is set in production."""
    if settings.DEPLOYMENT != "production" or not settings.FAILPOINT:
        return []
    return [Error("A fail point is set in production.", hint="Unset FAILPOINT.", id="kernel.E003")]


def _import_problem(path: str) -> str:
    try:
        import_string(path)
    except ImportError as error:
        return str(error)
    return ""
