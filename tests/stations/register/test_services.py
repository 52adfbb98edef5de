"""Taking in register files: all of it or nothing, and again without change."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from threading import Barrier

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from missions.kernel.models import Event
from missions.kernel.spreadsheets.errors import SpreadsheetError
from missions.kernel.spreadsheets.table import Severity
from missions.models import Commission, Constituency, Election
from stations.models import AccessRequirement, PollingStation
from stations.register.errors import CentralCommissionMissingError, RegisterRefusedError
from stations.register.models import RegisterVersion
from stations.register.services import ImportReport, commit_register, preview_register
from stations.states import AccessCondition, StationKind
from tests.conftest import staff
from tests.stations.register.conftest import OVERSEAS, home_cells, home_file, overseas_cells, overseas_file

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("central_commission")]


def _commit(source: bytes, election: Election, at: dt.datetime, name: str = "stations.xlsx") -> ImportReport:
    return commit_register(source, file_name=name, election=election, by=None, at=at)


def _codes(source: bytes, election: Election, name: str = "stations.xlsx") -> list[tuple[int, str, str]]:
    findings = preview_register(source, file_name=name, election=election).findings
    return [(f.row, f.column, f.code) for f in findings if f.severity is Severity.ERROR]


def test_a_home_file_creates_stations_with_the_hours_of_the_election(
    election: Election, at: dt.datetime, three_at_home: bytes
) -> None:
    report = _commit(three_at_home, election, at)

    assert (report.added, report.changed, report.unchanged, report.version) == (3, 0, 0, 1)
    station = PollingStation.objects.get(code="002001")
    assert (station.country, station.time_zone, station.opens_at, station.closes_at) == (
        "AZE",
        "Asia/Baku",
        dt.time(8),
        dt.time(19),
    )
    assert (station.kind, station.is_newly_covered, station.is_urban, station.has_web_camera) == (
        StationKind.PERMANENT,
        True,
        True,
        True,
    )
    assert (station.latitude, station.longitude, station.voters) == (Decimal("40.40000"), Decimal("49.80000"), 900)
    assert list(station.access_requirements.values_list("condition", "granted_by")) == [
        (AccessCondition.ESCORT, "Police"),
        (AccessCondition.PERMIT, "Ministry"),
    ]


def test_unknown_constituencies_are_created_under_the_central_commission(
    election: Election, at: dt.datetime, three_at_home: bytes, central_commission: Commission
) -> None:
    _commit(three_at_home, election, at)

    rows = Constituency.objects.values_list("number", "name", "region", "languages", "commission__parent")
    assert list(rows) == [
        (1, "First", "North", ["az", "ru"], central_commission.pk),
        (2, "Second", "South", ["az", "ru"], central_commission.pk),
    ]


def test_without_a_central_commission_nothing_is_created(
    election: Election, at: dt.datetime, three_at_home: bytes, central_commission: Commission
) -> None:
    central_commission.delete()

    with pytest.raises(CentralCommissionMissingError):
        _commit(three_at_home, election, at)

    assert (PollingStation.objects.count(), Constituency.objects.count()) == (0, 0)


def test_an_overseas_file_keeps_zone_and_hours_of_the_place(election: Election, at: dt.datetime) -> None:
    source = overseas_file(overseas_cells(opens="07:30"))

    report = _commit(source, election, at, "overseas.csv")

    station = PollingStation.objects.get()
    assert (report.added, report.version) == (1, 1)
    assert (station.country, station.city, station.kind, station.constituency) == (
        "LVA",
        "Riga",
        StationKind.OVERSEAS,
        None,
    )
    assert (station.time_zone, station.opens_at, station.closes_at) == ("Europe/Riga", dt.time(7, 30), dt.time(19))
    assert station.embassy_contact == "consul@embassy.example"


def test_headers_may_be_azerbaijani_or_russian(election: Election) -> None:
    headers = ["Kod", "Название", "Страна", "Город", "Saat qurşağı", "Открытие", "Bağlanış", "Ünvan", "Səfirlik"]
    headers += ["Широта", "Долгота", "Seçicilər"]
    source = overseas_file(overseas_cells(country="Латвия"), headers=headers)

    preview = preview_register(source, file_name="x.csv", election=election)

    assert (preview.added, preview.findings) == (1, ())


def test_the_same_file_again_is_known_and_writes_nothing(
    election: Election, at: dt.datetime, three_at_home: bytes
) -> None:
    _commit(three_at_home, election, at)
    events = Event.objects.count()

    report = _commit(three_at_home, election, at)

    assert (report.already_imported, report.added, report.changed, report.unchanged, report.version) == (
        True,
        0,
        0,
        3,
        1,
    )
    assert (RegisterVersion.objects.count(), Event.objects.count()) == (1, events)
    assert preview_register(three_at_home, file_name="again.xlsx", election=election).imported_as == 1


def test_another_file_with_the_same_rows_changes_nothing(
    election: Election, at: dt.datetime, three_at_home: bytes
) -> None:
    _commit(three_at_home, election, at)
    source = home_file(home_cells(languages=None))

    report = _commit(source, election, at)

    assert (report.added, report.changed, report.unchanged, report.version) == (0, 0, 1, 1)
    assert RegisterVersion.objects.count() == 1


def test_a_changed_row_overwrites_the_station_and_makes_a_version(
    election: Election, at: dt.datetime, three_at_home: bytes
) -> None:
    _commit(three_at_home, election, at)
    key = PollingStation.objects.get(code="002001").pk
    changed = home_cells(
        code="002001", constituency=2, constituency_name="Second", region="West", voters=901, access="permit: CEC"
    )

    report = _commit(home_file(home_cells(), changed), election, at)

    station = PollingStation.objects.get(code="002001")
    assert (report.added, report.changed, report.unchanged, report.version) == (0, 1, 1, 2)
    assert (station.pk, station.voters, station.is_newly_covered) == (key, 901, False)
    assert list(AccessRequirement.objects.values_list("condition", "granted_by")) == [("permit", "CEC")]
    assert Constituency.objects.get(number=2).region == "West"


def test_stations_that_the_file_does_not_name_are_kept_and_said(
    election: Election, at: dt.datetime, three_at_home: bytes
) -> None:
    _commit(three_at_home, election, at)
    _commit(overseas_file(overseas_cells()), election, at, "overseas.csv")

    report = _commit(home_file(home_cells(voters=1)), election, at)

    assert [(notice.code, notice.message) for notice in report.notices] == [
        (
            "stations_not_in_file",
            "2 stations of the register are not in the file and are kept: 001002, 002001.",
        )
    ]
    assert PollingStation.objects.count() == 4


def test_a_station_without_coordinates_is_accepted_with_a_named_warning(
    election: Election, at: dt.datetime, three_at_home: bytes
) -> None:
    report = _commit(three_at_home, election, at)

    assert [(f.row, f.code, f.severity) for f in report.findings] == [
        (3, "station_without_coordinates", Severity.WARNING)
    ]
    assert PollingStation.objects.without_coordinates().get().code == "001002"


@pytest.mark.parametrize(
    ("changes", "column", "code"),
    [
        ({"code": None}, "code", "value_missing"),
        ({"code": 1001}, "code", "number_in_code_column"),
        ({"code": "1 001"}, "code", "invalid_code"),
        ({"code": "1.23E+11"}, "code", "exponent_in_code"),
        ({"name": None}, "name", "value_missing"),
        ({"kind": "floating"}, "kind", "unknown_choice"),
        ({"kind": "overseas"}, "kind", "unknown_choice"),
        ({"constituency": 0}, "constituency", "out_of_range"),
        ({"languages": "az, klingon"}, "languages", "unknown_choice"),
        ({"settlement": "suburb"}, "settlement", "unknown_choice"),
        ({"latitude": 91}, "latitude", "out_of_range"),
        ({"longitude": -181}, "longitude", "out_of_range"),
        ({"longitude": None}, "longitude", "coordinate_missing"),
        ({"latitude": None}, "latitude", "coordinate_missing"),
        ({"voters": -1}, "voters", "out_of_range"),
        ({"voters": "1e3"}, "voters", "not_an_integer"),
        ({"web_camera": "maybe"}, "web_camera", "not_yes_or_no"),
        ({"access": "permit"}, "access", "access_without_grantor"),
        ({"access": "visa: Embassy"}, "access", "unknown_choice"),
        ({"access": "permit: A; permit: B"}, "access", "access_twice"),
    ],
)
def test_a_faulty_cell_of_the_home_layout_is_named(
    election: Election, changes: dict[str, str | int | None], column: str, code: str
) -> None:
    assert _codes(home_file(home_cells(**changes)), election) == [(2, column, code)]


@pytest.mark.parametrize(
    ("changes", "column", "code"),
    [
        ({"country": "Niger or Nigeria"}, "country", "unknown_country"),
        ({"country": "AZE"}, "country", "overseas_in_host_country"),
        ({"city": ""}, "city", "value_missing"),
        ({"time_zone": "Riga"}, "time_zone", "unknown_zone"),
        ({"opens": "24:00"}, "opens", "invalid_time"),
        ({"opens": "19:00"}, "closes", "closes_before_opening"),
        ({"constituency": "1"}, "constituency", "overseas_has_constituency"),
    ],
)
def test_a_faulty_cell_of_the_overseas_layout_is_named(
    election: Election, changes: dict[str, str], column: str, code: str
) -> None:
    source = overseas_file(overseas_cells(**changes), headers=[*OVERSEAS, "constituency"])

    assert _codes(source, election, "overseas.csv") == [(2, column, code)]


def test_a_file_of_neither_layout_names_the_missing_columns_of_the_nearer_one(election: Election) -> None:
    with pytest.raises(SpreadsheetError) as caught:
        preview_register(
            b"code,name,country,city,time_zone,opens\r\n1,x,LVA,Riga,UTC,8:00\r\n", file_name="x.csv", election=election
        )

    assert (caught.value.reason, caught.value.columns) == ("missing_columns", ("voters", "closes"))


def test_all_errors_of_all_rows_are_said_at_once(election: Election, at: dt.datetime) -> None:
    source = home_file(
        home_cells(latitude=95, voters="many"),
        home_cells(code="001002"),
        home_cells(code="001003", region="South"),
        home_cells(code="001002", name="Twin"),
    )
    expected = [
        (2, "voters", "not_an_integer"),
        (2, "latitude", "out_of_range"),
        (3, "code", "code_repeated"),
        (4, "region", "constituency_differs"),
        (5, "code", "code_repeated"),
    ]

    with pytest.raises(RegisterRefusedError) as caught:
        _commit(source, election, at)

    assert _codes(source, election) == expected
    assert [(v.field, v.code) for v in caught.value.violations] == [
        (f"{row}:{column}", code) for row, column, code in expected
    ]
    assert (PollingStation.objects.count(), Constituency.objects.count(), RegisterVersion.objects.count()) == (0, 0, 0)


def test_a_code_stored_as_a_number_finds_the_one_station_that_it_can_mean(
    election: Election, at: dt.datetime, three_at_home: bytes
) -> None:
    _commit(three_at_home, election, at)

    report = _commit(home_file(home_cells(code=1001, voters=5)), election, at)

    assert (report.changed, report.added) == (1, 0)
    assert [(f.row, f.code, f.severity) for f in report.findings] == [(2, "number_in_code_column", Severity.WARNING)]
    assert PollingStation.objects.get(code="001001").voters == 5


def test_a_number_that_could_mean_two_stations_is_refused(election: Election, at: dt.datetime) -> None:
    _commit(home_file(home_cells(code="0071")), election, at)
    PollingStation.objects.create(
        **{
            field.attname: getattr(PollingStation.objects.get(), field.attname)
            for field in PollingStation._meta.concrete_fields
            if field.name not in ("id", "code")
        },
        code="071",
    )

    assert _codes(home_file(home_cells(code=71)), election) == [(2, "code", "number_in_code_column")]


@pytest.mark.parametrize("known", [True, False])
def test_a_code_written_without_its_zeros_is_refused(
    election: Election, at: dt.datetime, three_at_home: bytes, known: bool
) -> None:
    rows = [home_cells(code="1001")]
    if known:
        _commit(three_at_home, election, at)
    else:
        rows.append(home_cells())

    assert _codes(home_file(*rows), election) == [(2, "code", "code_lost_zeros")]


def test_a_preview_writes_nothing(election: Election, three_at_home: bytes) -> None:
    preview = preview_register(three_at_home, file_name="stations.xlsx", election=election)

    assert (preview.ok, preview.added, preview.new_constituencies, preview.row_count) == (True, 3, 2, 3)
    assert (PollingStation.objects.count(), Constituency.objects.count(), Event.objects.count()) == (0, 0, 0)


def test_a_version_says_who_took_in_what(election: Election, at: dt.datetime, three_at_home: bytes) -> None:
    user = staff("registrar@ministry.example")

    commit_register(three_at_home, file_name="stations.xlsx", election=election, by=user, at=at)

    version = RegisterVersion.objects.get()
    assert (version.number, version.file_name, version.rows, version.added, version.changed) == (
        1,
        "stations.xlsx",
        3,
        3,
        0,
    )
    assert (version.imported_at, version.imported_by) == (at, user)
    event = Event.objects.get()
    assert (event.verb, event.object_id, event.actor, event.at) == ("register_imported", version.pk, user, at)


def test_the_command_looks_first_and_stores_on_request(
    election: Election, tmp_path: Path, capsys: pytest.CaptureFixture[str], three_at_home: bytes
) -> None:
    path = tmp_path / "stations.xlsx"
    path.write_bytes(three_at_home)

    call_command("import_register", path, election=election.code)
    looked = PollingStation.objects.count()
    call_command("import_register", path, election=election.code, commit=True)

    assert (looked, PollingStation.objects.count()) == (0, 3)
    assert "3 added, 0 changed, 0 unchanged; register version 1." in capsys.readouterr().out


def test_the_command_fails_on_errors(election: Election, tmp_path: Path) -> None:
    path = tmp_path / "stations.xlsx"
    path.write_bytes(home_file(home_cells(voters=-1)))

    with pytest.raises(CommandError, match="The file has errors"):
        call_command("import_register", path, election=election.code)


@pytest.mark.django_db(transaction=True)
def test_of_many_commits_of_one_file_at_once_exactly_one_writes(
    election: Election, at: dt.datetime, three_at_home: bytes
) -> None:
    racers = 8
    barrier = Barrier(racers)

    def race(_number: int) -> tuple[bool, int, int]:
        barrier.wait()
        try:
            report = _commit(three_at_home, election, at)
        finally:
            connection.close()
        return report.already_imported, report.added, report.version

    with ThreadPoolExecutor(racers) as pool:
        outcomes = sorted(pool.map(race, range(racers)))

    assert outcomes == [(False, 3, 1)] + [(True, 0, 1)] * (racers - 1)
    assert (PollingStation.objects.count(), RegisterVersion.objects.count(), Event.objects.count()) == (3, 1, 1)
