"""A commit that does not wait is seen by others at once, and makes no other commit careless."""

from contextlib import suppress

import pytest
from django.db import connection, connections, transaction

from missions.kernel import clock
from missions.kernel.commits import unhurried_commit
from missions.kernel.models import ClockOffset
from tests.missions.reminders.fakes import DAY, NOON
from tests.racing import race

pytestmark = pytest.mark.django_db(transaction=True)


def _setting() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        value: str = cursor.fetchone()[0]
    return value


def test_what_was_written_is_there_for_everybody() -> None:
    clock.set_to(NOON)

    with unhurried_commit():
        ClockOffset.objects.update(offset=DAY)

    assert race([clock.offset]) == [DAY]


def test_a_block_that_breaks_writes_nothing() -> None:
    clock.reset()

    with suppress(ZeroDivisionError), unhurried_commit():
        ClockOffset.objects.update(offset=DAY)
        raise ZeroDivisionError

    assert clock.offset() == 0 * DAY


def test_it_makes_no_other_transaction_careless() -> None:
    with transaction.atomic(), pytest.raises(RuntimeError), unhurried_commit():
        pass


@pytest.mark.skipif(connections["default"].vendor != "postgresql", reason="SQLite has no such setting")
def test_the_setting_ends_with_the_block() -> None:
    before = _setting()
    with unhurried_commit():
        inside = _setting()

    assert (before, inside, _setting()) == ("on", "off", "on")
