"""Drafts and their files: what a mission does before it hands in."""

import datetime as dt
from pathlib import Path

import pytest

from missions.kernel.errors import MissingError
from missions.kernel.files import read_file_bytes
from missions.kernel.models import Event
from missions.models import Mission, User
from missions.reports.errors import EmbargoPastError, ReportFileRefusedError, ReportNotDraftError
from missions.reports.models import Report, ReportFile
from missions.reports.services.drafts import add_file, change_draft, draft_report, remove_file
from missions.reports.services.files import read_report_file, sweep_report_files
from missions.reports.states import ReportKind, ReportState
from tests.missions.reports.conftest import EARLIER, MakeReport, file_of, pdf

pytestmark = pytest.mark.django_db


def _files(folder: Path) -> int:
    return sum(1 for path in folder.rglob("*") if path.is_file())


def test_a_draft_is_the_missions_own_affair(mission: Mission, lead: User, at: dt.datetime) -> None:
    report = draft_report(
        mission=mission, kind=ReportKind.INTERIM, title="First findings", embargo_wished=None, by=lead, at=at
    )

    assert (report.state, report.number, report.embargo_until, report.version) == ("draft", None, None, 1)
    assert report.election == mission.election
    event = Event.objects.of(report).get()
    assert (event.verb, event.actor, event.scope_id, event.is_private) == ("report_drafted", lead, mission.pk, True)
    assert event.object_label == "ODIHR: interim report"


def test_a_change_counts_only_if_it_is_one(make_report: MakeReport, mission: Mission, lead: User) -> None:
    report = make_report(mission, ReportState.DRAFT)
    same = change_draft(report=report, title=report.title, embargo_wished=None, by=lead, at=EARLIER)
    changed = change_draft(report=report, title="Another", embargo_wished=EARLIER, by=lead, at=EARLIER)

    assert (same.version, changed.version, changed.title) == (2, 3, "Another")
    verbs = [(event.verb, event.changed) for event in Event.objects.of(report)]
    assert verbs[2:] == [("report_changed", ["title", "embargo_wished"])]


def test_an_embargo_is_wished_for_what_is_to_come(mission: Mission, lead: User, at: dt.datetime) -> None:
    def draft(wished: dt.datetime) -> Report:
        return draft_report(
            mission=mission, kind=ReportKind.INTERIM, title="Findings", embargo_wished=wished, by=lead, at=at
        )

    with pytest.raises(EmbargoPastError) as past:
        draft(at - dt.timedelta(seconds=1))
    report, later = draft(at + dt.timedelta(hours=1)), at + dt.timedelta(hours=2)
    kept = change_draft(report=report, title="Better", embargo_wished=report.embargo_wished, by=lead, at=later)
    with pytest.raises(EmbargoPastError):
        change_draft(report=report, title="Better", embargo_wished=at, by=lead, at=later)

    assert [(fault.field, fault.code) for fault in past.value.violations] == [("embargo_wished", "embargo-past")]
    assert kept.title == "Better"
    assert Report.objects.count() == 1


def test_a_file_lies_encrypted_and_is_replaced_whole(
    make_report: MakeReport, mission: Mission, lead: User, private_files: Path
) -> None:
    report = make_report(mission, ReportState.DRAFT)
    again = add_file(report=report, language="en", data=pdf(f"{report.title} en"), by=lead, at=EARLIER)
    assert _files(private_files) == 1

    newer = add_file(report=report, language="en", data=pdf("newer"), by=lead, at=EARLIER)

    assert again.pk != newer.pk
    assert read_file_bytes(newer.name_in_storage) == pdf("newer")
    assert newer.size == len(pdf("newer"))
    assert pdf("newer")[:20] not in (private_files / newer.name_in_storage).read_bytes()
    assert [event.verb for event in Event.objects.of(report)][1:] == ["report_file_added", "report_file_replaced"]


@pytest.mark.django_db(transaction=True)
def test_the_bytes_of_a_replaced_file_go_after_the_commit(
    make_report: MakeReport, mission: Mission, lead: User, private_files: Path
) -> None:
    report = make_report(mission, ReportState.DRAFT)
    add_file(report=report, language="en", data=pdf("newer"), by=lead, at=EARLIER)
    assert _files(private_files) == 1

    remove_file(report=report, language="en", by=lead, at=EARLIER)

    assert (_files(private_files), ReportFile.objects.count()) == (0, 0)


def test_a_refused_file_leaves_nothing(
    make_report: MakeReport, mission: Mission, lead: User, private_files: Path
) -> None:
    report = make_report(mission, ReportState.DRAFT, languages=())
    for language, data in (("en", b"no pdf"), ("xx", pdf())):
        with pytest.raises(ReportFileRefusedError):
            add_file(report=report, language=language, data=data, by=lead, at=EARLIER)

    assert (_files(private_files), Report.objects.get().version) == (0, 1)


def test_removing_what_is_not_there_is_absent(make_report: MakeReport, mission: Mission) -> None:
    with pytest.raises(MissingError):
        remove_file(report=make_report(mission, ReportState.DRAFT), language="fr", by=None, at=EARLIER)


@pytest.mark.parametrize("state", [ReportState.SUBMITTED, ReportState.REGISTERED])
def test_what_was_handed_in_is_not_changed(
    make_report: MakeReport, mission: Mission, lead: User, state: ReportState
) -> None:
    report = make_report(mission, state)
    stale = Report.objects.get(pk=report.pk)
    stale.state = ReportState.DRAFT  # as somebody saw it a moment ago

    with pytest.raises(ReportNotDraftError):
        add_file(report=report, language="fr", data=pdf(), by=lead, at=EARLIER)
    with pytest.raises(ReportNotDraftError):
        add_file(report=stale, language="fr", data=pdf(), by=lead, at=EARLIER)
    with pytest.raises(ReportNotDraftError):
        remove_file(report=report, language="en", by=lead, at=EARLIER)
    with pytest.raises(ReportNotDraftError):
        change_draft(report=report, title="Another", embargo_wished=None, by=lead, at=EARLIER)
    assert [file.language for file in report.files.all()] == ["en"]


def test_reading_before_everybody_is_on_the_missions_own_record(
    make_report: MakeReport, mission: Mission, lead: User
) -> None:
    file = file_of(make_report(mission))

    content = read_report_file(file=file, by=lead, at=EARLIER)

    assert (content.data, content.name) == (pdf(f"{file.report.title} en"), f"report-{file.report_id}-en.pdf")
    event = Event.objects.of(file.report).last()
    assert event is not None
    assert (event.verb, event.is_private, event.changed) == ("report_file_read", True, ["en"])


def test_the_sweep_takes_only_what_no_row_speaks_of(
    make_report: MakeReport, mission: Mission, private_files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = file_of(make_report(mission))
    stray = private_files / "reports" / "0" / "stray"
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"x")
    monkeypatch.setattr("missions.kernel.files.MATURE", dt.timedelta(seconds=-1))

    assert sweep_report_files() == 1
    assert (stray.exists(), (private_files / file.name_in_storage).exists()) == (False, True)
