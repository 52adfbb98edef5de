"""The application's way to the decision, one function per edge: submission, papers, review, withdrawal.

Every function locks the application, checks the table and the rules, writes, and appends one event per edge in the
same transaction. `by` is the acting person, `at` the instant of the act. Each returns the stored application and
raises MissingError, IllegalTransitionError, and what its own text names.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accreditation import rules
from accreditation.errors import (
    ApplicationIncompleteError,
    BlockingFindingsError,
    FindingClosedError,
    NoDocumentNamedError,
    PapersNotTakenError,
    ReasonMissingError,
)
from accreditation.models import Application, Document, Finding
from accreditation.services.moves import (
    Step,
    lock_application,
    lock_application_and_mission,
    move_application,
    present_election_day,
)
from accreditation.services.paper_files import drop_documents
from accreditation.services.profiles import profile_of
from accreditation.services.quotas import free_place
from accreditation.services.vetting import (
    local_day,
    missing_documents,
    note_missing_profile,
    vet_locked,
)
from accreditation.states import ApplicationState, DocumentKind, Severity
from accreditation.vetting.sentences import sentence_of
from missions.kernel.doorbell import ring_after_commit
from missions.kernel.errors import Violation
from missions.kernel.events import record_event
from missions.law.profile import RuleProfile
from missions.models import User

_S = ApplicationState
_CLOCKS = ("complete_since", "decide_by")
#: Rung when somebody becomes due a mail.
REMINDERS_BELL = "reminders.plan_due"


def submit_application(*, application: Application, by: User, at: datetime) -> Application:
    """Submit a draft, and judge it at once: late becomes inadmissible, without its papers incomplete.

    Stores the instant of submission and the legal deadline as it is now. Where the law is not known, nothing is
    late or missing and a finding says so. Raises ApplicationIncompleteError for one that waits for papers.
    """
    with transaction.atomic():
        locked = lock_application(application, to=_S.SUBMITTED)
        if locked.state == _S.INCOMPLETE:
            raise ApplicationIncompleteError
        profile = profile_of(locked.election)
        received = set(locked.documents.values_list("kind", flat=True))
        missing = missing_documents(locked, profile, received)
        filing = rules.judge_filing(
            profile, locked.category, e_day=present_election_day(locked), submitted_at=at, scope=locked.scope
        )
        locked.submitted_at, locked.deadline_at = at, filing.deadline_at
        steps = [Step(_S.SUBMITTED, "submitted")]
        if not filing.in_time:
            steps.append(Step(_S.INADMISSIBLE_LATE, "found_late"))
        elif missing:
            steps.append(Step(_S.INCOMPLETE, "found_incomplete", reason=", ".join(missing)))
        else:
            _start_clock(locked, profile, at)
        move_application(locked, *steps, by=by, at=at, changed=("submitted_at", "deadline_at", *_CLOCKS))
        if profile is None:
            note_missing_profile(locked, at=at)
        ring_after_commit(REMINDERS_BELL)
    return locked


def receive_document(*, application: Application, kind: DocumentKind, by: User | None, at: datetime) -> Application:
    """Note that a document has arrived; an incomplete application that is now complete is submitted again.

    A document that is there already changes nothing. `by` may be None only for one that the desk has not asked
    for. Raises PapersNotTakenError after the recommendation.
    """
    with transaction.atomic():
        locked = lock_application(application)
        if locked.state not in rules.TAKES_PAPERS:
            raise PapersNotTakenError
        received = set(locked.documents.values_list("kind", flat=True))
        if kind in received:
            return locked
        Document.objects.create(application=locked, kind=kind, received_on=local_day(locked.election, at))
        paper_arrived(locked, kind, verb="document_received", by=by, at=at)
    return locked


def paper_arrived(
    application: Application, kind: DocumentKind, *, verb: str, by: User | None, at: datetime, reason: str = ""
) -> None:
    """What follows when a document of a locked application has been stored: event, findings, and perhaps its way on.

    Closes the finding that asked for it, submits an incomplete application that is now complete, and vets one under
    review again.
    """
    scope_id = application.nomination.mission_id
    record_event(verb, application, by=by, at=at, scope_id=scope_id, changed=[str(kind.value)], reason=reason)
    Finding.objects.filter(application=application, code=f"{rules.ASKED}{kind}", closed_at=None).update(
        closed_by=by, closed_at=at, note=_("The document has arrived.")
    )
    if application.state == _S.INCOMPLETE:
        received = set(application.documents.values_list("kind", flat=True))
        _resubmit_if_complete(application, received, by=by, at=at)
    elif application.state == _S.UNDER_REVIEW:
        vet_locked(application, by=by, at=at)


def ask_for_documents(
    *, application: Application, kinds: Collection[DocumentKind], by: User, at: datetime, reason: str = ""
) -> Application:
    """Send an application back for documents, and stop the decision's clock.

    What is there of these kinds is put aside, and its files are erased: a new one must come, and until then a
    finding says so, with the reason, which the mission reads. Raises NoDocumentNamedError if no kind is given.
    """
    if not kinds:
        raise NoDocumentNamedError
    with transaction.atomic():
        locked = lock_application(application, to=_S.INCOMPLETE)
        codes = sorted(str(kind.value) for kind in kinds)
        drop_documents(locked.documents.filter(kind__in=codes))
        Finding.objects.filter(application=locked, code__in=[f"{rules.ASKED}{code}" for code in codes]).delete()
        Finding.objects.bulk_create(_asked(locked, DocumentKind(code), reason.strip(), at) for code in codes)
        locked.complete_since = locked.decide_by = None
        step = Step(_S.INCOMPLETE, "documents_asked", reason=reason.strip() or ", ".join(codes))
        move_application(locked, step, by=by, at=at, changed=_CLOCKS)
        ring_after_commit(REMINDERS_BELL)
    return locked


def open_review(*, application: Application, by: User, at: datetime) -> Application:
    """Take a submitted application into review, and vet it: its findings are stored or brought up to date."""
    with transaction.atomic():
        locked = lock_application(application, to=_S.UNDER_REVIEW, only_from=(_S.SUBMITTED,))
        move_application(locked, Step(_S.UNDER_REVIEW, "review_opened"), by=by, at=at)
        vet_locked(locked, by=by, at=at)
    return locked


def close_finding(*, finding: Finding, note: str, by: User, at: datetime) -> Finding:
    """Close a finding with a note. Records one event on the application.

    Raises ReasonMissingError without a note and FindingClosedError if somebody closed it before.
    """
    if not note.strip():
        raise ReasonMissingError(violations=[Violation("note", "note-missing", _("Say why the finding is closed."))])
    with transaction.atomic():
        application = lock_application(finding.application)
        open_one = Finding.objects.filter(pk=finding.pk, closed_at=None).first()
        if open_one is None:
            raise FindingClosedError
        open_one.closed_by, open_one.closed_at, open_one.note = by, at, note.strip()
        open_one.save(update_fields=["closed_by", "closed_at", "note"])
        record_event(
            "finding_closed",
            application,
            by=by,
            at=at,
            scope_id=application.nomination.mission_id,
            changed=[open_one.code],
            reason=open_one.note,
        )
    return open_one


def recommend_application(*, application: Application, by: User, at: datetime) -> Application:
    """Lay a reviewed application before those who decide; `by` becomes its reviewer.

    It is vetted once more first, since others may have been nominated after the review was opened; what is found
    stays, whether the recommendation goes through or not. Raises BlockingFindingsError while a blocking finding is
    open.
    """
    with transaction.atomic():
        vet_locked(lock_application(application, to=_S.RECOMMENDED), by=by, at=at)
    with transaction.atomic():
        locked = lock_application(application, to=_S.RECOMMENDED)
        ensure_no_open_blocks(locked)
        locked.reviewed_by = by
        move_application(locked, Step(_S.RECOMMENDED, "recommended"), by=by, at=at, changed=("reviewed_by",))
    return locked


def grant_late_leave(*, application: Application, reason: str, by: User, at: datetime) -> Application:
    """Admit a late application to review all the same, and vet it. Both instants of its lateness stay.

    Raises ReasonMissingError without a reason.
    """
    if not reason.strip():
        raise ReasonMissingError
    with transaction.atomic():
        locked = lock_application(application, to=_S.UNDER_REVIEW, only_from=(_S.INADMISSIBLE_LATE,))
        _start_clock(locked, profile_of(locked.election), at)
        step = Step(_S.UNDER_REVIEW, "late_leave_granted", reason=reason.strip())
        move_application(locked, step, by=by, at=at, changed=_CLOCKS)
        vet_locked(locked, by=by, at=at)
    return locked


def withdraw_application(*, application: Application, by: User, at: datetime, reason: str = "") -> Application:
    """Withdraw an application before its decision, for good, and give the mission its place back."""
    with transaction.atomic():
        locked = lock_application_and_mission(application, to=_S.WITHDRAWN)
        move_application(locked, Step(_S.WITHDRAWN, "withdrawn", reason=reason.strip()), by=by, at=at)
        free_place(locked.nomination)
    return locked


def ensure_no_open_blocks(application: Application) -> None:
    """Raise BlockingFindingsError, naming each, if blocking findings of the application are open."""
    if error := open_blocks([application]).get(application.pk):
        raise error


def open_blocks(applications: Sequence[Application]) -> dict[int, BlockingFindingsError]:
    """For each of the applications with open blocking findings the error that names them. One query."""
    rows = Finding.objects.filter(application__in=applications, severity=Severity.BLOCK, closed_at=None)
    found: dict[int, list[tuple[str, str]]] = {}
    for row in rows.order_by("pk"):
        sentence = sentence_of(row.code, row.evidence, otherwise=row.sentence)
        found.setdefault(row.application_id, []).append((row.code, sentence))
    return {pk: BlockingFindingsError(violations=rules.open_findings_violations(rows)) for pk, rows in found.items()}


def _start_clock(application: Application, profile: RuleProfile | None, at: datetime) -> None:
    application.complete_since = at
    application.decide_by = rules.decision_due(
        profile, application.category, complete_since=at, e_day=present_election_day(application)
    )


def _resubmit_if_complete(
    application: Application, received: Collection[str], *, by: User | None, at: datetime
) -> None:
    profile = profile_of(application.election)
    awaited = application.findings.filter(code__startswith=rules.ASKED, closed_at=None).exists()
    if awaited or missing_documents(application, profile, received):
        return
    _start_clock(application, profile, at)
    move_application(application, Step(_S.SUBMITTED, "completed"), by=by, at=at, changed=_CLOCKS)


def _asked(application: Application, kind: DocumentKind, reason: str, at: datetime) -> Finding:
    return Finding(
        application=application,
        code=f"{rules.ASKED}{kind}",
        severity=Severity.BLOCK,
        sentence=_("The desk asked for: %(document)s.") % {"document": kind.label},
        evidence={"document": kind, "reason": reason} if reason else {"document": kind},
        found_at=at,
    )
