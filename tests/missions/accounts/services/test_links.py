"""Personal links: who gets one, that it works once and for its time, and that nobody else holds its secret."""

import datetime as dt
import json
import logging
import smtplib
from collections.abc import Sequence

import pytest
from django.apps import apps
from django.core import mail, serializers
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction

from missions.accounts.errors import (
    AccountDeactivatedError,
    AccountInUseError,
    InvitationNotOpenError,
    LinkClosedError,
    PasswordRefusedError,
)
from missions.accounts.mails import PLACE_OF_LINK
from missions.accounts.models import AccountLink
from missions.accounts.selectors import open_link_of
from missions.accounts.services.links import choose_password, mail_invitation, mail_reset, revoke_account_invitation
from missions.accounts.states import LinkEnd, LinkPurpose
from missions.accounts.tokens import token_of
from missions.kernel.models import Event
from missions.models import User
from missions.reminders.models import Message
from missions.reminders.services.delivery import deliver_due
from missions.reminders.states import MessageState
from tests.missions.accounts.conftest import HOST, PASSWORD, links_mailed

pytestmark = pytest.mark.django_db

_INVITATION = LinkPurpose.INVITATION
SECOND = dt.timedelta(seconds=1)


def _events(user: User) -> list[str]:
    return [event.verb for event in Event.objects.of(user)]


def test_an_invitation_is_a_mail_with_the_link_of_the_open_row(
    invited: User, invitation: AccountLink, at: dt.datetime
) -> None:
    assert links_mailed(at) == [f"{HOST}/account/invitation/{token_of(invitation)}/"]
    [sent] = mail.outbox
    assert (sent.to, sent.subject) == (["rena@ministry.example"], "Your account at Observer Desk")
    assert "Your role: reviewer" in sent.body
    assert "until 21 January 2024, 12:00 (UTC)" in sent.body
    assert invitation.expires_at == at + dt.timedelta(hours=72)
    assert _events(invited) == ["account_opened", "account_invited"]


