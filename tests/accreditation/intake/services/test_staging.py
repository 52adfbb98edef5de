"""Receiving, reading, asking, discarding: a file is one import, and nothing of a person stays when it is over."""

import datetime as dt
import json

import pytest
from django.db import connection

from accreditation.intake.models import FileContent, NominationImport, StagedRow
from accreditation.intake.selectors import encoding_samples, lines_of, row_counts, rows_of
from accreditation.intake.services import staging
from accreditation.intake.services.reading import check_table
from accreditation.intake.services.staging import answer_question, discard_import, stage_nominations
from accreditation.intake.services.work import MOST_ATTEMPTS, work_off_imports
from accreditation.intake.states import IMPORT_TRANSITIONS, ImportState
from accreditation.models import Nomination, Observer
from accreditation.states import Category, Role
from missions.kernel.errors import MissingError
from missions.kernel.models import Event
from missions.kernel.spreadsheets.errors import FileTooLargeError, SpreadsheetError, UnsupportedFileError
from missions.kernel.spreadsheets.values import DateOrder
from missions.kernel.transitions import IllegalTransitionError
from missions.models import Mission, User
from tests.accreditation.intake.conftest import COLUMNS, csv, row, xlsx

pytestmark = pytest.mark.django_db
CANARY = "CANARY7391"


def _stage(data: bytes, mission: Mission, by: User | None, at: dt.datetime, name: str = "a.xlsx") -> NominationImport:
    return stage_nominations(data=data, file_name=name, mission=mission, by=by, at=at).nomination_import


def _verbs(obj: NominationImport) -> list[str]:
    return list(Event.objects.of(obj).values_list("verb", flat=True))


def _raw_tables() -> str:
    """Everything that the tables of this room hold, as the database has it."""
    with connection.cursor() as cursor:
        found = []
        for table in ("intake_nominationimport", "intake_stagedrow", "intake_filecontent", "kernel_event"):
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 - fixed names
            found.append(str(cursor.fetchall()))
    return " ".join(found)


def test_a_staged_file_shows_every_row_and_nominates_nobody(mission: Mission, lead: User, at: dt.datetime) -> None:
    data = xlsx(row(), row(2, given_names=""), row(3, sex="?", passport_number=f"{CANARY}1"))

    staged = _stage(data, mission, lead, at)

    assert (staged.state, staged.rows, staged.staged_at, staged.uploaded_by) == ("staged", 3, at, lead)
    assert [
        (
            line.number,
            line.reference,
            line.name,
            line.passport,
            line.action.value,
            [found.code for found in line.findings],
        )
        for line in lines_of(rows_of(staged))
    ] == [
        (2, "R-1", "Meyer Anna", "••••0T47", "add", []),
        (3, "R-2", "Meyerc", "••••0002", "add", ["no_given_name"]),
        (4, "R-3", "Meyerd Anna", "", "refuse", ["unknown_choice"]),
    ]
    counts = row_counts(staged)
    assert (counts.waiting, counts.sound, counts.add, counts.refuse, counts.warned) == (3, 2, 2, 1, 1)
    assert _verbs(staged) == ["file_received", "file_staged"]
    assert not FileContent.objects.exists()
    assert not Nomination.objects.exists()
    assert not Observer.objects.exists()


def test_what_waits_is_encrypted(mission: Mission, lead: User, at: dt.datetime) -> None:
    staged = _stage(xlsx(row(surname="Sichtbar", passport_number=f"{CANARY}2")), mission, lead, at)

    raw = _raw_tables()

    assert (CANARY in raw, "Sichtbar" in raw) == (False, False)
    assert CANARY in str(json.loads(StagedRow.objects.get(nomination_import=staged).payload or "")["draft"])


def test_the_same_file_again_is_the_same_import(mission: Mission, lead: User, at: dt.datetime) -> None:
    data = xlsx(row())
    first = stage_nominations(data=data, file_name="a.xlsx", mission=mission, by=lead, at=at)
    later = at + dt.timedelta(days=1)

    again = stage_nominations(data=data, file_name="b.xlsx", mission=mission, by=None, at=later)

    assert (first.is_known, again.is_known) == (False, True)
    assert again.nomination_import == first.nomination_import
    assert (again.nomination_import.file_name, again.nomination_import.uploaded_at) == ("a.xlsx", at)
    assert (NominationImport.objects.count(), StagedRow.objects.count()) == (1, 1)


