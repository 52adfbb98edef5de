"""Files of travel times: taken whole or refused with each fault, in place of the one before."""

import datetime as dt
from functools import partial
from io import BytesIO

import numpy as np
import pytest
from openpyxl import Workbook

from missions.kernel.models import Event
from missions.kernel.spreadsheets.errors import FileTooLargeError, SpreadsheetError
from missions.models import Constituency, Mission, User
from stations.models import PollingStation
from stations.travel.errors import MatrixOfPoolMissionError, MatrixRefusedError, MatrixRemovedError
from stations.travel.layout import LIMITS
from stations.travel.matrices import unpack
from stations.travel.models import TravelMatrix
from stations.travel.services import remove_matrix, store_matrix
from tests.racing import errors_of, race
from tests.stations.travel.conftest import FILE, HEADER, ROWS, file_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stations")]


def test_a_file_becomes_a_square_over_base_and_stations(
    place: Constituency, mission: Mission, lead: User, at: dt.datetime
) -> None:
    stored = store_matrix(data=FILE, file_name="t.csv", constituency=place, mission=mission, by=lead, at=at)

    row = TravelMatrix.objects.get(pk=stored.pk)
    matrix = unpack(row.cells, 4)
    assert row.codes == ["00101", "00102", "00103"]
    assert matrix.seconds.tolist() == [[0, 1, 2, 3], [4, 0, 5, 6], [7, 8, 0, 9], [10, 11, 12, 0]]
    assert np.array_equal(matrix.metres, 10 * matrix.seconds)
    event = Event.objects.get(verb="travel_measured")
    assert (event.is_private, event.scope_id, event.actor) == (True, mission.pk, lead)


def test_rows_in_any_order_and_a_workbook_say_the_same(place: Constituency, at: dt.datetime) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (HEADER, *reversed(ROWS), "00101,00101,0,0"):
        sheet.append([int(cell) if cell.isdecimal() and not cell.startswith("0") else cell for cell in row.split(",")])
    out = BytesIO()
    book.save(out)

    first = store_matrix(data=FILE, file_name="t.csv", constituency=place, mission=None, by=None, at=at)
    second = store_matrix(data=out.getvalue(), file_name="t.xlsx", constituency=place, mission=None, by=None, at=at)

    assert bytes(first.cells) == bytes(second.cells)


def test_a_new_file_takes_the_place_of_the_owners_own_only(
    place: Constituency, mission: Mission, at: dt.datetime
) -> None:
    store = partial(store_matrix, data=FILE, file_name="t.csv", constituency=place, by=None)
    ministry, first = store(mission=None, at=at), store(mission=mission, at=at)

    second = store(mission=mission, at=at + dt.timedelta(hours=1))

    assert set(TravelMatrix.objects.in_use()) == {ministry, second}
    first.refresh_from_db()
    assert first.removed_at == at + dt.timedelta(hours=1)
    assert list(Event.objects.of(ministry).values_list("is_private", flat=True)) == [False]


def test_a_matrix_is_taken_out_of_use_once(place: Constituency, at: dt.datetime) -> None:
    matrix = store_matrix(data=FILE, file_name="t.csv", constituency=place, mission=None, by=None, at=at)

    removed = remove_matrix(matrix=matrix, reason="Bridge is open", by=None, at=at)

    assert (removed.removed_at, removed.version) == (at, 2)
    assert Event.objects.get(verb="travel_removed").reason == "Bridge is open"
    with pytest.raises(MatrixRemovedError):
        remove_matrix(matrix=matrix, by=None, at=at)


