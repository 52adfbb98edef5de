"""Real connections at the same moment: one link, two administrators, one request. On both databases."""

import datetime as dt
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connections

from missions.accounts.errors import LastAdministratorError, LinkClosedError
from missions.accounts.models import AccountLink, ResetRequest
from missions.accounts.services.links import choose_password, mail_invitation
from missions.accounts.services.resets import answer_reset_requests, ask_for_reset
from missions.accounts.services.standing import deactivate_account
from missions.kernel.errors import DomainError
from missions.kernel.models import Event
from missions.models import User
from tests.staff import in_role

pytestmark = pytest.mark.django_db(transaction=True)

RACERS = 6


def _race(acts: Sequence[Callable[[], object]]) -> list[object]:
    """Run the acts at once, each on a connection of its own; what each returned, or the domain error it raised."""
    barrier = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        barrier.wait(timeout=30)
        try:
            return act()
        except DomainError as error:
            return type(error)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_one_link_sets_one_password(lead: User, at: dt.datetime) -> None:
    link = AccountLink.objects.create(
        user=lead, purpose="reset", issued_at=at, expires_at=at + dt.timedelta(minutes=30)
    )
    passwords = [f"a sentence of its own {number}" for number in range(RACERS)]

    results = _race([partial(choose_password, link_id=link.pk, password=text, at=at) for text in passwords])

    lead.refresh_from_db()
    assert results.count(LinkClosedError) == RACERS - 1
    assert [lead.check_password(text) for text in passwords] == [result == lead for result in results]
    assert Event.objects.of(lead).filter(verb="password_reset").count() == 1


def test_without_the_lock_every_racer_would_find_the_link_open(lead: User, at: dt.datetime) -> None:
    """The control: reading and then writing lets all of them through."""
    link = AccountLink.objects.create(
        user=lead, purpose="reset", issued_at=at, expires_at=at + dt.timedelta(minutes=30)
    )
    everybody_has_read = threading.Barrier(RACERS)

    def use_unguarded() -> bool:
        is_open = AccountLink.objects.get(pk=link.pk).is_open(at=at)
        everybody_has_read.wait(timeout=30)
        return is_open

    assert _race([use_unguarded] * RACERS) == [True] * RACERS


def test_two_administrators_who_shut_each_other_out_leave_one(at: dt.datetime) -> None:
    first, second = in_role("administrator"), in_role("administrator", "second@desk.example")

    results = _race(
        [
            partial(deactivate_account, user=second, reason="", by=first, at=at),
            partial(deactivate_account, user=first, reason="", by=second, at=at),
        ]
    )

    assert results.count(LastAdministratorError) == 1
    assert User.objects.filter(is_active=True).count() == 1


def test_without_taking_turns_each_administrator_would_find_the_other_still_there(at: dt.datetime) -> None:
    """The control: counting and then writing lets both through, and nobody is left."""
    people = [in_role("administrator"), in_role("administrator", "second@desk.example")]
    everybody_has_counted = threading.Barrier(len(people))

    def shut_out_unguarded(user: User) -> int:
        others = User.objects.filter(is_active=True).exclude(pk=user.pk).count()
        everybody_has_counted.wait(timeout=30)
        User.objects.filter(pk=user.pk).update(is_active=False)
        return others

    assert _race([partial(shut_out_unguarded, user) for user in people]) == [1, 1]
    assert User.objects.filter(is_active=True).count() == 0


def test_invitations_at_once_leave_one_link_open(at: dt.datetime) -> None:
    user = User.objects.create_user("new@odihr.example", None)

    _race([partial(mail_invitation, user=user, by=None, at=at)] * RACERS)

    assert (AccountLink.objects.count(), AccountLink.objects.filter(closed_at=None).count()) == (RACERS, 1)


def test_requests_and_answers_at_once_mail_one_link(lead: User, at: dt.datetime) -> None:
    _race([partial(ask_for_reset, address=lead.email, at=at)] * RACERS)
    answers = _race([partial(answer_reset_requests, at=at)] * RACERS)

    assert ResetRequest.objects.count() == 1
    assert sorted(answers) == [0] * (RACERS - 1) + [1]  # type: ignore[type-var]  # counts
    assert AccountLink.objects.count() == 1
