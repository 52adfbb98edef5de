"""Every fault of a file with a plan, by its code: of single rows, and of rows with each other. No database."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import pytest

from accreditation.states import Role
from missions.kernel.spreadsheets.cells import NumberCode
from missions.kernel.spreadsheets.table import ParsedRow
from stations.deployment.plan_files.checks import CheckedFile, check_rows
from stations.deployment.plan_files.known import Known, Person, Place, Station
from stations.deployment.plan_files.layout import PlanRow
from stations.deployment.states import TeamKind, VisitKind

E_DAY = dt.date(2024, 2, 7)
BAKU, SEOUL = "Asia/Baku", "Asia/Seoul"


def person(key: int, *, role: Role = Role.STO, is_active: bool = True, is_experienced: bool = False) -> Person:
    return Person(key, 100 + key, role, f"Person {key}", is_active, is_experienced)


PEOPLE = {
    1: person(1),
    2: person(2, is_experienced=True),
    3: person(3),
    4: person(4, is_active=False),
    5: person(5, role=Role.LTO),
    6: person(6, role=Role.LTO),
}
STATIONS = {
    "00101": Station(1, "00101", 1, "AZE", "", BAKU, is_closed=False),
    "00102": Station(2, "00102", 1, "AZE", "", BAKU, is_closed=False),
    "00201": Station(3, "00201", 2, "AZE", "", BAKU, is_closed=False),
    "00109": Station(4, "00109", 1, "AZE", "", BAKU, is_closed=True),
    "101": Station(5, "101", 2, "AZE", "", BAKU, is_closed=False),
}
ABROAD = (
    Station(11, "90001", None, "KOR", "Seoul", SEOUL, is_closed=False),
    Station(12, "90002", None, "USA", "New York", "America/New_York", is_closed=False),
    Station(13, "90003", None, "USA", "Los Angeles", "America/Los_Angeles", is_closed=False),
)
KNOWN = Known(
    e_day=E_DAY,
    host_country="AZE",
    numbers=PEOPLE,
    references={"A": (PEOPLE[1],), "B": (PEOPLE[2], PEOPLE[3])},
    stations={**STATIONS, **{station.code: station for station in ABROAD}},
    abroad=ABROAD,
    codes={"101": ("00101", "101"), "102": ("00102",)},
    places={1: Place(71, "North"), 2: Place(72, "South")},
    areas={"Hills": (1, 2), "Coast": (3,)},
)
FRESH = replace(KNOWN, areas={})


def check(*rows: PlanRow, known: Known = FRESH) -> CheckedFile:
    return check_rows([ParsedRow(number, row) for number, row in enumerate(rows, start=2)], known)


def codes(*rows: PlanRow) -> list[tuple[int, str, str]]:
    return [(found.row, found.column, found.code) for found in check(*rows).findings]


def visit(
    station: str | NumberCode, begin: int, end: int, kind: VisitKind = VisitKind.VOTING, team: int = 1
) -> PlanRow:
    return PlanRow(team=team, station=station, kind=kind, arrives=dt.time(begin), leaves=dt.time(end))


A, B = PlanRow(team=1, observer=1, constituency=1), PlanRow(team=1, observer=2)
VISIT = visit("00101", 8, 9)


def test_rows_become_a_team_with_its_day() -> None:
    later = replace(visit("00102", 11, 12), pinned=True)
    checked = check(replace(A, area="Valley", pair_pinned=True), B, later, VISIT)

    [team] = checked.teams
    assert checked.findings == ()
    assert (team.number, team.kind, team.area, team.constituency, team.country) == (
        1,
        TeamKind.SHORT_TERM,
        "Valley",
        1,
        "",
    )
    assert [(member.observer_id, member.nomination_id, member.is_leader) for member in team.members] == [
        (1, 101, False),
        (2, 102, True),  # nobody is said to lead, so the experienced one does
    ]
    assert [(one.station.code, one.arrives_at.hour, one.is_pinned) for one in team.visits] == [
        ("00101", 4, False),
        ("00102", 7, True),
    ]
    assert (team.is_pair_pinned, team.is_place_pinned) == (True, False)
    assert checked.areas == {"Valley": (1,)}


def test_a_visit_that_stands_in_the_row_of_each_member_is_one_visit() -> None:
    both = [replace(VISIT, observer=number, leader=number == 1) for number in (1, 2)]

    [team] = check(*both).teams
    assert (len(team.visits), [member.is_leader for member in team.members]) == (1, [True, False])


def test_abroad_the_place_is_named_by_country_and_city_and_has_its_own_clocks() -> None:
    row = PlanRow(
        team=1,
        observer=1,
        country="USA",
        city="los angeles",
        kind=VisitKind.CLOSING_COUNT,
        arrives=dt.time(18, 30),
        leaves=dt.datetime.combine(dt.date(2024, 2, 8), dt.time(1)),
    )

    [team] = check(row).teams
    assert (team.kind, team.country, team.constituency, team.area) == (TeamKind.OVERSEAS, "USA", None, "")
    [seen] = team.visits
    assert (seen.station.code, seen.arrives_at) == ("90003", dt.datetime(2024, 2, 8, 2, 30, tzinfo=dt.UTC))
    assert seen.leaves_at == dt.datetime(2024, 2, 8, 9, tzinfo=dt.UTC)


def test_a_long_term_team_has_an_area_and_no_constituency() -> None:
    [team] = check(PlanRow(team=9, observer=5, area="North", constituency=1), PlanRow(team=9, observer=6)).teams

    assert (team.kind, team.area, team.constituency, team.visits) == (TeamKind.LONG_TERM, "North", None, ())


def test_areas_are_those_of_the_version_before_where_the_file_says_nothing() -> None:
    checked = check(A, B, PlanRow(team=2, observer=3, area="Coast", constituency=2), known=KNOWN)

    assert [team.area for team in checked.teams] == ["Hills", "Coast"]
    # Constituency 2 goes to the Coast, because a team says so; "Coast" keeps its own.
    assert checked.areas == {"Coast": (2, 3), "Hills": (1,)}


def test_a_station_without_its_zeros_is_the_only_one_that_it_can_be() -> None:
    assert codes(A, B, visit(NumberCode(102), 8, 9)) == []
    assert codes(A, B, visit(NumberCode(101), 8, 9)) == [(4, "station", "station_ambiguous")]
    assert codes(A, B, visit(NumberCode(7), 8, 9)) == [(4, "station", "station_unknown")]


PERSON_FAULTS: dict[str, tuple[Sequence[PlanRow], list[tuple[int, str, str]]]] = {
    "nobody has the number": ([A, replace(B, observer=99)], [(3, "observer", "observer_unknown")]),
    "nobody has the reference": ([A, PlanRow(team=1, reference="Z")], [(3, "reference", "observer_unknown")]),
    "two have the reference": ([A, PlanRow(team=1, reference="B")], [(3, "reference", "observer_ambiguous")]),
    "suspended": ([A, replace(B, observer=4)], [(3, "observer", "observer_suspended")]),
    "another name": ([A, replace(B, name="Person 3")], [(3, "name", "name_differs")]),
    "two teams": ([A, B, PlanRow(team=2, observer=1, constituency=1)], [(4, "observer", "observer_in_two_teams")]),
    "a leader without a name": ([A, B, PlanRow(team=1, leader=True)], [(4, "leader", "leader_without_observer")]),
    "two leaders": ([replace(A, leader=True), replace(B, leader=True)], [(3, "leader", "two_leaders")]),
    "two roles": ([A, replace(B, observer=5)], [(2, "observer", "roles_differ")]),
    "nobody": ([replace(VISIT, constituency=1)], [(2, "observer", "team_without_observers")]),
}
PLACE_FAULTS: dict[str, tuple[Sequence[PlanRow], list[tuple[int, str, str]]]] = {
    "nowhere": ([B], [(2, "constituency", "place_missing")]),
    "no such constituency": ([replace(A, constituency=9), VISIT], [(2, "constituency", "constituency_unknown")]),
    "two constituencies": ([A, replace(B, constituency=2)], [(3, "constituency", "places_differ")]),
    "two areas": ([replace(A, area="N"), replace(B, area="S")], [(3, "area", "places_differ")]),
    "abroad and at home": ([replace(B, country="KOR"), VISIT], [(2, "country", "places_differ")]),
    "an area of two": (
        [replace(A, area="N"), PlanRow(team=2, observer=3, constituency=1, area="S")],
        [(3, "area", "constituency_in_two_areas")],
    ),
    "no area": ([PlanRow(team=1, observer=5)], [(2, "area", "area_missing")]),
}
VISIT_FAULTS: dict[str, tuple[PlanRow, list[tuple[str, str]]]] = {
    "no station": (replace(VISIT, station=""), [("station", "station_missing")]),
    "no such station": (replace(VISIT, station="77777"), [("station", "station_unknown")]),
    "two in the country": (
        replace(VISIT, station="", country="USA"),
        [("station", "station_ambiguous"), ("country", "places_differ")],
    ),
    "out of use": (replace(VISIT, station="00109"), [("station", "station_out_of_use")]),
    "another country": (
        replace(VISIT, country="KOR"),
        [("country", "station_elsewhere"), ("country", "places_differ")],
    ),
    "no kind": (replace(VISIT, kind=None), [("kind", "kind_missing")]),
    "no hours": (
        replace(VISIT, arrives=None, leaves=None),
        [("arrives", "hours_missing"), ("leaves", "hours_missing")],
    ),
    "ends before it begins": (replace(VISIT, leaves=dt.time(7)), [("leaves", "hours_wrong")]),
    "on another day": (
        replace(VISIT, leaves=dt.datetime.combine(dt.date(2024, 2, 9), dt.time(1))),
        [("leaves", "hours_wrong")],
    ),
    "a meal after it begins": (replace(VISIT, meal=dt.time(8, 30)), [("meal", "meal_wrong")]),
    "nothing but a pin": (
        PlanRow(team=1, pinned=True),
        [
            ("station", "station_missing"),
            ("kind", "kind_missing"),
            ("arrives", "hours_missing"),
            ("leaves", "hours_missing"),
        ],
    ),
}


@pytest.mark.parametrize(
    ("rows", "expected"), (PERSON_FAULTS | PLACE_FAULTS).values(), ids=PERSON_FAULTS | PLACE_FAULTS
)
def test_what_a_team_cannot_be_is_named(rows: Sequence[PlanRow], expected: list[tuple[int, str, str]]) -> None:
    assert codes(*rows) == expected


@pytest.mark.parametrize(("row", "expected"), VISIT_FAULTS.values(), ids=VISIT_FAULTS)
def test_what_a_visit_cannot_be_is_named(row: PlanRow, expected: list[tuple[str, str]]) -> None:
    found = codes(A, B, row)

    assert sorted((column, code) for _row, column, code in found) == sorted(expected)


def test_visits_of_a_team_do_not_overlap_and_are_not_twice() -> None:
    assert codes(A, B, VISIT, visit("00102", 8, 10)) == [(5, "arrives", "visits_overlap")]
    assert codes(A, B, VISIT, visit("00101", 10, 11)) == [(5, "station", "visit_twice")]
    assert codes(A, B, VISIT, visit("00101", 9, 10, VisitKind.OPENING)) == []


def test_all_faults_of_a_file_are_told_at_once_and_in_its_order() -> None:
    rows = (replace(A, observer=99), B, replace(VISIT, station="77777"), PlanRow(team=2, observer=2, constituency=1))

    assert codes(*rows) == [
        (2, "observer", "observer_unknown"),
        (4, "station", "station_unknown"),
        (5, "observer", "observer_in_two_teams"),
    ]
