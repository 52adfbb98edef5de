"""Questions that lower apps ask of upper ones: a settings list of dotted paths per question.

A provider is any object at a dotted path: a function or an instance. Lists are resolved once, and a
system check (kernel.E002) names each path that does not import.
"""

from functools import cache
from typing import Any

from django.conf import settings
from django.core.signals import setting_changed
from django.dispatch import receiver
from django.utils.module_loading import import_string

QUESTIONS = (
    "REMINDER_SOURCES",
    "AUDIENCE_TRAITS",
    "REMINDER_CONDITIONS",
    "FIGURE_SOURCES",
    "HEADLINE_SOURCES",
    "PROGRESS_SOURCES",
    "IMPACT_SOURCES",
    "RETENTION_SOURCES",
    "POLLING_SOURCES",
    "PLACE_SOURCES",
    "CALENDAR_SOURCES",
    "FILE_SCANNERS",
)


@cache
def providers_of(question: str) -> tuple[Any, ...]:
    """The resolved providers of one of QUESTIONS, in the order of the settings. Raises ImportError."""
    if question not in QUESTIONS:
        raise KeyError(question)
    return tuple(import_string(path) for path in getattr(settings, question, ()))


@receiver(setting_changed)
def _forget(*, setting: str, **kwargs: object) -> None:
    if setting in QUESTIONS:
        providers_of.cache_clear()
