"""Each slot once: offsets, repeats, and the clocks that skip, repeat and jump."""

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise

import pytest

from missions.reminders.schedule import Slot, Timing, next_slot, slot_at

BAKU, BERLIN, LORD_HOWE, APIA = "Asia/Baku", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia"
SECOND, DAY = dt.timedelta(seconds=1), dt.timedelta(days=1)
EIGHT = dt.time(8)


def _utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


NOON, FAR = _utc("2024-02-01T08:00"), _utc("2030-01-01T00:00")  # noon in Baku


def _slot(timing: Timing, at: dt.datetime, *, until: dt.datetime = FAR, zone: str = BAKU) -> Slot | None:
    return slot_at(timing, anchor=NOON, zone=zone, until=until, at=at)


def _sweep(timing: Timing, anchor: dt.datetime, zone: str, start: str, end: str) -> list[Slot]:
    """What a beat every ten minutes finds, in order, each slot as often as it is found anew."""
    found: list[Slot] = []
    for at in _beats(_utc(start), _utc(end), dt.timedelta(minutes=10)):
        slot = slot_at(timing, anchor=anchor, zone=zone, until=FAR, at=at)
        if slot is not None and (not found or found[-1] != slot):
            found.append(slot)
    return found


def _beats(start: dt.datetime, end: dt.datetime, every: dt.timedelta) -> Iterator[dt.datetime]:
    while start < end:
        yield start
        start += every


@pytest.mark.parametrize(
    ("at", "day"),
    [
        ("2024-01-30T03:59:59", None),
        ("2024-01-30T04:00", dt.date(2024, 1, 30)),
        ("2024-02-01T08:00", dt.date(2024, 1, 30)),
        ("2024-02-03T07:59:59", dt.date(2024, 1, 30)),
        ("2024-02-03T08:00", None),
    ],
    ids=["a second early", "sharp", "later", "last second", "over"],
)
def test_a_single_reminder_stands_from_its_hour_until_the_case_is_over(at: str, day: dt.date | None) -> None:
    slot = _slot(Timing(-2, EIGHT), _utc(at), until=_utc("2024-02-03T08:00"))

    assert slot == (day and Slot(day, _utc("2024-01-30T04:00"), _utc("2024-02-03T08:00")))


@pytest.mark.parametrize(
    ("at", "day", "ends"),
    [
        ("2024-02-01T03:59:59", None, None),
        ("2024-02-01T19:59:59", dt.date(2024, 2, 1), "2024-02-01T20:00"),
        ("2024-02-01T20:00", None, None),
        ("2024-02-02T04:00", dt.date(2024, 2, 2), "2024-02-02T20:00"),
        ("2024-02-03T19:59:59", dt.date(2024, 2, 3), "2024-02-03T20:00"),
        ("2024-02-04T04:00", None, None),
    ],
    ids=["early", "first day", "night", "second day", "last day", "used up"],
)
def test_a_daily_reminder_stands_until_midnight_and_ends_after_its_times(
    at: str, day: dt.date | None, ends: str | None
) -> None:
    slot = _slot(Timing(0, EIGHT, every_days=1, times=3), _utc(at))

    assert (slot and slot.day, slot and slot.not_after) == (day, ends and _utc(ends))


def test_whoever_comes_late_finds_the_latest_slot_only() -> None:
    every_third = Timing(0, EIGHT, every_days=3, times=10)

    found = [_slot(every_third, NOON + days * DAY) for days in (0, 1, 2, 3, 8)]

    assert [slot and slot.day.day for slot in found] == [1, 1, 1, 4, 7]


def test_no_slot_reaches_beyond_the_end_of_the_case() -> None:
    daily = Timing(0, EIGHT, times=9)

    slot = _slot(daily, NOON, until=NOON + dt.timedelta(hours=1))

    assert slot is not None
    assert slot.not_after == NOON + dt.timedelta(hours=1)
    assert _slot(daily, NOON + dt.timedelta(hours=1), until=NOON + dt.timedelta(hours=1)) is None
    assert _slot(daily, NOON, until=_utc("2024-02-01T04:00")) is None


