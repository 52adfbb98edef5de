"""A stopwatch for the rounds of the senders."""

import pytest

from missions.reminders.services import delivery


class Watch:
    """A stopwatch that a test moves by hand."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    """Rounds take no time unless a test says so."""
    watch = Watch()
    monkeypatch.setattr(delivery, "monotonic", watch)
    return watch
