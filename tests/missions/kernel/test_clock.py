"""The one clock."""

import datetime as dt

import pytest

from missions.kernel import clock
from missions.kernel.models import ClockOffset, Event

pytestmark = pytest.mark.django_db


def test_now_without_an_offset_is_the_databases_time() -> None:
    before = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=1)

    assert before <= clock.now() <= dt.datetime.now(dt.UTC) + dt.timedelta(seconds=1)


def test_set_to_moves_now_and_lets_it_run_on() -> None:
    instant = dt.datetime(2024, 2, 6, 9, tzinfo=dt.UTC)

    clock.set_to(instant)

    assert instant <= clock.now() < instant + dt.timedelta(seconds=5)
    clock.reset()
    assert clock.offset() == dt.timedelta(0)


def test_clock_now_as_an_expression_agrees_with_now() -> None:
    clock.set_to(dt.datetime(2024, 2, 6, 9, tzinfo=dt.UTC))
    clock.now()

    (instant,) = ClockOffset.objects.values_list(clock.clock_now(), flat=True)

    assert abs(instant - clock.now()) < dt.timedelta(seconds=2)
    assert not Event.objects.filter(at__lte=clock.clock_now()).exists()
