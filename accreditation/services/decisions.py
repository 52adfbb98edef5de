"""The decision on one person, taken by somebody else than the reviewer: accreditation with a number, or refusal.

A person on the agenda of a session is decided on when it is held. Who is an item of the agenda alone decides it with
the person; on a list there is one vote, and `accreditation.services.voting` carries it out.
"""

from datetime import datetime

from django.db import IntegrityError, transaction

from accreditation import rules
from accreditation.errors import AgendaItemDecidedError, SessionRequiredError
from accreditation.models import Accreditation, AgendaItem, Application, Decision
from accreditation.services.agenda import ensure_on_item, lock_item_of
from accreditation.services.moves import lock_application, lock_application_and_mission, lock_mission
from accreditation.services.profiles import profile_of
from accreditation.services.quotas import free_place
from accreditation.services.verdicts import Ruling, Verdict, Votes, accredit_locked, decision_refusal, refuse_locked
from accreditation.services.voting import ACCREDIT, ensure_alone, ensure_held, ensure_sound, record_vote
from accreditation.states import APPLICATION_TRANSITIONS, AgendaOutcome, ApplicationState
from missions.kernel.transitions import ensure_transition
from missions.models import User

_S = ApplicationState


def accredit_application(
    *, application: Application, by: User, at: datetime, votes: Votes | None = None
) -> Accreditation:
    """Accredit the person under the next number of the election and category; numbers have no gaps.

    Records a decision, and one event each on application and accreditation; for somebody who is an item of an agenda
    also its outcome and the votes. Raises SamePersonDecidesError, OwnRefusalError, SessionRequiredError (unless the
    law is known to decide without), SessionNotHeldYetError, DecidedAsListError, AgendaItemDecidedError,
    BlockingFindingsError, OrganizationRevokedError, AlreadyAccreditedError, RegisterChangedError,
    IllegalTransitionError, MissingError.
    """
    try:
        with transaction.atomic():
            item = lock_item_of(application)
            locked = lock_application(application, to=_S.ACCREDITED)
            ensure_on_item(locked, item)
            _settle(locked, item, ACCREDIT, votes, by=by, at=at)
            ruling = accredit_locked([locked], by=by, at=at)
            _ensure_decided(ruling)
    except IntegrityError as error:
        raise decision_refusal(error) from error
    return ruling.accreditations[0]


def refuse_application(
    *, application: Application, ground: str, text: str, by: User, at: datetime, votes: Votes | None = None
) -> Decision:
    """Refuse the person on a ground of the rule profile, with reasons; after an appeal the refusal is final.

    A final refusal gives the mission its place back. Raises RefusalNotGroundedError, ElectionWithoutProfileError,
    and as `accredit_application` does, but for what only concerns accreditation.
    """
    verdict = Verdict(AgendaOutcome.REFUSED, ground, text.strip())
    try:
        with transaction.atomic():
            lock_mission(application.nomination.mission_id)
            item = lock_item_of(application)
            locked = lock_application_and_mission(application)
            is_final = locked.state == _S.APPEALED
            target = _S.REFUSED_FINAL if is_final else _S.REFUSED
            ensure_transition(APPLICATION_TRANSITIONS, _S(locked.state), target)
            ensure_on_item(locked, item)
            ensure_sound([verdict], locked.election)
            _settle(locked, item, verdict, votes, by=by, at=at)
            ruling = refuse_locked([locked], ground=ground, text=verdict.text, by=by, at=at, is_final=is_final)
            _ensure_decided(ruling)
            if is_final:
                free_place(locked.nomination)
    except IntegrityError as error:
        raise decision_refusal(error) from error
    return ruling.decisions[0]


def _settle(
    application: Application,
    item: AgendaItem | None,
    verdict: Verdict,
    votes: Votes | None,
    *,
    by: User,
    at: datetime,
) -> None:
    """See that the session may decide and has come, and record the vote on the person's own item.

    An item that was decided before, while something still stood in the way of this person, must agree.
    """
    if application.state == _S.RECOMMENDED:
        if not rules.decides_without_session(profile_of(application.election), application.category):
            raise SessionRequiredError
    elif application.state == _S.SCHEDULED and item is not None:
        if not item.outcome:
            ensure_alone(application)
            record_vote(item, verdict, votes, by=by, at=at)
        elif item.outcome != verdict.outcome:
            raise AgendaItemDecidedError
    elif application.state == _S.SCHEDULED and application.session is not None:
        ensure_held(application.session, at)


def _ensure_decided(ruling: Ruling) -> None:
    for error in ruling.refused.values():
        raise error