def test_the_token_stands_in_the_mail_and_nowhere_else(
    invited: User, invitation: AccountLink, at: dt.datetime, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    deliver_due(at=at)
    token = token_of(invitation)
    secret = token.split(".")[1]

    rows = [row for model in apps.get_models() for row in model._default_manager.all()]
    stored = serializers.serialize("json", rows)

    assert token in str(mail.outbox[0].body)
    assert len(json.loads(stored)) == len(rows) > 0
    assert PLACE_OF_LINK in stored
    assert secret not in stored
    assert secret not in caplog.text
    assert secret not in repr(rows) + repr(invitation.__dict__)


def test_a_mail_server_that_repeats_the_link_in_its_refusal_does_not_bring_it_into_the_outbox(
    invitation: AccountLink, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(backend: object, messages: Sequence[EmailMessage]) -> int:
        link = str(messages[0].body).split("https://")[1].split()[0]
        raise smtplib.SMTPDataError(554, f"5.7.1 unwanted: https://{link} is listed".encode())

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)

    deliver_due(at=at)

    message = Message.objects.get()
    assert (message.state, message.error) == (MessageState.FAILED, "554 5.7.1 unwanted: [link] is listed")


@pytest.mark.parametrize(("hours", "opens"), [(0, True), (71, True), (72, False), (1000, False)])
def test_a_link_works_until_its_time_is_over(invitation: AccountLink, at: dt.datetime, hours: int, opens: bool) -> None:
    when = at + dt.timedelta(hours=hours)

    assert (open_link_of(token_of(invitation), purpose=_INVITATION, at=when) == invitation) is opens
    if opens:
        choose_password(link_id=invitation.pk, password=PASSWORD, at=when)
    else:
        with pytest.raises(LinkClosedError):
            choose_password(link_id=invitation.pk, password=PASSWORD, at=when)


def test_a_link_works_once(invited: User, invitation: AccountLink, at: dt.datetime) -> None:
    choose_password(link_id=invitation.pk, password=PASSWORD, at=at)
    with pytest.raises(LinkClosedError):
        choose_password(link_id=invitation.pk, password="another long sentence", at=at + SECOND)

    invited.refresh_from_db()
    invitation.refresh_from_db()
    assert invited.check_password(PASSWORD)
    assert (invitation.closed_at, invitation.end) == (at, LinkEnd.USED)
    assert open_link_of(token_of(invitation), purpose=_INVITATION, at=at) is None
    assert _events(invited) == ["account_opened", "account_invited", "invitation_accepted"]


def test_a_new_invitation_kills_the_former_link_and_its_mail(
    invited: User, invitation: AccountLink, at: dt.datetime
) -> None:
    newer = mail_invitation(user=invited, by=None, at=at + SECOND)

    assert open_link_of(token_of(invitation), purpose=_INVITATION, at=at + SECOND) is None
    assert open_link_of(token_of(newer), purpose=_INVITATION, at=at + SECOND) == newer
    assert links_mailed(at + SECOND) == [f"{HOST}/account/invitation/{token_of(newer)}/"]
    states = Message.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [MessageState.CANCELLED, MessageState.SENT]
    with pytest.raises(LinkClosedError):
        choose_password(link_id=invitation.pk, password=PASSWORD, at=at + SECOND)


def test_a_revoked_invitation_opens_nothing_and_is_revoked_once(
    invited: User, invitation: AccountLink, at: dt.datetime
) -> None:
    revoke_account_invitation(user=invited, by=None, at=at)

    assert open_link_of(token_of(invitation), purpose=_INVITATION, at=at) is None
    assert links_mailed(at) == []
    with pytest.raises(InvitationNotOpenError):
        revoke_account_invitation(user=invited, by=None, at=at)
    assert _events(invited)[2:] == ["account_invitation_revoked"]


def test_who_has_a_password_is_not_invited_again(invited: User, invitation: AccountLink, at: dt.datetime) -> None:
    choose_password(link_id=invitation.pk, password=PASSWORD, at=at)

    with pytest.raises(AccountInUseError):
        mail_invitation(user=invited, by=None, at=at)


def test_nobody_who_is_deactivated_is_invited_or_chooses_a_password(
    invited: User, invitation: AccountLink, at: dt.datetime
) -> None:
    User.objects.filter(pk=invited.pk).update(is_active=False)

    with pytest.raises(AccountDeactivatedError):
        mail_invitation(user=invited, by=None, at=at)
    with pytest.raises(LinkClosedError):
        choose_password(link_id=invitation.pk, password=PASSWORD, at=at)


@pytest.mark.parametrize("password", ["too short", "rena@ministry.example"])
def test_a_weak_password_is_refused_and_the_link_stays_open(
    invited: User, invitation: AccountLink, at: dt.datetime, password: str
) -> None:
    with pytest.raises(PasswordRefusedError) as refusal:
        choose_password(link_id=invitation.pk, password=password, at=at)

    assert [violation.field for violation in refusal.value.violations] == ["new_password1"]
    assert AccountLink.objects.get().is_open(at=at)


def test_a_tampered_token_and_one_for_another_purpose_open_nothing(
    invitation: AccountLink, lead: User, at: dt.datetime
) -> None:
    reset = mail_reset(user=lead, expires_at=at + dt.timedelta(minutes=30), at=at)
    assert reset is not None
    token, other = token_of(invitation), token_of(reset)
    nonce, signature = token.split(".")
    forged = [
        "",
        nonce,
        f"{nonce}.{'A' * 43}",
        f"{reset.nonce.hex}.{signature}",
        f"{nonce}.{other.split('.')[1]}",
        token[:-1],
        f"{token}A",
        token.upper(),
        f"{token}\n",
    ]

    assert [open_link_of(text, purpose=_INVITATION, at=at) for text in forged] == [None] * len(forged)
    assert open_link_of(token, purpose=LinkPurpose.RESET, at=at) is None
    assert open_link_of(other, purpose=_INVITATION, at=at) is None
    assert open_link_of(token, purpose=_INVITATION, at=at) == invitation
    assert open_link_of(other, purpose=LinkPurpose.RESET, at=at) == reset


def test_a_key_of_another_installation_signs_nothing_of_ours(
    invitation: AccountLink, at: dt.datetime, settings: pytest.FixtureRequest
) -> None:
    ours = token_of(invitation)
    settings.SECRET_KEY = "another installation's key"  # type: ignore[attr-defined]  # pytest-django's settings

    assert open_link_of(ours, purpose=_INVITATION, at=at) is None
    assert token_of(invitation) != ours


def test_the_database_keeps_one_open_link_per_purpose(invitation: AccountLink, at: dt.datetime) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        AccountLink.objects.create(
            user=invitation.user, purpose=_INVITATION, issued_at=at, expires_at=at + dt.timedelta(hours=1)
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        AccountLink.objects.filter(pk=invitation.pk).update(closed_at=at)  # without saying how
