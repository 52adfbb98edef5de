from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from missions.reminders.models import Message
from missions.reminders.services.planning import plan_reminders
from tests.faults.smtp_sink import SmtpSink, running_sink
from tests.missions.reminders import fakes, rule_fakes


@pytest.fixture(autouse=True)
def _sources(settings: Settings) -> Iterator[None]:
    """Both fake sources are installed, with nothing to say; the rules of the ministry know no condition."""
    settings.REMINDER_SOURCES, settings.REMINDER_CONDITIONS = [fakes.FIRST, fakes.SECOND], []
    yield
    fakes.first.forget()
    fakes.second.forget()
    rule_fakes.cases.clear()


@pytest.fixture
def sink(settings: Settings) -> Iterator[SmtpSink]:
    """A mail server to which the product's mails go."""
    with running_sink() as server:
        settings.EMAIL_BACKEND = "missions.reminders.smtp.ListeningBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server


@pytest.fixture
def message(db: None) -> Message:
    """One planned message, due at NOON."""
    fakes.first.drafts = [fakes.draft()]
    plan_reminders(at=fakes.NOON)
    return Message.objects.get()
