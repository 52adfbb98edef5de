"""From an order of stations to instants."""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stations.deployment.parameters import DayRules
from stations.deployment.states import VisitKind
from stations.deployment.timetable import PollingDay, Stop, visits_of_route, whole_day_at

HOUR = 3_600
DAY = PollingDay(dt.date(2024, 2, 7), dt.time(8), dt.time(19), "Asia/Baku")


def _local(instant: dt.datetime) -> str:
    return (instant + dt.timedelta(hours=4)).strftime("%H:%M")


def test_spare_time_goes_to_the_visits_in_equal_parts() -> None:
    stops = [Stop(1, 8 * HOUR), Stop(2, 9 * HOUR), Stop(3, 10 * HOUR)]

    visits = visits_of_route(stops, DAY, DayRules())

    assert [(v.station_id, v.kind, _local(v.arrives_at), _local(v.leaves_at)) for v in visits] == [
        (1, VisitKind.OPENING, "07:30", "12:45"),
        (2, VisitKind.VOTING, "13:15", "18:00"),
        (3, VisitKind.CLOSING_COUNT, "18:30", "21:00"),
    ]


def test_a_full_day_keeps_the_solvers_times() -> None:
    stops = [Stop(1, 8 * HOUR), Stop(2, 9 * HOUR), Stop(3, 18 * HOUR + HOUR // 2)]

    visits = visits_of_route(stops, DAY, DayRules())

    assert [(_local(v.arrives_at), _local(v.leaves_at)) for v in visits] == [
        ("07:30", "08:30"),
        ("09:00", "09:30"),
        ("18:30", "21:00"),
    ]


def test_two_stations_are_an_opening_and_a_count() -> None:
    visits = visits_of_route([Stop(1, 8 * HOUR), Stop(2, 9 * HOUR)], DAY, DayRules())

    assert [visit.kind for visit in visits] == [VisitKind.OPENING, VisitKind.CLOSING_COUNT]


def test_one_station_is_a_whole_day_there() -> None:
    visits = visits_of_route([Stop(5, 8 * HOUR)], DAY, DayRules())

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


@given(st.lists(st.integers(1_800, 4_000), min_size=0, max_size=11))
def test_any_route_of_the_solver_becomes_a_day_without_overlap(legs: list[int]) -> None:
    """Legs are the seconds from one arrival to the next, at least a visit long; the solver's day ends at 18:30."""
    arrivals = [8 * HOUR]
    for leg in legs:
        if arrivals[-1] + leg <= 18 * HOUR + HOUR // 2:
            arrivals.append(arrivals[-1] + leg)

    visits = visits_of_route([Stop(number, arrival) for number, arrival in enumerate(arrivals)], DAY, DayRules())

    assert (visits[0].kind, visits[-1].kind) == (VisitKind.OPENING, VisitKind.CLOSING_COUNT)
    assert _local(visits[0].arrives_at) == "07:30"
    assert _local(visits[-1].arrives_at) <= "18:30"
    assert _local(visits[-1].leaves_at) == "21:00"
    assert [v.leaves_at <= w.arrives_at for v, w in pairwise(visits)] == [True] * (len(visits) - 1)
    assert [v.leaves_at - v.arrives_at >= dt.timedelta(minutes=30) for v in visits] == [True] * len(visits)
