"""Reports become visits, and planned visits are done, late, missed or still to come. Pure."""

import datetime as dt

import pytest

from stations.deployment.presence.matching import ActualVisit, Standing, Stop, Told, match, standings
from stations.deployment.presence.states import PresenceKind, VisitStanding
from tests.stations.deployment.presence.conftest import hour

TEAM = 7
ARRIVED, LEFT, IN_AREA = PresenceKind.ARRIVED, PresenceKind.LEFT, PresenceKind.IN_AREA
#: Three stations, an hour each.
PLAN = [Stop(10 + row, 100 + row, hour(4 + row), hour(4 + row, 45)) for row in range(3)]


def _told(*reports: tuple[PresenceKind, int | None, dt.datetime]) -> list[Told]:
    return [Told(kind, station, None, at) for kind, station, at in reports]


def _visit(station: int, visit: int | None, arrived: dt.datetime, left: dt.datetime | None) -> ActualVisit:
    return ActualVisit(TEAM, station, visit, arrived, left)


@pytest.mark.parametrize(
    ("reports", "visits"),
    [
        ([], []),
        ([(IN_AREA, None, hour(3))], []),
        ([(ARRIVED, 100, hour(4))], [(100, 10, hour(4), None)]),
        ([(ARRIVED, 100, hour(4)), (LEFT, 100, hour(5))], [(100, 10, hour(4), hour(5))]),
        # a second arrival at the same station is the same visit
        ([(ARRIVED, 100, hour(4)), (ARRIVED, 100, hour(4, 10))], [(100, 10, hour(4), None)]),
        # who arrives elsewhere has left
        (
            [(ARRIVED, 100, hour(4)), (ARRIVED, 101, hour(5))],
            [(100, 10, hour(4), hour(5)), (101, 11, hour(5), None)],
        ),
        # who leaves was there
        ([(LEFT, 101, hour(5, 30))], [(101, 11, hour(5, 30), hour(5, 30))]),
        # a departure from elsewhere ends no visit
        (
            [(ARRIVED, 100, hour(4)), (LEFT, 101, hour(4, 30))],
            [(100, 10, hour(4), None), (101, 11, hour(4, 30), hour(4, 30))],
        ),
        # a second departure is a second visit, which the plan has not
        (
            [(ARRIVED, 100, hour(4)), (LEFT, 100, hour(5)), (LEFT, 100, hour(6))],
            [(100, 10, hour(4), hour(5)), (100, None, hour(6), hour(6))],
        ),
        ([(ARRIVED, 900, hour(4))], [(900, None, hour(4), None)]),
    ],
)
def test_reports_become_visits(reports: list[tuple[PresenceKind, int | None, dt.datetime]], visits: list) -> None:  # type: ignore[type-arg]  # rows of _visit
    assert match(TEAM, _told(*reports), PLAN) == [_visit(*row) for row in visits]


def test_the_named_visit_goes_before_the_nearest_and_an_unknown_name_is_none() -> None:
    twice = [Stop(1, 100, hour(4), hour(5)), Stop(2, 100, hour(14), hour(18))]

    def fulfilled(name: int | None, at: dt.datetime) -> int | None:
        return match(TEAM, [Told(ARRIVED, 100, name, at)], twice)[0].visit_id

    assert [fulfilled(None, hour(4, 10)), fulfilled(None, hour(12)), fulfilled(2, hour(4, 10))] == [1, 2, 2]
    assert fulfilled(99, hour(4, 10)) == 1


def test_a_name_given_on_leaving_counts_too() -> None:
    twice = [Stop(1, 100, hour(4), hour(5)), Stop(2, 100, hour(14), hour(18))]
    told = [Told(ARRIVED, 100, None, hour(4)), Told(LEFT, 100, 2, hour(5))]

    assert match(TEAM, told, twice) == [_visit(100, 2, hour(4), hour(5))]


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (hour(3), ["to_come", "to_come", "to_come"]),
        (hour(4, 14, 59), ["to_come", "to_come", "to_come"]),
        (hour(4, 15), ["late", "to_come", "to_come"]),
        (hour(4, 45), ["missed", "to_come", "to_come"]),
        (hour(5, 20), ["missed", "late", "to_come"]),
        (hour(7), ["missed", "missed", "missed"]),
    ],
)
def test_what_nobody_reported_is_to_come_then_late_then_missed(at: dt.datetime, expected: list[str]) -> None:
    assert [row.standing.value for row in standings(PLAN, [], at=at)] == expected


def test_made_visits_are_done_or_go_on_and_others_come_last() -> None:
    made = [
        _visit(100, 10, hour(4, 20), hour(5)),
        _visit(900, None, hour(5, 5), hour(5, 30)),
        _visit(101, 11, hour(5, 40), None),
    ]

    rows = standings(PLAN, made, at=hour(5, 50))

    assert [(row.standing.value, row.minutes_late) for row in rows] == [
        ("done", 20),
        ("there", 40),
        ("to_come", None),
        ("unplanned", None),
    ]
    assert [visit.minutes for visit in made] == [40, 25, None]


def test_who_comes_within_the_grace_is_on_time() -> None:
    assert [
        Standing(VisitStanding.DONE, PLAN[0], _visit(100, 10, hour(4, minute), None)).minutes_late
        for minute in (0, 15, 16)
    ] == [0, 0, 16]


def test_a_team_that_stays_has_made_each_stage_of_the_day() -> None:
    stages = [Stop(1, 100, hour(3), hour(5)), Stop(2, 100, hour(5), hour(14)), Stop(3, 100, hour(14), hour(18))]
    made = match(TEAM, _told((ARRIVED, 100, hour(3)), (LEFT, 100, hour(15))), stages)

    assert [row.standing.value for row in standings(stages, made, at=hour(19))] == ["done", "done", "done"]

    left_early = match(TEAM, _told((ARRIVED, 100, hour(3)), (LEFT, 100, hour(13))), stages)
    assert [row.standing.value for row in standings(stages, left_early, at=hour(19))] == ["done", "done", "missed"]