def test_another_mission_may_send_the_same_file(
    mission: Mission, other_mission: Mission, lead: User, at: dt.datetime
) -> None:
    data = xlsx(row())

    assert _stage(data, mission, lead, at) != _stage(data, other_mission, lead, at)


def test_a_discarded_file_leaves_no_person_behind_and_may_be_sent_again(
    mission: Mission, lead: User, at: dt.datetime
) -> None:
    data = xlsx(row(), row(2, sex="?", nationality="Nigeri"))
    staged = _stage(data, mission, lead, at)

    discarded = discard_import(nomination_import=staged, by=lead, at=at)

    assert (discarded.state, discarded.closed_at, discarded.closed_by) == ("discarded", at, lead)
    lines = list(lines_of(rows_of(staged)))
    assert [(line.outcome and line.outcome.value, line.name, line.passport) for line in lines] == [
        ("sent_back", "", "")
    ] * 2
    assert [(found.code, found.value) for found in lines[1].findings] == [
        ("unknown_choice", ""),
        ("unknown_country", ""),
    ]
    assert "Nigeria" not in _raw_tables()
    assert _verbs(discarded) == ["file_received", "file_staged", "file_discarded"]
    again = stage_nominations(data=data, file_name="a.xlsx", mission=mission, by=lead, at=at)
    assert not again.is_known
    with pytest.raises(IllegalTransitionError):
        discard_import(nomination_import=discarded, by=lead, at=at)


def test_an_encoding_is_asked_for_once_for_the_whole_file(mission: Mission, lead: User, at: dt.datetime) -> None:
    data = csv(row(surname="Мамедов"), row(2, surname="Алиев")).decode("utf-8-sig").encode("cp1251")

    asked = _stage(data, mission, lead, at, "a.csv")

    assert (asked.state, asked.question, asked.rows) == ("asked", "encoding", 0)
    samples = {sample.encoding: sample.words for sample in encoding_samples(asked)}
    assert samples["cp1251"] == ("Мамедов", "Алиев")
    assert samples["koi8-r"] != samples["cp1251"]
    answered = answer_question(nomination_import=asked, encoding="cp1251", by=lead, at=at)
    assert (answered.state, answered.question, answered.encoding, answered.rows) == ("staged", "", "cp1251", 2)
    assert [line.name for line in lines_of(rows_of(answered))] == ["Мамедов Anna", "Алиев Anna"]
    assert _verbs(answered) == ["file_received", "file_asked", "file_answered", "file_staged"]
    assert not FileContent.objects.exists()


def test_a_wrong_answer_is_asked_again_and_a_second_question_may_follow(
    mission: Mission, lead: User, at: dt.datetime
) -> None:
    data = csv(row(surname="Мамедов", documents_on="07/01/2024")).decode("utf-8-sig").encode("cp1251")
    asked = _stage(data, mission, lead, at, "a.csv")

    still = answer_question(nomination_import=asked, encoding="utf-8", by=lead, at=at)
    assert (still.state, still.question) == ("asked", "encoding")
    next_one = answer_question(nomination_import=asked, encoding="cp1251", by=lead, at=at)
    assert (next_one.state, next_one.question) == ("asked", "date_order")
    done = answer_question(nomination_import=asked, date_order=DateOrder.MONTH_FIRST, by=lead, at=at)
    assert (done.state, done.date_order, done.encoding) == ("staged", "month_first", "cp1251")
    with pytest.raises(IllegalTransitionError):
        answer_question(nomination_import=done, encoding="cp1254", by=lead, at=at)


@pytest.mark.parametrize(
    ("data", "name", "error", "reason"),
    [
        (b"", "a.csv", SpreadsheetError, "no_rows"),
        (b"%PDF-1.7", "a.csv", UnsupportedFileError, "unsupported_file"),
        (b"a" * (10 * 1024 * 1024 + 1), "a.csv", FileTooLargeError, "file_too_large"),
        (b"surname\nx\n", "a.csv", SpreadsheetError, "missing_columns"),
        (
            b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*",
            "a.csv",
            SpreadsheetError,
            "malware_found",
        ),
    ],
    ids=["empty", "pdf", "large", "columns", "virus"],
)
def test_a_fault_of_the_whole_file_stores_nothing(
    mission: Mission, lead: User, at: dt.datetime, data: bytes, name: str, error: type[SpreadsheetError], reason: str
) -> None:
    with pytest.raises(error) as refused:
        _stage(data, mission, lead, at, name)

    assert refused.value.reason == reason
    assert not NominationImport.objects.exists()
    assert not Event.objects.exists()


