"""A new password: the same for every address, once per window, half an hour, and for those who have one to replace."""

import datetime as dt

import pytest
from django.core import mail

from missions.accounts.errors import LinkClosedError
from missions.accounts.models import AccountLink, ResetRequest
from missions.accounts.services.links import choose_password
from missions.accounts.services.resets import answer_reset_requests, ask_for_reset
from missions.accounts.states import LinkPurpose
from missions.accounts.tokens import token_of
from missions.kernel.models import Event
from missions.models import User
from tests.missions.accounts.conftest import HOST, PASSWORD, links_mailed

pytestmark = pytest.mark.django_db

MINUTE = dt.timedelta(minutes=1)


def test_who_has_an_account_gets_a_link_for_half_an_hour(lead: User, at: dt.datetime) -> None:
    ask_for_reset(address=" Lead@ODIHR.example ", at=at)
    answered = answer_reset_requests(at=at + MINUTE)

    link = AccountLink.objects.get()
    assert (answered, link.user, link.purpose, link.expires_at) == (1, lead, LinkPurpose.RESET, at + 30 * MINUTE)
    assert links_mailed(at + MINUTE) == [f"{HOST}/account/reset/{token_of(link)}/"]
    assert mail.outbox[0].to == ["lead@odihr.example"]
    choose_password(link_id=link.pk, password=PASSWORD, at=at + 29 * MINUTE)
    lead.refresh_from_db()
    assert lead.check_password(PASSWORD)
    assert [event.verb for event in Event.objects.of(lead)] == ["password_reset_mailed", "password_reset"]


def test_the_link_is_dead_after_half_an_hour_and_after_use(lead: User, at: dt.datetime) -> None:
    ask_for_reset(address=lead.email, at=at)
    answer_reset_requests(at=at)
    link = AccountLink.objects.get()

    with pytest.raises(LinkClosedError):
        choose_password(link_id=link.pk, password=PASSWORD, at=at + 30 * MINUTE)
    choose_password(link_id=link.pk, password=PASSWORD, at=at + MINUTE)
    with pytest.raises(LinkClosedError):
        choose_password(link_id=link.pk, password=PASSWORD, at=at + MINUTE)


def test_nobody_without_an_account_or_a_password_gets_a_mail(invited: User, lead: User, at: dt.datetime) -> None:
    User.objects.filter(pk=lead.pk).update(is_active=False)
    before = AccountLink.objects.count()

    for address in ("nobody@odihr.example", invited.email, lead.email):
        ask_for_reset(address=address, at=at)

    assert answer_reset_requests(at=at) == 0
    assert AccountLink.objects.count() == before
    assert ResetRequest.objects.filter(answered_at=at).count() == 3


@pytest.mark.parametrize("address", ["lead@odihr.example", "nobody@odihr.example"])
def test_an_address_is_written_down_once_per_window(lead: User, at: dt.datetime, address: str) -> None:
    for seconds in (0, 1, 599, 600, 1199):
        ask_for_reset(address=address, at=at + dt.timedelta(seconds=seconds))

    windows = ResetRequest.objects.values_list("window", flat=True)
    assert list(windows) == [at, at + 10 * MINUTE]


def test_a_second_mail_kills_the_link_of_the_first(lead: User, at: dt.datetime) -> None:
    for when in (at, at + 10 * MINUTE):
        ask_for_reset(address=lead.email, at=when)
        answer_reset_requests(at=when)

    first, second = AccountLink.objects.order_by("pk")
    assert [link.is_open(at=at + 11 * MINUTE) for link in (first, second)] == [False, True]


def test_a_request_is_answered_once_and_never_late(lead: User, at: dt.datetime) -> None:
    ask_for_reset(address=lead.email, at=at)
    ask_for_reset(address=lead.email, at=at + 10 * MINUTE)

    assert answer_reset_requests(at=at + 31 * MINUTE) == 1
    assert answer_reset_requests(at=at + 31 * MINUTE) == 0
    assert AccountLink.objects.get().expires_at == at + 40 * MINUTE


def test_addresses_of_strangers_are_forgotten_after_a_day(at: dt.datetime) -> None:
    ask_for_reset(address="nobody@odihr.example", at=at)
    answer_reset_requests(at=at)

    answer_reset_requests(at=at + dt.timedelta(days=1))
    kept = ResetRequest.objects.count()
    answer_reset_requests(at=at + dt.timedelta(days=1, seconds=1))

    assert (kept, ResetRequest.objects.count()) == (1, 0)
