"""Taking accreditations away, by two people: one proposes, another decides; until then nothing has happened.

It concerns one person, or all people whom an organization's missions sent. For an organization the decision bars new
accreditations from the moment that it is recorded; the accreditations that live then end in chunks after it, and
`carry_out_revocation` takes that up if it was interrupted.
"""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from accreditation import rules
from accreditation.errors import (
    ProposerDecidesError,
    RevocationClosedError,
    RevocationNotGroundedError,
    RevocationProposedError,
    SessionOfAnotherElectionError,
)
from accreditation.models import Accreditation, CommissionSession, Revocation
from accreditation.services.endings import EndingResult, end_accreditations
from accreditation.services.moves import chunks
from accreditation.services.profiles import profile_of
from accreditation.services.verdicts import lock_election
from accreditation.services.voting import ensure_held
from accreditation.states import ACCREDITATION_TRANSITIONS, AccreditationState
from missions.kernel.doorbell import ring_after_commit
from missions.kernel.errors import MissingError
from missions.kernel.events import record_event
from missions.kernel.integrity import broken_constraint
from missions.kernel.transitions import ensure_transition
from missions.models import Election, Organization, User

_S = AccreditationState
_BELL = "reminders.plan_due"


def propose_revocation(*, accreditation: Accreditation, ground: str, text: str, by: User, at: datetime) -> Revocation:
    """Propose to take one accreditation away. Records `revocation_proposed`.

    Raises RevocationNotGroundedError, RevocationProposedError, IllegalTransitionError if it has ended.
    """
    ensure_transition(ACCREDITATION_TRANSITIONS, _S(accreditation.state), _S.REVOKED)
    draft = Revocation(election=accreditation.election, subject=accreditation)
    return _propose(draft, ground=ground, text=text, by=by, at=at)


def propose_revocation_of_organization(
    *, organization: Organization, election: Election, ground: str, text: str, by: User, at: datetime
) -> Revocation:
    """Propose to take the accreditations of everybody away whom the organization sent to the election.

    Records `revocation_proposed`. Raises RevocationNotGroundedError, RevocationProposedError.
    """
    draft = Revocation(election=election, organization=organization)
    return _propose(draft, ground=ground, text=text, by=by, at=at)


def decide_revocation(
    *, revocation: Revocation, by: User, at: datetime, session: CommissionSession | None = None
) -> list[EndingResult]:
    """Take the accreditations away; returns a result for each, also for those that had ended before.

    Records `revocation_decided`, and one event for each accreditation. Raises ProposerDecidesError,
    RevocationClosedError, SessionOfAnotherElectionError, SessionNotHeldYetError, MissingError, and, for one person,
    IllegalTransitionError if the accreditation has ended meanwhile.
    """
    try:
        with transaction.atomic():
            locked = _lock_open(revocation)
            if locked.proposed_by_id == by.pk:
                raise ProposerDecidesError
            if session is not None:
                _ensure_session(session, locked, at)
            if locked.subject is None:
                lock_election(locked.election_id)
            locked.session, locked.decided_by, locked.decided_at = session, by, at
            locked.save(update_fields=["session", "decided_by", "decided_at"])
            record_event("revocation_decided", locked, by=by, at=at, reason=locked.text)
            ring_after_commit(_BELL)
            if locked.subject is not None:
                return _revoke_one(locked, locked.subject, by=by, at=at)
    except IntegrityError as error:
        if broken_constraint(error, Revocation) == "revocation_by_two_people":
            raise ProposerDecidesError from error
        raise
    return carry_out_revocation(revocation=locked, by=by, at=at)


def carry_out_revocation(*, revocation: Revocation, by: User, at: datetime) -> list[EndingResult]:
    """End what still lives of a decided revocation of an organization; returns a result for each accreditation.

    An accreditation that was restored since is left alone: an appeal against this very revocation was upheld.
    Raises RevocationClosedError unless it was decided.
    """
    if revocation.decided_at is None:
        raise RevocationClosedError
    sent = Accreditation.objects.filter(_sent_by(revocation)).order_by("number", "pk")
    keys = sent.exclude(revocation=revocation).values_list("pk", flat=True)
    results = []
    for chunk in chunks(list(keys)):
        with transaction.atomic():
            results += end_accreditations(
                chunk, _S.REVOKED, "revoked", by=by, at=at, reason=revocation.text, revocation=revocation
            )
    return results


def drop_revocation(*, revocation: Revocation, reason: str, by: User, at: datetime) -> Revocation:
    """Put a proposal aside. Records `revocation_dropped`. Raises RevocationClosedError, MissingError."""
    with transaction.atomic():
        locked = _lock_open(revocation)
        locked.dropped_at = at
        locked.save(update_fields=["dropped_at"])
        record_event("revocation_dropped", locked, by=by, at=at, reason=reason.strip())
    return locked


def live_accreditations_of(revocation: Revocation) -> int:
    """How many accreditations the decision would take away now."""
    return Accreditation.objects.live().filter(_sent_by(revocation)).count()


def _sent_by(revocation: Revocation) -> Q:
    if revocation.subject_id is not None:
        return Q(pk=revocation.subject_id)
    return Q(election=revocation.election_id, application__nomination__mission__organization=revocation.organization_id)


def _propose(draft: Revocation, *, ground: str, text: str, by: User, at: datetime) -> Revocation:
    violations = rules.revocation_violations(profile_of(draft.election), ground=ground, text=text)
    if violations:
        raise RevocationNotGroundedError(violations=violations)
    draft.ground, draft.text, draft.proposed_by, draft.proposed_at = ground, text.strip(), by, at
    try:
        with transaction.atomic():
            draft.save()
            record_event("revocation_proposed", draft, by=by, at=at, reason=draft.text)
    except IntegrityError as error:
        if broken_constraint(error, Revocation).endswith("proposed_once"):
            raise RevocationProposedError from error
        raise
    return draft


def _lock_open(revocation: Revocation) -> Revocation:
    rows = Revocation.objects.select_for_update(of=("self",), no_key=True)
    try:
        locked = rows.select_related("election", "subject", "organization").get(pk=revocation.pk)
    except Revocation.DoesNotExist:
        raise MissingError from None
    if locked.decided_at is not None or locked.dropped_at is not None:
        raise RevocationClosedError
    return locked


def _ensure_session(session: CommissionSession, revocation: Revocation, at: datetime) -> None:
    if session.election_id != revocation.election_id:
        raise SessionOfAnotherElectionError
    ensure_held(session, at)


def _revoke_one(revocation: Revocation, accreditation: Accreditation, *, by: User, at: datetime) -> list[EndingResult]:
    results = end_accreditations(
        [accreditation.pk], _S.REVOKED, "revoked", by=by, at=at, reason=revocation.text, revocation=revocation
    )
    if results[0].code:
        state = Accreditation.objects.values_list("state", flat=True).get(pk=accreditation.pk)
        ensure_transition(ACCREDITATION_TRANSITIONS, _S(state), _S.REVOKED)
    return results