def test_an_absent_mission_is_missing(election: object, at: dt.datetime) -> None:
    with pytest.raises(MissingError):
        stage_nominations(data=csv(row()), file_name="a.csv", mission=Mission(pk=2**40), by=None, at=at)


def test_a_name_with_a_path_is_only_a_name(mission: Mission, lead: User, at: dt.datetime) -> None:
    assert _stage(xlsx(row()), mission, lead, at, "..\\..\\etc/passwd/a.xlsx").file_name == "a.xlsx"


def test_files_of_a_category_with_one_role_need_not_name_it(mission: Mission, lead: User, at: dt.datetime) -> None:
    headers = [column if column != "role" else "remark" for column in COLUMNS]
    data = xlsx(row(), headers=headers)

    staged = stage_nominations(
        data=data, file_name="a.xlsx", mission=mission, category=Category.FOREIGN_MEDIA, by=lead, at=at
    ).nomination_import

    (waiting,) = staged.staged_rows.all()
    assert (staged.category, json.loads(waiting.payload or "")["draft"]["role"]) == ("foreign_media", Role.JOURNALIST)
    with pytest.raises(SpreadsheetError) as refused:
        _stage(xlsx(row(), row(2), headers=headers), mission, lead, at)
    assert refused.value.reason == "missing_columns"


@pytest.fixture
def _long_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file is a long one."""
    monkeypatch.setattr(staging, "READ_AT_ONCE_BYTES", 0)


@pytest.mark.usefixtures("_long_files")
def test_a_long_file_is_kept_encrypted_and_read_by_the_job(mission: Mission, lead: User, at: dt.datetime) -> None:
    received = _stage(csv(row(passport_number=f"{CANARY}3")), mission, lead, at, "a.csv")
    assert (received.state, FileContent.objects.count()) == ("received", 1)
    assert CANARY not in _raw_tables()
    later = at + dt.timedelta(seconds=5)

    assert (work_off_imports(at=later), work_off_imports(at=later)) == (1, 0)

    received.refresh_from_db()
    assert (received.state, received.rows, received.staged_at) == ("staged", 1, later)
    assert not FileContent.objects.exists()


@pytest.mark.usefixtures("_long_files")
def test_the_job_tells_what_is_wrong_with_a_long_file(mission: Mission, lead: User, at: dt.datetime) -> None:
    broken = _stage(b"surname\nx\n", mission, lead, at, "a.csv")
    asking = _stage(csv(row(documents_on="07/01/2024")), mission, lead, at, "b.csv")

    assert work_off_imports(at=at) == 2

    broken.refresh_from_db()
    asking.refresh_from_db()
    assert (broken.state, broken.closed_at) == ("unreadable", at)
    assert broken.fault.startswith("These columns are missing: ")
    assert (asking.state, asking.question) == ("asked", "date_order")
    answered = answer_question(nomination_import=asking, date_order=DateOrder.DAY_FIRST, by=lead, at=at)
    assert (answered.state, answered.attempts) == ("received", 0)
    assert work_off_imports(at=at) == 1
    asking.refresh_from_db()
    assert asking.state == "staged"


@pytest.mark.usefixtures("_long_files")
def test_a_file_that_breaks_its_worker_is_put_aside_and_keeps_no_other_waiting(
    mission: Mission, lead: User, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison = _stage(csv(row(surname="Poison")), mission, lead, at, "poison.csv")
    for number in range(2, 5):
        _stage(csv(row(number)), mission, lead, at, f"{number}.csv")
    true_check = check_table

    def check(table: object, *args: object, **kwargs: object) -> object:
        if table.rows[0].value.surname == "Poison":  # type: ignore[attr-defined]
            raise RuntimeError("boom")
        return true_check(table, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(staging, "check_table", check)

    assert work_off_imports(at=at) == 3
    assert work_off_imports(at=at) == 0  # leased still
    for attempt in range(1, MOST_ATTEMPTS + 1):
        work_off_imports(at=at + attempt * dt.timedelta(minutes=6))

    poison.refresh_from_db()
    assert (poison.state, poison.fault) == ("unreadable", "The file could not be worked on; please call for help.")
    assert NominationImport.objects.filter(state="staged").count() == 3


def test_the_table_of_states_is_closed_under_itself() -> None:
    assert set(IMPORT_TRANSITIONS) == set(ImportState)
    assert {target for targets in IMPORT_TRANSITIONS.values() for target in targets} | {ImportState.RECEIVED} == set(
        ImportState
    )
