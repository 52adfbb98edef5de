"""The decision of the commission, taken by somebody else than the reviewer: accreditation with a number, or refusal."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max

from accreditation import rules
from accreditation.errors import (
    AlreadyAccreditedError,
    NotOnAgendaError,
    NotReviewedError,
    RefusalNotGroundedError,
    RegisterChangedError,
    SamePersonDecidesError,
    SessionRequiredError,
)
from accreditation.models import Accreditation, Application, CommissionSession, Decision
from accreditation.services.applications import ensure_no_open_blocks
from accreditation.services.moves import Step, lock_application, lock_application_and_mission, move_application
from accreditation.services.profiles import profile_of, required_profile_of
from accreditation.services.quotas import free_place
from accreditation.states import APPLICATION_TRANSITIONS, AccreditationState, ApplicationState, Outcome
from missions.kernel.errors import DomainError
from missions.kernel.events import EventDraft
from missions.kernel.integrity import broken_constraint
from missions.kernel.transitions import ensure_transition
from missions.models import Election, User

_S = ApplicationState


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a session says about one application; a refusal has a ground of the profile and reasons."""

    application_id: int
    outcome: Outcome
    ground: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class VerdictResult:
    """What became of one verdict: carried out if `code` is empty, else the stable code of the refusal and why."""

    application_id: int
    code: str = ""
    detail: str = ""


def accredit_application(*, application: Application, by: User, at: datetime) -> Accreditation:
    """Accredit the person under the next number of the election and category; numbers have no gaps.

    Records a decision, and one event each on application and accreditation. Raises SamePersonDecidesError,
    SessionRequiredError (unless the law is known to decide without), BlockingFindingsError, AlreadyAccreditedError,
    RegisterChangedError, IllegalTransitionError, MissingError.
    """
    try:
        with transaction.atomic():
            locked = lock_application(application, to=_S.ACCREDITED)
            _ensure_session(locked)
            ensure_no_open_blocks(locked)
            _record_decision(locked, Outcome.ACCREDITED, by=by, at=at)
            accreditation = Accreditation.objects.create(
                election=locked.election,
                observer=locked.observer,
                application=locked,
                category=locked.category,
                number=_next_number(locked.election, locked.category),
                valid_from=at,
            )
            issued = EventDraft(
                verb="accreditation_issued",
                obj=accreditation,
                scope_id=locked.nomination.mission_id,
                to_state=AccreditationState.ACTIVE,
            )
            move_application(locked, Step(_S.ACCREDITED, "accredited"), by=by, at=at, besides=[issued])
    except IntegrityError as error:
        raise _named(error) from error
    return accreditation


def refuse_application(*, application: Application, ground: str, text: str, by: User, at: datetime) -> Decision:
    """Refuse the person on a ground of the rule profile, with reasons; after an appeal the refusal is final.

    A final refusal gives the mission its place back. Raises RefusalNotGroundedError, ElectionWithoutProfileError,
    SamePersonDecidesError, SessionRequiredError, IllegalTransitionError, MissingError.
    """
    try:
        with transaction.atomic():
            locked = lock_application_and_mission(application)
            target = _S.REFUSED_FINAL if locked.state == _S.APPEALED else _S.REFUSED
            ensure_transition(APPLICATION_TRANSITIONS, ApplicationState(locked.state), target)
            _ensure_session(locked)
            violations = rules.refusal_violations(required_profile_of(locked.election), ground=ground, text=text)
            if violations:
                raise RefusalNotGroundedError(violations=violations)
            decision = _record_decision(locked, Outcome.REFUSED, by=by, at=at, ground=ground, text=text.strip())
            move_application(locked, Step(target, "refused", reason=text.strip()), by=by, at=at)
            if target == _S.REFUSED_FINAL:
                free_place(locked.nomination)
    except IntegrityError as error:
        raise _named(error) from error
    return decision


def decide_session(
    *, session: CommissionSession, verdicts: Iterable[Verdict], by: User, at: datetime
) -> list[VerdictResult]:
    """Carry out the verdicts of a session one by one; a refused one stops none of the others.

    Each is a transaction of its own. The results are in the order of the verdicts.
    """
    agenda = {row.pk: row for row in session.applications.filter(state=_S.SCHEDULED).select_related("nomination")}
    return [_carry_out(verdict, agenda.get(verdict.application_id), by=by, at=at) for verdict in verdicts]


def _carry_out(verdict: Verdict, application: Application | None, *, by: User, at: datetime) -> VerdictResult:
    try:
        if application is None:
            raise NotOnAgendaError
        if verdict.outcome is Outcome.ACCREDITED:
            accredit_application(application=application, by=by, at=at)
        else:
            refuse_application(application=application, ground=verdict.ground, text=verdict.text, by=by, at=at)
    except DomainError as error:
        return VerdictResult(verdict.application_id, error.code, error.detail)
    return VerdictResult(verdict.application_id)


def _other_reviewer(application: Application, *, by: User) -> int:
    """The reviewer, who is somebody else than the person deciding."""
    if application.reviewed_by_id is None:
        raise NotReviewedError
    if application.reviewed_by_id == by.pk:
        raise SamePersonDecidesError
    return application.reviewed_by_id


def _ensure_session(application: Application) -> None:
    if application.state != _S.RECOMMENDED:
        return
    if not rules.decides_without_session(profile_of(application.election), application.category):
        raise SessionRequiredError


def _record_decision(
    application: Application, outcome: Outcome, *, by: User, at: datetime, ground: str = "", text: str = ""
) -> Decision:
    return Decision.objects.create(
        application=application,
        outcome=outcome,
        ground=ground,
        text=text,
        session_id=application.session_id,
        reviewed_by_id=_other_reviewer(application, by=by),
        decided_by=by,
        decided_at=at,
    )


def _next_number(election: Election, category: str) -> int:
    """One more than the highest number; the lock on the election makes the others wait for theirs."""
    Election.objects.select_for_update(no_key=True).only("pk").get(pk=election.pk)
    issued = Accreditation.objects.filter(election=election, category=category)
    highest: int | None = issued.aggregate(highest=Max("number"))["highest"]
    return (highest or 0) + 1


def _named(error: IntegrityError) -> DomainError:
    match broken_constraint(error, Accreditation, Decision):
        case "decision_by_two_people":
            return SamePersonDecidesError()
        case "accreditation_one_live":
            return AlreadyAccreditedError()
        case "accreditation_number_once":
            return RegisterChangedError()
        case _:
            raise error
