"""Reports in every state, and a folder for the snapshot that the test has for itself."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from missions.kernel import clock
from missions.models import Mission, User
from missions.reports.models import Report, ReportFile
from missions.reports.services.drafts import add_file, draft_report
from missions.reports.services.registering import register_report, retract_report, submit_report
from missions.reports.states import ReportKind, ReportState
from tests.corpus.files import papers

#: Stands in every title and must reach nobody before its time.
CANARY = "CANARY7391 Statement"
#: 15:00 in Baku on the day after the vote.
PRESS_CONFERENCE = dt.datetime(2024, 2, 8, 11, tzinfo=dt.UTC)
EARLIER = dt.datetime(2024, 2, 8, 7, tzinfo=dt.UTC)

MakeReport = Callable[..., Report]


@pytest.fixture
def registrar() -> User:
    return User.objects.create_user("registrar@reports.example", "a long enough password", is_staff=True)


@pytest.fixture
def pages(settings: Settings, tmp_path: Path) -> Path:
    """The folder of the snapshot."""
    settings.PUBLIC_PAGES_DIR = tmp_path / "public-pages"
    return tmp_path / "public-pages"


@pytest.fixture
def make_report(private_files: Path, pages: Path, registrar: User, monkeypatch: pytest.MonkeyPatch) -> MakeReport:
    """Makes a report by its services, at EARLIER; what is looked into elsewhere is taken for sound."""
    monkeypatch.setattr("missions.reports.rules.pdf_fault", lambda data, limits: "")

    def make(
        mission: Mission,
        state: ReportState = ReportState.REGISTERED,
        *,
        until: dt.datetime | None = PRESS_CONFERENCE,
        kind: ReportKind = ReportKind.PRELIMINARY,
        title: str = CANARY,
        languages: tuple[str, ...] = ("en",),
    ) -> Report:
        at = EARLIER
        report = draft_report(mission=mission, kind=kind, title=title, embargo_wished=None, by=None, at=at)
        for language in languages:
            add_file(report=report, language=language, data=pdf(f"{title} {language}"), by=None, at=at)
        if state == ReportState.DRAFT:
            return report
        report = submit_report(report=report, by=None, at=at)
        if state == ReportState.SUBMITTED:
            return report
        report = register_report(report=report, embargo_until=until, by=registrar, at=at)
        if state == ReportState.RETRACTED:
            report = retract_report(report=report, reason="A mistake in it", by=registrar, at=clock.now())
        return report

    return make


def pdf(mark: str = "") -> bytes:
    """A sound file; the mark makes it another one."""
    return papers.pdf() + f"% {mark}\n%%EOF".encode()


def file_of(report: Report, language: str = "en") -> ReportFile:
    return ReportFile.objects.get(report=report, language=language)