@pytest.mark.parametrize(
    ("zone", "anchor", "at", "due_at"),
    [
        (BERLIN, "2024-03-31T12:00", "02:30", "2024-03-31T01:00"),
        (BERLIN, "2024-10-27T12:00", "02:30", "2024-10-27T00:30"),
        (LORD_HOWE, "2024-10-06T02:00", "02:15", "2024-10-05T15:30"),
        (LORD_HOWE, "2024-04-07T02:00", "01:45", "2024-04-06T14:45"),
        (BAKU, "2015-03-29T12:00", "04:30", "2015-03-29T00:00"),
        (BAKU, "2016-03-27T12:00", "04:30", "2016-03-27T00:30"),
    ],
    ids=["gap", "fold", "gap of half an hour", "fold of half an hour", "Baku 2015: summer", "Baku 2016: none any more"],
)
def test_daylight_saving_gives_the_first_instant_after_a_gap_and_the_first_of_a_fold(
    zone: str, anchor: str, at: str, due_at: str
) -> None:
    timing = Timing(0, dt.time.fromisoformat(at))

    slot = slot_at(timing, anchor=_utc(anchor), zone=zone, until=FAR, at=_utc(anchor))

    assert slot is not None
    assert slot.due_at == _utc(due_at)


@pytest.mark.parametrize(
    ("zone", "hour", "start", "days"),
    [
        (BERLIN, "02:30", "2024-03-28", 6),
        (BERLIN, "02:30", "2024-10-24", 6),
        (LORD_HOWE, "01:45", "2024-04-04", 6),
        (LORD_HOWE, "02:15", "2024-10-03", 6),
        (BAKU, "04:30", "2015-03-26", 6),
        (BAKU, "04:30", "2015-10-22", 6),
    ],
)
def test_a_beat_finds_each_day_once_and_in_order_whatever_the_clocks_do(
    zone: str, hour: str, start: str, days: int
) -> None:
    timing = Timing(1, dt.time.fromisoformat(hour), times=days)
    end = (dt.date.fromisoformat(start) + (days + 3) * DAY).isoformat()

    found = _sweep(timing, _utc(f"{start}T12:00"), zone, f"{start}T00:00", f"{end}T00:00")

    first = dt.date.fromisoformat(start) + DAY
    assert [slot.day for slot in found] == [first + number * DAY for number in range(days)]
    assert all(before.not_after <= after.due_at for before, after in pairwise(found))


def test_the_day_that_samoa_left_out_has_no_slot() -> None:
    daily = Timing(0, EIGHT, times=4)

    found = _sweep(daily, _utc("2011-12-28T22:00"), APIA, "2011-12-28T00:00", "2012-01-03T00:00")

    assert [slot.day.isoformat() for slot in found] == ["2011-12-28", "2011-12-29", "2011-12-31"]


def test_a_single_reminder_for_the_day_that_samoa_left_out_comes_when_the_next_begins() -> None:
    slot = slot_at(Timing(2, EIGHT), anchor=_utc("2011-12-28T22:00"), zone=APIA, until=FAR, at=_utc("2011-12-30T10:00"))

    assert slot == Slot(dt.date(2011, 12, 30), _utc("2011-12-30T10:00"), FAR)


def test_clocks_that_step_back_find_a_slot_of_before_and_never_a_new_name_for_it() -> None:
    daily = Timing(0, EIGHT, times=9)
    beats = [NOON, NOON + DAY, NOON + DAY - dt.timedelta(minutes=10), NOON + dt.timedelta(hours=1), NOON + DAY]

    days = [slot.day.day for at in beats if (slot := _slot(daily, at))]

    assert days == [1, 2, 2, 1, 2]


@pytest.mark.parametrize(
    ("at", "day"),
    [
        ("2024-01-01T00:00", 1),
        ("2024-02-01T04:00", 4),
        ("2024-02-03T12:00", 4),
        ("2024-02-04T03:59:59", 4),
        ("2024-02-04T04:00", 7),
        ("2024-02-07T04:00", None),
    ],
)
def test_next_slot_is_the_first_that_begins_later(at: str, day: int | None) -> None:
    every_third = Timing(0, EIGHT, every_days=3, times=3)

    slot = next_slot(every_third, anchor=NOON, zone=BAKU, until=FAR, at=_utc(at))

    assert (slot and slot.day.day) == day


def test_next_slot_ends_with_the_case() -> None:
    assert next_slot(Timing(5, EIGHT), anchor=NOON, zone=BAKU, until=NOON + DAY, at=NOON) is None
