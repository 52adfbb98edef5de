"""People who were invited, and the mails that they got."""

import datetime as dt
import re

import pytest
from django.core import mail
from pytest_django.fixtures import Settings

from missions.accounts.models import AccountLink
from missions.accounts.services.invitations import invite_staff
from missions.models import User
from missions.reminders.services.delivery import deliver_due

PASSWORD = "seven quiet herons"
HOST = "https://desk.ministry.example"
_LINK = re.compile(r"https?://\S+")


@pytest.fixture(autouse=True)
def _mails_are_kept_here(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.PUBLIC_URL = HOST


@pytest.fixture
def invited(db: None, at: dt.datetime) -> User:
    """A reviewer who was invited and has not chosen a password."""
    return invite_staff(
        email="Rena@ministry.example", first_name="Rəna", last_name="Quliyeva", role="reviewer", by=None, at=at
    )


@pytest.fixture
def invitation(invited: User) -> AccountLink:
    """The open invitation of `invited`."""
    return AccountLink.objects.get(user=invited)


def links_mailed(at: dt.datetime) -> list[str]:
    """Deliver what is due, and return the link of every mail since the last time."""
    mail.outbox.clear()
    deliver_due(at=at)
    return [link for message in mail.outbox for link in _LINK.findall(str(message.body))]
