import datetime as dt

import pytest

from missions.timeline.programme.slots import SlotClock, shifted, slots_of
from missions.timeline.scheduler.problem import Span

UTC = dt.UTC
BAKU = SlotClock(dt.date(2024, 2, 3), "Asia/Baku")
BERLIN = SlotClock(dt.date(2024, 3, 30), "Europe/Berlin")


def test_slots_count_five_minutes_of_the_wall_clock_since_midnight() -> None:
    ten = dt.datetime(2024, 2, 5, 6, tzinfo=UTC)  # 10:00 in Baku, two days later

    assert BAKU.floor(ten) == 2 * 288 + 120
    assert BAKU.at(2 * 288 + 120) == ten


@pytest.mark.parametrize(
    ("second", "floor", "ceil"),
    [(0, 0, 0), (1, 0, 1), (299, 1, 1), (300, 1, 1), (301, 1, 2)],
)
def test_instants_off_the_grid_are_cut_to_the_safe_side(second: int, floor: int, ceil: int) -> None:
    at = BAKU.at(0) + dt.timedelta(seconds=second)

    assert (BAKU.floor(at), BAKU.ceil(at)) == (floor, ceil)


def test_a_span_has_whole_slots_and_a_cover_every_touched_one() -> None:
    start, end = BAKU.at(10) + dt.timedelta(minutes=1), BAKU.at(12) + dt.timedelta(minutes=1)

    assert BAKU.span(start, end) == Span(11, 12)
    assert BAKU.cover(start, end) == Span(10, 13)
    assert BAKU.span(start, start) == Span(11, 11)


def test_the_wall_clock_goes_on_where_clocks_are_put_forward() -> None:
    nine = dt.datetime(2024, 3, 31, 7, tzinfo=UTC)  # 9:00 summer time, eight hours after midnight

    assert BERLIN.floor(nine) == 288 + 9 * 12
    assert BERLIN.at(288 + 9 * 12) == nine


def test_shifting_keeps_the_hour_of_the_wall_clock() -> None:
    nine = dt.datetime(2024, 3, 30, 8, tzinfo=UTC)

    later = shifted(nine, 1, "Europe/Berlin")

    assert later == dt.datetime(2024, 3, 31, 7, tzinfo=UTC)
    assert shifted(later, -1, "Europe/Berlin") == nine


@pytest.mark.parametrize(("minutes", "slots"), [(0, 0), (1, 1), (5, 1), (20, 4), (21, 5)])
def test_begun_slots_count(minutes: int, slots: int) -> None:
    assert slots_of(minutes) == slots
