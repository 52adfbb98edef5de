"""Reading files for those who may before everybody does, and clearing away those that no row speaks of."""

from dataclasses import dataclass, field
from datetime import datetime

from missions.kernel.events import record_event
from missions.kernel.files import erase_forgotten, forgotten, read_file_bytes
from missions.models import User
from missions.reports.models import ReportFile
from missions.reports.services.drafts import FOLDER


@dataclass(frozen=True, slots=True)
class ReportFileContent:
    """A file as it is handed out, under a name that is made here."""

    data: bytes = field(repr=False)
    name: str


def read_report_file(*, file: ReportFile, by: User, at: datetime) -> ReportFileContent:
    """The file, and the event that this person has read it, for the mission's own eyes. Raises FileLostError."""
    data = read_file_bytes(file.name_in_storage)
    report = file.report
    record_event(
        "report_file_read", report, by=by, at=at, scope_id=report.mission_id, changed=[file.language], is_private=True
    )
    return ReportFileContent(data, f"report-{report.pk}-{file.language}.pdf")


def sweep_report_files() -> int:
    """Erase files that no row speaks of, such as a crash leaves behind; returns how many."""
    known = set(ReportFile.objects.values_list("name_in_storage", flat=True))
    names = forgotten(FOLDER, known=known)
    erase_forgotten(names)
    return len(names)