@pytest.mark.parametrize(
    ("rows", "faults"),
    [
        (ROWS[:-1], [("file", "pair-missing", "1 way is missing: 00103 → 00102.")]),
        (
            [row for row in ROWS if "00102" not in row],
            [("file", "station-missing", "The file has no way from or to 00102.")],
        ),
        ([*ROWS, "00101,99999,5,5"], [("14", "station-unknown", "99999 is no station in use of this constituency.")]),
        ([*ROWS, ROWS[0]], [("14", "pair-twice", "The way from base to 00101 stands twice.")]),
        ([*ROWS, "00101,00101,7,0"], [("14", "leg-to-itself", "The way from a place to itself takes no time.")]),
        ([*ROWS[1:], "base,00101,-1,5"], [("13:seconds", "out_of_range", None)]),
        ([*ROWS[1:], "base,00101,86401,5"], [("13:seconds", "out_of_range", None)]),
        ([*ROWS[1:], "base,00101,5,-5"], [("13:metres", "out_of_range", None)]),
        ([*ROWS[1:], "base,00101,,5"], [("13:seconds", "value_missing", None)]),
        ([*ROWS[1:], "base,00101,fast,5"], [("13:seconds", "not_an_integer", None)]),
    ],
)
def test_a_file_with_faults_is_refused_whole(
    place: Constituency, at: dt.datetime, rows: list[str], faults: list[tuple[str, str, str | None]]
) -> None:
    with pytest.raises(MatrixRefusedError) as refused:
        store_matrix(data=file_of(rows), file_name="t.csv", constituency=place, mission=None, by=None, at=at)

    found = [(fault.field, fault.code, fault.detail) for fault in refused.value.violations]
    assert [(field, code) for field, code, _detail in found] == [(field, code) for field, code, _detail in faults]
    assert all(expected in (None, said) for (*_, said), (*_, expected) in zip(found, faults, strict=True))
    assert not TravelMatrix.objects.exists()


def test_many_faults_of_a_kind_are_counted(place: Constituency, at: dt.datetime) -> None:
    rows = [f"base,X{number},1,1" for number in range(30)]

    with pytest.raises(MatrixRefusedError) as refused:
        store_matrix(data=file_of(rows), file_name="t.csv", constituency=place, mission=None, by=None, at=at)

    assert len(refused.value.violations) == 21
    assert refused.value.violations[-1].detail == "and 10 more of this kind."


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no_rows"),
        (HEADER.encode(), "no_rows"),
        (b"from,to\nbase,00101\n", "missing_columns"),
        ((HEADER + "\nq\xe4,00101,1,1\n").encode("latin-1"), "encoding_unknown"),
        (b"%PDF-1.7 nothing", "unsupported_file"),
        (b"x" * (LIMITS.file_bytes + 1), "file_too_large"),
        (file_of(["base,00101,1,1"] * 300_000), "too_many_rows"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_by_name(
    place: Constituency, at: dt.datetime, data: bytes, reason: str
) -> None:
    with pytest.raises(SpreadsheetError) as refused:
        store_matrix(data=data, file_name="t.csv", constituency=place, mission=None, by=None, at=at)

    assert refused.value.reason == reason
    assert isinstance(refused.value, FileTooLargeError) is (reason == "file_too_large")


def test_a_station_out_of_use_is_not_in_the_square(place: Constituency, at: dt.datetime) -> None:
    PollingStation.objects.filter(code="00103").update(closed_at=at, closed_reason="Burnt down")
    rows = [row for row in ROWS if "00103" not in row]

    stored = store_matrix(data=file_of(rows), file_name="t.csv", constituency=place, mission=None, by=None, at=at)

    assert stored.codes == ["00101", "00102"]
    PollingStation.objects.update(closed_at=at, closed_reason="Burnt down")
    with pytest.raises(MatrixRefusedError) as refused:
        store_matrix(data=FILE, file_name="t.csv", constituency=place, mission=None, by=None, at=at)
    assert [fault.code for fault in refused.value.violations] == ["no-stations"]


def test_a_host_coordinated_mission_measures_nothing(
    place: Constituency, other_mission: Mission, at: dt.datetime
) -> None:
    with pytest.raises(MatrixOfPoolMissionError):
        store_matrix(data=FILE, file_name="t.csv", constituency=place, mission=other_mission, by=None, at=at)


@pytest.mark.django_db(transaction=True)
def test_racers_leave_one_in_use(place: Constituency, mission: Mission, at: dt.datetime) -> None:
    store = partial(store_matrix, data=FILE, file_name="t.csv", constituency=place, mission=mission, by=None, at=at)

    results = race([store] * 5)

    assert errors_of(results) == []
    assert (TravelMatrix.objects.count(), TravelMatrix.objects.in_use().count()) == (5, 1)
