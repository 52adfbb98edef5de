"""The sign of life of workers and beats, which answer no questions: a file that they touch while they are well."""

from pathlib import Path
from time import monotonic

from django.conf import settings

_EVERY_SECONDS = 5.0
_last = {"at": float("-inf")}


def beat_pulse() -> None:
    """Touch settings.PULSE_FILE, at most every five seconds. `config.image.probe` reads its age."""
    if settings.PULSE_FILE and monotonic() >= _last["at"] + _EVERY_SECONDS:
        Path(settings.PULSE_FILE).touch()
        _last["at"] = monotonic()
