"""Taking staged rows in: what is sound goes in at once, what is not stays with its reason and is never lost."""

import datetime as dt
import io

import pytest
from openpyxl import load_workbook

from accreditation.intake.errors import NominationFileWaitsError
from accreditation.intake.models import NominationImport, StagedRow
from accreditation.intake.result import result_name, write_result
from accreditation.intake.selectors import lines_of, rows_of
from accreditation.intake.services import commits
from accreditation.intake.services.commits import commit_import
from accreditation.intake.services.files import commit_nominations
from accreditation.intake.services.staging import discard_import, stage_nominations
from accreditation.intake.services.work import LEASE, MOST_ATTEMPTS, work_off_imports
from accreditation.models import Application, Nomination
from accreditation.services.nominations import nominate_observers
from accreditation.services.quotas import set_quota
from accreditation.states import Category
from missions.kernel.models import Event
from missions.kernel.spreadsheets.writer import OutputValue
from missions.kernel.transitions import IllegalTransitionError
from missions.models import Mission, User
from tests.accreditation.conftest import draft_number
from tests.accreditation.intake.conftest import row, xlsx

pytestmark = pytest.mark.django_db


def _stage(mission: Mission, by: User, at: dt.datetime, *rows: dict[str, OutputValue]) -> NominationImport:
    return stage_nominations(data=xlsx(*rows), file_name="a.xlsx", mission=mission, by=by, at=at).nomination_import


def _rows(staged: NominationImport) -> list[tuple[int, str, list[str]]]:
    return [
        (line.number, (line.outcome or line.action).value, [found.code for found in line.findings])
        for line in lines_of(rows_of(staged))
    ]


def test_a_clean_file_is_taken_in_and_closed(mission: Mission, lead: User, at: dt.datetime) -> None:
    staged = _stage(mission, lead, at, row(), row(2))
    later = at + dt.timedelta(hours=1)

    report = commit_import(nomination_import=staged, by=lead, at=later)

    assert (report.added, report.changed, report.unchanged, report.left, report.is_queued) == (2, 0, 0, 0, False)
    staged.refresh_from_db()
    assert (staged.state, staged.added, staged.closed_at, staged.closed_by) == ("committed", 2, later, lead)
    rows = staged.staged_rows.values_list("outcome", "payload", "nomination__reference")
    assert list(rows) == [("added", None, "R-1"), ("added", None, "R-2")]
    assert Application.objects.count() == 2
    assert Event.objects.filter(verb="nominations_imported", object_id=mission.pk, at=later).count() == 1
    verbs = Event.objects.of(staged).values_list("verb", "from_state", "to_state")
    assert list(verbs)[2:] == [("file_committed", "staged", "committed")]
    with pytest.raises(IllegalTransitionError):
        commit_import(nomination_import=staged, by=lead, at=later)


def test_rows_with_errors_stay_and_the_others_go_in(mission: Mission, lead: User, at: dt.datetime) -> None:
    staged = _stage(
        mission, lead, at, row(), row(2, sex="?"), row(3), row(4, passport_number=row(3)["passport_number"])
    )

    report = commit_import(nomination_import=staged, by=lead, at=at)

    assert (report.added, report.left) == (1, 3)
    staged.refresh_from_db()
    assert (staged.state, staged.closed_at) == ("staged", None)
    assert _rows(staged) == [
        (2, "added", []),
        (3, "refuse", ["unknown_choice"]),
        (4, "refuse", ["duplicate_passport"]),
        (5, "refuse", ["duplicate_passport"]),
    ]
    closed = discard_import(nomination_import=staged, by=lead, at=at)
    assert (closed.state, closed.taken) == ("committed", 1)
    assert [outcome for _number, outcome, _codes in _rows(closed)] == ["added", "sent_back", "sent_back", "sent_back"]
    assert StagedRow.objects.filter(payload__isnull=False).count() == 0


def test_a_row_that_became_a_duplicate_since_the_preview_is_reported_and_not_lost(
    mission: Mission, lead: User, at: dt.datetime
) -> None:
    staged = _stage(mission, lead, at, row(), row(2))
    assert [action for _number, action, _codes in _rows(staged)] == ["add", "add"]
    same = draft_number(7, passport_number=str(row(2)["passport_number"]))
    nominate_observers(mission=mission, drafts=[same], by=lead, at=at)

    report = commit_import(nomination_import=staged, by=lead, at=at)

    assert (report.added, report.left) == (1, 1)
    assert _rows(staged) == [(2, "added", []), (3, "refuse", ["nominated_already"])]


def test_rows_over_the_ceiling_wait_and_go_in_when_there_is_room(mission: Mission, lead: User, at: dt.datetime) -> None:
    staged = _stage(mission, lead, at, row(), row(2), row(3))
    Mission.objects.filter(pk=mission.pk).update(places_taken=8)

    first = commit_import(nomination_import=staged, by=lead, at=at)
    again = commit_import(nomination_import=staged, by=lead, at=at)
    Mission.objects.filter(pk=mission.pk).update(ceiling=11)
    last = commit_import(nomination_import=staged, by=lead, at=at)

    assert [(report.added, report.left) for report in (first, again, last)] == [(2, 1), (0, 1), (1, 0)]
    staged.refresh_from_db()
    assert (staged.state, staged.added) == ("committed", 3)
    mission.refresh_from_db()
    assert mission.places_taken == 11
    assert Event.objects.of(mission).filter(verb="nominations_imported").count() == 2


