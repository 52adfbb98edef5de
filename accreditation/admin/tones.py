"""Colours of states, and how much time is left, in words. Colour never says what words do not."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accreditation.models import Application
from accreditation.states import QUEUE_STATES, AccreditationState, AgendaOutcome, ApplicationState, Severity
from missions.admin.pages import NOTHING, local_text

_A = ApplicationState
APPLICATION_TONES = {
    _A.SUBMITTED: "info",
    _A.INCOMPLETE: "warning",
    _A.INADMISSIBLE_LATE: "danger",
    _A.UNDER_REVIEW: "info",
    _A.RECOMMENDED: "primary",
    _A.SCHEDULED: "primary",
    _A.ACCREDITED: "success",
    _A.REFUSED: "danger",
    _A.APPEALED: "warning",
    _A.REFUSED_FINAL: "danger",
}
_C = AccreditationState
ACCREDITATION_TONES = {
    _C.ACTIVE: "success",
    _C.SUSPENDED: "warning",
    _C.REVOKED: "danger",
    _C.RETURNED: "info",
    _C.REPLACED: "info",
}
_O = AgendaOutcome
OUTCOME_TONES: dict[str, str] = {_O.ACCREDITED: "success", _O.REFUSED: "danger", _O.DEFERRED: "warning"}
SEVERITY_TONES = {Severity.BLOCK: "danger", Severity.WARN: "warning", Severity.INFO: "info"}

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """What a deadline means now: words, a tone, and the instant itself in the zone of the election."""

    words: str
    tone: str
    local: str


def time_left(application: Application, *, at: datetime) -> TimeLeft | None:
    """How long the decision may still take; None if nothing is to be decided or no law gives a time."""
    due = application.decide_by
    if due is None or application.state not in QUEUE_STATES:
        return None
    local = local_text(due, application.election.zone)
    if due <= at:
        return TimeLeft(_("overdue by %s") % _span(at - due), "danger", local)
    if due - at <= _DAY:
        return TimeLeft(_("due in %s") % _span(due - at), "warning", local)
    return TimeLeft(_("%s left") % _span(due - at), "calm", local)


def time_left_cell(application: Application, *, at: datetime) -> SafeString | str:
    """The same as a cell of a list."""
    left = time_left(application, at=at)
    if left is None:
        return NOTHING
    return format_html(
        '<span class="desk-left desk-{}">{}</span> <span class="desk-muted">{}</span>',
        left.tone,
        left.words,
        left.local,
    )


def findings_cell(blocking: int, others: int) -> SafeString | str:
    """The open findings of an application as a cell of a list: the blocking ones stand out."""
    words = [ngettext("%d blocks", "%d block", blocking) % blocking] if blocking else []
    if others:
        words.append(ngettext("%d other", "%d others", others) % others if blocking else str(others))
    tone = "danger" if blocking else "calm"
    return format_html('<span class="desk-left desk-{}">{}</span>', tone, ", ".join(words)) if words else ""


def _span(span: timedelta) -> str:
    if span >= _DAY:
        return ngettext("%d day", "%d days", span.days) % span.days
    hours = span // _HOUR
    if hours:
        return ngettext("%d hour", "%d hours", hours) % hours
    minutes = span // timedelta(minutes=1)
    return ngettext("%d minute", "%d minutes", minutes) % minutes
