"""From an order of stations to instants."""

import datetime as dt
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from stations.deployment.optimizer.params import LanguageParams
from stations.deployment.optimizer.route_day import day_of
from stations.deployment.parameters import DEFAULTS, short_term_params
from stations.deployment.rules.limits import DayRules
from stations.deployment.states import VisitKind
from stations.deployment.timetable import PlannedVisit, PollingDay, Stop, visits_of_route, whole_day_at

HOUR, HALF = 3_600, 1_800
DAY = PollingDay(dt.date(2024, 2, 7), dt.time(8), dt.time(19), "Asia/Baku")


def _local(instant: dt.datetime) -> str:
    return (instant + dt.timedelta(hours=4)).strftime("%H:%M")


def test_spare_time_goes_to_the_visits_in_equal_parts() -> None:
    stops = [Stop(1), Stop(2, HALF), Stop(3, HALF)]

    visits = visits_of_route(stops, DAY, DayRules())

    assert [(v.station_id, v.kind, _local(v.arrives_at), _local(v.leaves_at)) for v in visits] == [
        (1, VisitKind.OPENING, "07:30", "12:45"),
        (2, VisitKind.VOTING, "13:15", "18:00"),
        (3, VisitKind.CLOSING_COUNT, "18:30", "21:00"),
    ]


def test_a_full_day_keeps_the_solvers_times() -> None:
    stops = [Stop(1), Stop(2, HALF), Stop(3, 9 * HOUR)]

    visits = visits_of_route(stops, DAY, DayRules())

    assert [(_local(v.arrives_at), _local(v.leaves_at)) for v in visits] == [
        ("07:30", "08:30"),
        ("09:00", "09:30"),
        ("18:30", "21:00"),
    ]


def test_two_stations_are_an_opening_and_a_count() -> None:
    visits = visits_of_route([Stop(1), Stop(2, HALF)], DAY, DayRules())

    assert [visit.kind for visit in visits] == [VisitKind.OPENING, VisitKind.CLOSING_COUNT]


def test_one_station_is_a_whole_day_there() -> None:
    visits = visits_of_route([Stop(5)], DAY, DayRules())

    assert visits == whole_day_at(5, DAY, DayRules())
    assert [(v.station_id, v.kind, _local(v.arrives_at), _local(v.leaves_at)) for v in visits] == [
        (5, VisitKind.OPENING, "07:30", "08:30"),
        (5, VisitKind.VOTING, "08:30", "18:30"),
        (5, VisitKind.CLOSING_COUNT, "18:30", "21:00"),
    ]


def test_no_station_is_no_visit() -> None:
    assert visits_of_route([], DAY, DayRules()) == []


@pytest.mark.parametrize(
    ("zone", "seconds", "instant"),
    [
        ("Asia/Seoul", 8 * HOUR, (2024, 2, 6, 23, 0)),
        ("Asia/Tehran", 8 * HOUR, (2024, 2, 7, 4, 30)),
        ("America/Los_Angeles", 21 * HOUR, (2024, 2, 8, 5, 0)),
        ("Asia/Baku", -HOUR, (2024, 2, 6, 19, 0)),
        ("Asia/Baku", 25 * HOUR, (2024, 2, 7, 21, 0)),
    ],
)
def test_local_seconds_become_instants(zone: str, seconds: int, instant: tuple[int, int, int, int, int]) -> None:
    day = PollingDay(dt.date(2024, 2, 7), dt.time(8), dt.time(19), zone)

    assert day.instant(seconds) == dt.datetime(*instant, tzinfo=dt.UTC)


LUNCH = replace(DayRules(), meal=dt.timedelta(minutes=40), meal_from=dt.time(12), meal_until=dt.time(14))


def _shown(visits: list[PlannedVisit]) -> list[tuple[str, str, str]]:
    return [(_local(v.arrives_at), _local(v.leaves_at), (v.meal_at and _local(v.meal_at)) or "") for v in visits]


def test_the_meal_has_its_hours_and_the_visits_share_the_rest() -> None:
    visits = visits_of_route([Stop(1), Stop(2, HALF), Stop(3, HALF)], DAY, LUNCH)

    # 08:00 to 18:30 less two drives, a meal and two visits leaves 7 h 50 min, 3 h 55 min for each visit
    assert _shown(visits) == [("07:30", "12:25", ""), ("13:35", "18:00", "12:25"), ("18:30", "21:00", "")]


def test_the_meal_shortens_the_visit_before_it() -> None:
    early = replace(LUNCH, meal_from=dt.time(11), meal_until=dt.time(11, 30))

    visits = visits_of_route([Stop(1), Stop(2, HALF), Stop(3, HALF)], DAY, early)

    assert _shown(visits) == [("07:30", "11:30", ""), ("12:40", "18:00", "11:30"), ("18:30", "21:00", "")]


def test_the_meal_may_interrupt_a_long_drive() -> None:
    late = replace(LUNCH, meal_from=dt.time(17), meal_until=dt.time(17, 30))

    visits = visits_of_route([Stop(1), Stop(2, 4 * HOUR), Stop(3, 4 * HOUR)], DAY, late)

    assert _shown(visits) == [("07:30", "08:55", ""), ("12:55", "13:50", ""), ("18:30", "21:00", "17:00")]


def test_a_meal_that_fits_nowhere_is_left_out() -> None:
    visits = visits_of_route([Stop(1), Stop(2, 10 * HOUR)], DAY, replace(LUNCH, meal_until=dt.time(8)))

    assert [visit.meal_at for visit in visits] == [None, None]


@given(st.lists(st.integers(0, 2_200), min_size=1, max_size=11), st.sampled_from([0, 20, 40]), st.integers(8, 16))
def test_any_route_of_the_solver_becomes_a_day_without_overlap(drives: list[int], minutes: int, hour: int) -> None:
    """The solver's own timetable says whether the day has room; its day ends at 19:00, half an hour after arrival."""
    rules = replace(
        DayRules(), meal=dt.timedelta(minutes=minutes), meal_from=dt.time(hour), meal_until=dt.time(hour + 2)
    )
    params = short_term_params(
        replace(DEFAULTS, day=rules), LanguageParams(working=1, local=1), DAY.opens_at, DAY.closes_at
    ).routes
    assume(day_of(params).timetable(drives) is not None)

    visits = visits_of_route([Stop(n, drive) for n, drive in enumerate([0, *drives])], DAY, rules)

    assert (visits[0].kind, visits[-1].kind) == (VisitKind.OPENING, VisitKind.CLOSING_COUNT)
    assert _local(visits[0].arrives_at) == "07:30"
    assert _local(visits[-1].arrives_at) <= "18:30"
    assert _local(visits[-1].leaves_at) == "21:00"
    gaps = [after.arrives_at - before.leaves_at for before, after in pairwise(visits)]
    meals = [rules.meal if visit.meal_at else dt.timedelta() for visit in visits[1:]]
    needed = [dt.timedelta(seconds=drive) + meal for drive, meal in zip(drives, meals, strict=True)]
    assert [gap >= least for gap, least in zip(gaps, needed, strict=True)] == [True] * len(drives)
    assert [v.leaves_at - v.arrives_at >= dt.timedelta(minutes=30) for v in visits] == [True] * len(visits)
    eaten = [visit for visit in visits if visit.meal_at]
    assert len(eaten) == bool(minutes)
    assert all(f"{hour:02}:00" <= _local(one.meal_at) <= f"{hour + 2:02}:00" for one in eaten if one.meal_at)
