"""Drafts: what a mission prepares before it hands its report in. The host sees nothing of it."""

import hashlib
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from missions.kernel.errors import MissingError, Violation
from missions.kernel.events import record_event
from missions.kernel.files import erase_after_commit, kept_file
from missions.models import Mission, User
from missions.reports import rules
from missions.reports.errors import EmbargoPastError, ReportNotDraftError
from missions.reports.models import Report, ReportFile
from missions.reports.services.locking import lock_report
from missions.reports.states import ReportKind, ReportState

#: The folder of the private storage.
FOLDER = "reports"


def draft_report(
    *, mission: Mission, kind: ReportKind, title: str, embargo_wished: datetime | None, by: User | None, at: datetime
) -> Report:
    """A new report of the mission, without files. Records `report_drafted`, for the mission's own eyes.

    Raises EmbargoPastError.
    """
    _ensure_ahead(embargo_wished, at)
    with transaction.atomic():
        report = Report.objects.create(
            election_id=mission.election_id,
            mission=mission,
            kind=kind,
            title=title,
            embargo_wished=embargo_wished,
            drafted_at=at,
        )
        _record("report_drafted", report, by=by, at=at, to_state=ReportState.DRAFT)
    return report


def change_draft(
    *, report: Report, title: str, embargo_wished: datetime | None, by: User | None, at: datetime
) -> Report:
    """Another title, or another wish for the embargo. Records `report_changed` if anything is new.

    A wish that time has passed by may stay. Raises ReportNotDraftError, EmbargoPastError.
    """
    with transaction.atomic():
        locked = _lock_draft(report)
        wanted = {"title": title, "embargo_wished": embargo_wished}
        changed = [name for name, value in wanted.items() if getattr(locked, name) != value]
        if "embargo_wished" in changed:
            _ensure_ahead(embargo_wished, at)
        if changed:
            for name in changed:
                setattr(locked, name, wanted[name])
            locked.version += 1
            locked.save(update_fields=[*changed, "version"])
            _record("report_changed", locked, by=by, at=at, changed=changed)
    return locked


def _ensure_ahead(embargo_wished: datetime | None, at: datetime) -> None:
    if embargo_wished is not None and embargo_wished < at:
        detail = _("This instant is over; leave it out to have the report published at once.")
        raise EmbargoPastError(detail, violations=[Violation("embargo_wished", "embargo-past", detail)])


def add_file(*, report: Report, language: str, data: bytes, by: User | None, at: datetime) -> ReportFile:
    """Check a file and keep it as the report in that language; a former one is erased. The same again changes nothing.

    Records `report_file_added` or `report_file_replaced`. Raises ReportFileRefusedError and its kinds,
    ReportNotDraftError, NoSpaceError.
    """
    if report.state != ReportState.DRAFT:
        raise ReportNotDraftError
    rules.ensure_known_language(language)
    rules.ensure_publishable(data)
    digest = hashlib.sha256(data).hexdigest()
    same = ReportFile.objects.filter(report=report, language=language, sha256=digest).first()
    if same is not None:
        return same
    with kept_file(data, folder=FOLDER) as name, transaction.atomic():
        locked = _lock_draft(report)
        former = ReportFile.objects.filter(report=locked, language=language).first()
        if former is not None:
            _drop(former)
        file = ReportFile.objects.create(
            report=locked,
            language=language,
            name_in_storage=name,
            size=len(data),
            sha256=digest,
            created_at=at,
            uploaded_by=by,
        )
        _grow(locked)
        verb = "report_file_replaced" if former else "report_file_added"
        _record(verb, locked, by=by, at=at, changed=[language])
    return file


def remove_file(*, report: Report, language: str, by: User | None, at: datetime) -> Report:
    """Erase the file of one language. Records `report_file_removed`. Raises ReportNotDraftError, MissingError."""
    with transaction.atomic():
        locked = _lock_draft(report)
        file = ReportFile.objects.filter(report=locked, language=language).first()
        if file is None:
            raise MissingError
        _drop(file)
        _grow(locked)
        _record("report_file_removed", locked, by=by, at=at, changed=[language])
    return locked


def _lock_draft(report: Report) -> Report:
    locked = lock_report(report)
    if locked.state != ReportState.DRAFT:
        raise ReportNotDraftError
    return locked


def _grow(report: Report) -> None:
    report.version += 1
    report.save(update_fields=["version"])


def _drop(file: ReportFile) -> None:
    file.delete()
    erase_after_commit(file.name_in_storage)


def _record(
    verb: str, report: Report, *, by: User | None, at: datetime, to_state: str = "", changed: list[str] | None = None
) -> None:
    """What a mission does to its draft is its own affair."""
    record_event(
        verb,
        report,
        by=by,
        at=at,
        scope_id=report.mission_id,
        to_state=to_state,
        changed=changed or [],
        is_private=True,
    )
