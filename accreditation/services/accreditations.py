"""The life of an accreditation, one function per edge.

Every function locks the row, checks the table and the rules, writes the state and its reason, and appends one event.
Each returns the stored accreditation and raises MissingError, IllegalTransitionError and what its own text names.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from accreditation import rules
from accreditation.errors import AppliedAgainError, OnePerCommissionError, ReasonMissingError, StillValidError
from accreditation.models import Accreditation, Application
from accreditation.services.drafts import NominationDraft
from accreditation.services.moves import lock_application_and_mission
from accreditation.services.nominations import nominate_observers
from accreditation.services.profiles import profile_of
from accreditation.services.quotas import free_place, place_refusal, take_place
from accreditation.states import ACCREDITATION_TRANSITIONS, LIVE_ACCREDITATION_STATES, AccreditationState, Category
from missions.kernel.errors import DomainError, MissingError
from missions.kernel.events import record_event
from missions.kernel.integrity import broken_constraint
from missions.kernel.transitions import IllegalTransitionError, ensure_transition
from missions.models import User

_S = AccreditationState


def suspend_accreditation(*, accreditation: Accreditation, reason: str, by: User, at: datetime) -> Accreditation:
    """Stop an accreditation for the time being. Raises ReasonMissingError without a reason."""
    return _walk(accreditation, _S.SUSPENDED, "suspended", reason=_given(reason), by=by, at=at)


def reinstate_accreditation(*, accreditation: Accreditation, reason: str, by: User, at: datetime) -> Accreditation:
    """Let a suspended accreditation count again. Raises ReasonMissingError without a reason."""
    origin = (_S.SUSPENDED,)
    return _walk(accreditation, _S.ACTIVE, "reinstated", reason=_given(reason), by=by, at=at, only_from=origin)


def restore_accreditation(*, accreditation: Accreditation, reason: str, by: User, at: datetime) -> Accreditation:
    """Undo a revocation because an appeal was upheld; the person holds a place of the mission again.

    Raises ReasonMissingError without a reason, AppliedAgainError if there is a newer application of the person,
    OnePerCommissionError, CeilingReachedError if somebody else got the place.
    """
    origin = (_S.REVOKED,)
    return _walk(accreditation, _S.ACTIVE, "restored", reason=_given(reason), by=by, at=at, only_from=origin)


def revoke_accreditation(*, accreditation: Accreditation, reason: str, by: User, at: datetime) -> Accreditation:
    """Take an accreditation away. Raises ReasonMissingError without a reason.

    The bare edge: that two people stand behind it is for `accreditation.services.revocations` to see to.
    """
    return _walk(accreditation, _S.REVOKED, "revoked", reason=_given(reason), by=by, at=at)


def return_accreditation(*, accreditation: Accreditation, by: User, at: datetime, reason: str = "") -> Accreditation:
    """Take back an accreditation that the mission hands in; its place is free for somebody else."""
    return _walk(accreditation, _S.RETURNED, "returned", reason=reason.strip(), by=by, at=at)


def replace_accreditation(
    *,
    accreditation: Accreditation,
    by: User,
    at: datetime,
    reason: str = "",
    successor: NominationDraft | None = None,
) -> Accreditation:
    """End an accreditation because the mission sends somebody else; its place is free for that person.

    With `successor` that person is nominated in the same transaction, in the same category, and gets the place before
    anybody else can: both are done or none. Raises as `nominate_observers` does.
    """
    with transaction.atomic():
        ended = _walk(accreditation, _S.REPLACED, "replaced", reason=reason.strip(), by=by, at=at)
        if successor is not None:
            mission = accreditation.application.nomination.mission
            category = Category(ended.category)
            nominate_observers(mission=mission, drafts=[successor], by=by, at=at, category=category)
    return ended


def expire_accreditation(*, accreditation: Accreditation, by: User | None, at: datetime) -> Accreditation:
    """End an accreditation by the event or the term that the law names. Raises StillValidError before that."""
    election = accreditation.election
    if not rules.has_ended(
        profile_of(election),
        accreditation.category,
        valid_from=accreditation.valid_from,
        results_published_at=election.results_published_at,
        at=at,
    ):
        raise StillValidError
    return _walk(accreditation, _S.EXPIRED, "expired", reason="", by=by, at=at)


def _walk(
    accreditation: Accreditation,
    target: AccreditationState,
    verb: str,
    *,
    reason: str,
    by: User | None,
    at: datetime,
    only_from: Collection[AccreditationState] = (),
) -> Accreditation:
    try:
        with transaction.atomic():
            nomination = lock_application_and_mission(accreditation.application).nomination
            locked = _lock(accreditation)
            source = AccreditationState(locked.state)
            ensure_transition(ACCREDITATION_TRANSITIONS, source, target)
            if only_from and source not in only_from:
                raise IllegalTransitionError(source, target)
            locked.state, locked.reason = target, reason
            locked.ended_at = None if target in LIVE_ACCREDITATION_STATES else at
            locked.save(update_fields=["state", "reason", "ended_at"])
            Application.objects.filter(pk=locked.application_id).update(
                closed_at=locked.ended_at, version=F("version") + 1
            )
            scope_id = nomination.mission_id
            record_event(
                verb, locked, by=by, at=at, scope_id=scope_id, from_state=source, to_state=target, reason=reason
            )
            if target in rules.FREES_PLACE:
                free_place(nomination)
            elif target in LIVE_ACCREDITATION_STATES:
                take_place(nomination)
    except IntegrityError as error:
        raise _named(error) from error
    return locked


def _lock(accreditation: Accreditation) -> Accreditation:
    rows = Accreditation.objects.select_for_update(of=("self",), no_key=True).select_related("observer")
    try:
        return rows.defer("observer__passport_number", "observer__mrz").get(pk=accreditation.pk)
    except Accreditation.DoesNotExist:
        raise MissingError from None


def _named(error: IntegrityError) -> DomainError:
    match broken_constraint(error, Accreditation, Application):
        case "application_one_live" | "accreditation_one_live":
            return AppliedAgainError()
        case "application_one_per_commission":
            return OnePerCommissionError()
    if refusal := place_refusal(error):
        return refusal
    raise error


def _given(reason: str) -> str:
    if not reason.strip():
        raise ReasonMissingError
    return reason.strip()
