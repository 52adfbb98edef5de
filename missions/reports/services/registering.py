"""From draft to the register and out of it again: one use case for each edge of the table.

Nothing here publishes. Registering sets an instant, and whoever reads compares it with the database's clock.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from missions.kernel.events import record_event
from missions.kernel.integrity import broken_constraint
from missions.kernel.transitions import IllegalTransitionError, ensure_transition
from missions.models import Election, User
from missions.reports.errors import (
    EmbargoOverError,
    EmbargoPastError,
    ReportNumberTakenError,
    ReportReasonMissingError,
    ReportWithoutFileError,
)
from missions.reports.models import Report, ReportFile
from missions.reports.recommendations.services.speaking import ensure_all_speak
from missions.reports.services.changes import pages_changed
from missions.reports.services.locking import lock_report
from missions.reports.states import REPORT_TRANSITIONS, ReportState

#: So close to the end of an embargo it is not moved any more: readers might see the report before the commit.
LAST_CALL = timedelta(milliseconds=250)


def submit_report(*, report: Report, by: User | None, at: datetime) -> Report:
    """Hand the report to the host for registration; title and files are fixed from now on.

    Its recommendations, if it has any yet, speak all languages of its files. Records `report_submitted`. Raises
    ReportWithoutFileError, RecommendationLanguageMissingError, IllegalTransitionError.
    """
    with transaction.atomic():
        locked = _locked_for(report, ReportState.SUBMITTED)
        if not ReportFile.objects.filter(report=locked).exists():
            raise ReportWithoutFileError
        ensure_all_speak(locked)
        _write(locked, ReportState.SUBMITTED, "report_submitted", by=by, at=at, submitted_at=at)
    return locked


def reopen_report(*, report: Report, reason: str, by: User | None, at: datetime) -> Report:
    """Make a submitted report a draft again: taken back by its mission, or sent back by the host with a reason.

    Records `report_reopened`. Raises IllegalTransitionError.
    """
    with transaction.atomic():
        locked = _locked_for(report, ReportState.DRAFT)
        _write(locked, ReportState.DRAFT, "report_reopened", by=by, at=at, reason=reason)
    return locked


def register_report(*, report: Report, embargo_until: datetime | None, by: User, at: datetime) -> Report:
    """Enter the report under the next number of its election; it is public from the instant on, or at once if None.

    Records `report_registered`. Raises EmbargoPastError, ReportNumberTakenError, IllegalTransitionError.
    """
    if embargo_until is not None and embargo_until <= at:
        raise EmbargoPastError
    try:
        with transaction.atomic():
            locked = _locked_for(report, ReportState.REGISTERED)
            _write(
                locked,
                ReportState.REGISTERED,
                "report_registered",
                by=by,
                at=at,
                number=_next_number(locked.election),
                embargo_until=embargo_until or at,
                registered_at=at,
                registered_by=by,
            )
            pages_changed()
    except IntegrityError as error:
        if broken_constraint(error, Report) == "report_number_once":
            raise ReportNumberTakenError from error
        raise
    return locked


def move_embargo(*, report: Report, embargo_until: datetime | None, reason: str, by: User, at: datetime) -> Report:
    """Let the embargo end at another instant. One that is over, or None, publishes the report now.

    Either the report was never readable before the new instant, or nothing is moved: in the last quarter of a second
    before the old instant it is refused, and so it is if the change itself takes until then. Records `embargo_moved`,
    or `embargo_lifted` if the report is public with that. Raises EmbargoOverError, ReportReasonMissingError,
    IllegalTransitionError.
    """
    _ensure_reason(reason)
    is_lifted = embargo_until is None or embargo_until <= at
    until = at if embargo_until is None or is_lifted else embargo_until
    with transaction.atomic():
        locked = lock_report(report)
        if locked.state != ReportState.REGISTERED:
            raise IllegalTransitionError(ReportState(locked.state), ReportState.REGISTERED)
        former = locked.embargo_until
        record_event(
            "embargo_lifted" if is_lifted else "embargo_moved",
            locked,
            by=by,
            at=at,
            scope_id=locked.mission_id,
            changed=["embargo_until"],
            reason=f"{_iso(former)} → {_iso(until)}. {reason}",
        )
        pages_changed()
        # The last statement, and by the database's clock: what comes after it is the commit alone.
        held = Report.objects.embargoed(margin=LAST_CALL).filter(pk=locked.pk)
        if not held.update(embargo_until=until, version=locked.version + 1):
            raise EmbargoOverError
    locked.refresh_from_db()
    return locked


def retract_report(*, report: Report, reason: str, by: User, at: datetime) -> Report:
    """Take a registered report out of the public's hands. If it was public, its page says so and gives the reason.

    Records `report_retracted`. Raises ReportReasonMissingError, IllegalTransitionError.
    """
    _ensure_reason(reason)
    with transaction.atomic():
        locked = _locked_for(report, ReportState.RETRACTED)
        facts = {"retracted_at": at, "retraction_reason": reason.strip()}
        _write(locked, ReportState.RETRACTED, "report_retracted", by=by, at=at, reason=reason.strip(), **facts)
        pages_changed()
    return locked


def _ensure_reason(reason: str) -> None:
    if not reason.strip():
        raise ReportReasonMissingError


def _locked_for(report: Report, target: ReportState) -> Report:
    locked = lock_report(report)
    ensure_transition(REPORT_TRANSITIONS, ReportState(locked.state), target)
    return locked


def _write(
    report: Report,
    state: ReportState,
    verb: str,
    *,
    by: User | None,
    at: datetime,
    reason: str = "",
    **facts: Any,
) -> None:
    former = report.state
    for name, value in {**facts, "state": state, "version": report.version + 1}.items():
        setattr(report, name, value)
    report.save(update_fields=["state", "version", *facts])
    record_event(
        verb,
        report,
        by=by,
        at=at,
        scope_id=report.mission_id,
        from_state=former,
        to_state=state,
        reason=reason,
    )


def _next_number(election: Election) -> int:
    """Under the election's lock, so that numbers follow each other."""
    Election.objects.select_for_update(no_key=True).only("pk").get(pk=election.pk)
    highest: int | None = Report.objects.filter(election=election).aggregate(highest=Max("number"))["highest"]
    return (highest or 0) + 1


def _iso(at: datetime | None) -> str:
    return at.isoformat(timespec="seconds") if at else ""
