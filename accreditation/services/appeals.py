"""What follows a refusal: the appeal, and its way back into review.

An appeal is upheld by `accredit_application` and dismissed for good by `refuse_application`.
"""

from datetime import datetime

from django.db import transaction

from accreditation import rules
from accreditation.errors import AppealLateError, ReasonMissingError
from accreditation.models import Application
from accreditation.services.moves import Step, lock_application, move_application
from accreditation.services.profiles import profile_of
from accreditation.services.vetting import vet_locked
from accreditation.states import ApplicationState, Outcome
from missions.models import User


def appeal_refusal(*, application: Application, reason: str, by: User, at: datetime) -> Application:
    """Note that a refusal was appealed, and on what; where the law gives a time for the ruling, it runs from now.

    The session that refused the person is done with it: what is decided now is on no agenda, unless it is reviewed
    and scheduled again. Raises ReasonMissingError, AppealLateError where the law gives a time for the appeal and it
    is over, IllegalTransitionError.
    """
    if not reason.strip():
        raise ReasonMissingError
    with transaction.atomic():
        locked = lock_application(application, to=ApplicationState.APPEALED)
        closes_at = appeal_closes_at(locked)
        if closes_at is not None and at >= closes_at:
            raise AppealLateError
        locked.session, locked.agenda_item = None, None
        locked.decide_by = rules.ruling_deadline(profile_of(locked.election), appealed_at=at)
        step = Step(ApplicationState.APPEALED, "appealed", reason=reason.strip())
        move_application(locked, step, by=by, at=at, changed=("session", "agenda_item", "decide_by"))
    return locked


def appeal_closes_at(application: Application) -> datetime | None:
    """The instant before which the latest refusal must be appealed; None without a refusal or a known rule."""
    refusal = application.decisions.filter(outcome=Outcome.REFUSED).first()
    if refusal is None:
        return None
    return rules.appeal_deadline(profile_of(application.election), refused_at=refusal.decided_at)


def reopen_after_appeal(*, application: Application, reason: str, by: User, at: datetime) -> Application:
    """Send an appealed application back into review, and vet it; the time for the decision runs anew.

    Raises ReasonMissingError, IllegalTransitionError.
    """
    if not reason.strip():
        raise ReasonMissingError
    review = ApplicationState.UNDER_REVIEW
    with transaction.atomic():
        locked = lock_application(application, to=review, only_from=(ApplicationState.APPEALED,))
        locked.decide_by = rules.decision_due(
            profile_of(locked.election), locked.category, complete_since=at, e_day=locked.election.e_day
        )
        step = Step(review, "reopened_after_appeal", reason=reason.strip())
        move_application(locked, step, by=by, at=at, changed=("decide_by",))
        vet_locked(locked, by=by, at=at)
    return locked
