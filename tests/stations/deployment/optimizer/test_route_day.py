"""What one day allows: stops, driving, and a meal at its hours."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stations.deployment.optimizer.params import RouteParams
from stations.deployment.optimizer.route_day import day_of

HOUR, HALF = 3600, 1800
DAY = RouteParams(window_start=8 * HOUR, window_end=18 * HOUR, max_stops=4)
LUNCH = replace(DAY, meal=HALF, meal_earliest=12 * HOUR, meal_latest=14 * HOUR)


def clocks(params: RouteParams, drives: list[int]) -> tuple[list[str], list[str]] | None:
    times = day_of(params).timetable(drives)
    if times is None:
        return None
    return [_clock(instant) for instant in times.arrive], [_clock(meal) if meal >= 0 else "" for meal in times.meal]


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}"


def test_without_a_meal_visits_follow_each_other() -> None:
    assert clocks(DAY, [HALF, HOUR]) == (["08:00", "09:00", "10:30"], ["", "", ""])


def test_the_meal_is_taken_where_least_is_waited() -> None:
    """After the second visit it is 10:30 and the drive takes two hours: the meal is on the way, nobody waits."""
    assert clocks(LUNCH, [HOUR, 2 * HOUR, HOUR]) == (["08:00", "09:30", "12:30", "14:00"], ["", "", "12:00", ""])


def test_a_short_day_waits_for_its_meal() -> None:
    """The last visit would begin at 09:00: the team waits as short as it can, until 12:00."""
    assert clocks(LUNCH, [HALF]) == (["08:00", "12:30"], ["", "12:00"])


def test_one_station_needs_no_break() -> None:
    assert clocks(LUNCH, []) == (["08:00"], [""])


@pytest.mark.parametrize(
    ("params", "drives", "fits"),
    [
        (DAY, [HOUR, HOUR, HOUR], True),
        (DAY, [0, 0, 0, 0], False),
        (DAY, [9 * HOUR], True),
        (DAY, [9 * HOUR + 1], False),
        (LUNCH, [8 * HOUR + HALF], True),
        (LUNCH, [8 * HOUR + HALF + 1], False),
        (replace(DAY, max_drive=2 * HOUR), [HOUR, HOUR], True),
        (replace(DAY, max_drive=2 * HOUR), [HOUR, HOUR + 1], False),
        (replace(LUNCH, meal_latest=12 * HOUR + HALF), [4 * HOUR, 3 * HOUR], True),
        # the first visit after 12:00 ends at 13:00, too late for a meal that is over by 12:30
        (replace(LUNCH, meal_earliest=12 * HOUR, meal_latest=12 * HOUR + HALF), [4 * HOUR - 2000, HOUR], True),
        (replace(LUNCH, meal_earliest=6 * HOUR, meal_latest=8 * HOUR), [HOUR], False),
    ],
)
def test_limits(params: RouteParams, drives: list[int], *, fits: bool) -> None:
    assert (day_of(params).timetable(drives) is not None) is fits


@given(st.lists(st.integers(0, 4 * HOUR), max_size=4), st.integers(8, 17), st.integers(30, 240))
def test_the_earliest_timetable_keeps_every_rule(drives: list[int], hour: int, minutes: int) -> None:
    params = replace(LUNCH, meal_earliest=hour * HOUR, meal_latest=hour * HOUR + minutes * 60)
    times = day_of(params).timetable(drives)
    if times is None:
        # not even the least that the day needs has room, or no pause between two visits is at the right hour
        worked = (len(drives) + 1) * HALF + sum(drives) + HALF
        pauses = [8 * HOUR + n * HALF + sum(drives[: n - 1]) for n in range(1, len(drives) + 1)]
        free = [pause for pause in pauses if max(pause, params.meal_earliest) + HALF <= params.meal_latest]
        waited = [max(0, params.meal_earliest - pause - drives[pauses.index(pause)]) for pause in free]
        assert len(drives) >= 4 or not free or worked + min(waited) > 10 * HOUR
        return
    assert times.arrive[0] == params.window_start
    assert times.arrive[-1] + HALF <= params.window_end
    assert sum(meal >= 0 for meal in times.meal) == bool(drives)
    for (before, after), drive, meal in zip(pairwise(times.arrive), drives, times.meal[1:], strict=True):
        assert after - before - HALF >= drive + (HALF if meal >= 0 else 0)
        assert meal < 0 or max(before + HALF, params.meal_earliest) <= meal <= min(after, params.meal_latest) - HALF
