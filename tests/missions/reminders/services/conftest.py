"""A stopwatch for the rounds of the senders."""

import pytest

from missions.reminders.services import delivery
from tests.stopwatch import Watch


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    """Rounds take no time unless a test says so."""
    watch = Watch()
    monkeypatch.setattr(delivery, "monotonic", watch)
    return watch