def test_the_warnings_of_cells_outlive_a_second_look(mission: Mission, lead: User, at: dt.datetime) -> None:
    staged = _stage(mission, lead, at, row(surname="Mеyer"))  # with a Cyrillic letter
    Mission.objects.filter(pk=mission.pk).update(places_taken=10)

    commit_import(nomination_import=staged, by=lead, at=at)

    assert _rows(staged) == [(2, "refuse", ["ceiling_reached", "mixed_script"])]


def test_the_places_of_other_categories_are_their_own(mission: Mission, lead: User, at: dt.datetime) -> None:
    set_quota(mission=mission, category=Category.INTERPRETER, ceiling=1, by=None, at=at)

    staged = stage_nominations(
        data=xlsx(row(), row(2)), file_name="a.xlsx", mission=mission, category=Category.INTERPRETER, by=lead, at=at
    ).nomination_import
    report = commit_import(nomination_import=staged, by=lead, at=at)

    assert (report.added, report.left) == (1, 1)
    assert list(Nomination.objects.values_list("category", flat=True)) == ["interpreter"]
    mission.refresh_from_db()
    assert mission.places_taken == 0


def test_a_file_that_waits_is_not_taken_in_by_the_command(mission: Mission, lead: User, at: dt.datetime) -> None:
    _stage(mission, lead, at, row())

    with pytest.raises(NominationFileWaitsError):
        commit_nominations(xlsx(row()), file_name="a.xlsx", mission=mission, by=lead, at=at)
    assert not Nomination.objects.exists()


@pytest.fixture
def long_file(mission: Mission, lead: User, at: dt.datetime, monkeypatch: pytest.MonkeyPatch) -> NominationImport:
    """Two rows that count as many, handed over to the job."""
    monkeypatch.setattr(commits, "TAKEN_AT_ONCE_ROWS", 1)
    staged = _stage(mission, lead, at, row(), row(2))
    report = commit_import(nomination_import=staged, by=lead, at=at)
    assert (report.is_queued, report.nomination_import.state) == (True, "committing")
    return staged


def test_a_long_file_is_taken_in_by_the_job_in_the_name_of_who_asked(
    long_file: NominationImport, lead: User, at: dt.datetime
) -> None:
    assert not Nomination.objects.exists()
    with pytest.raises(IllegalTransitionError):
        commit_import(nomination_import=long_file, by=lead, at=at)
    with pytest.raises(IllegalTransitionError):
        discard_import(nomination_import=long_file, by=lead, at=at)
    later = at + dt.timedelta(seconds=5)

    assert (work_off_imports(at=later), work_off_imports(at=later)) == (1, 0)

    long_file.refresh_from_db()
    assert (long_file.state, long_file.added, long_file.closed_at, long_file.closed_by) == ("committed", 2, later, lead)
    assert Event.objects.get(verb="nominations_imported").actor == lead


def test_a_long_file_that_cannot_be_taken_in_is_put_back_for_people(
    long_file: NominationImport, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("accreditation.intake.services.commits.take_rows", broken)

    for attempt in range(MOST_ATTEMPTS + 1):
        work_off_imports(at=at + attempt * (LEASE + dt.timedelta(seconds=1)))

    long_file.refresh_from_db()
    assert (long_file.state, long_file.fault) == (
        "staged",
        "The file could not be worked on; please call for help.",
    )
    assert not Nomination.objects.exists()


def test_the_result_names_every_row_with_its_reasons_and_holds_no_formula(
    mission: Mission, lead: User, at: dt.datetime
) -> None:
    staged = _stage(
        mission,
        lead,
        at,
        row(reference="=1+1", given_names=""),
        row(2, nationality="Congo", surname="+Meyer", passport_number="CANARY7391"),
    )
    commit_import(nomination_import=staged, by=lead, at=at)
    discard_import(nomination_import=staged, by=lead, at=at)
    staged.refresh_from_db()
    buffer = io.BytesIO()

    write_result(buffer, staged)

    workbook = load_workbook(buffer)
    cells = [cell for sheet in workbook for line in sheet.iter_rows() for cell in line if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert [[cell.value for cell in line] for line in workbook["Rows"].iter_rows(min_row=2)] == [
        [
            2,
            "=1+1",
            "Meyer",
            "••••0T47",
            "added",
            "given_names",
            "no_given_name",
            "There is no given name; that is right for people with a single name only.",
        ],
        [
            3,
            "R-2",
            None,
            None,
            "sent back",
            "surname, nationality",
            "formula_start, unknown_country",
            "A name may not start with = + - or @.\nThis is not the name or the code of one country.",
        ],
    ]
    about = {line[0].value: line[1].value for line in workbook["File"].iter_rows(min_row=2)}
    assert (about["Mission"], about["Rows"], about["Added"], about["Not taken in"]) == ("ODIHR", 2, 1, 1)
    assert "CANARY" not in str([cell.value for cell in cells])
    assert result_name(staged) == f"result-ODIHR-{staged.pk}.xlsx"
