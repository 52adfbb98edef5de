"""What follows a refusal: the appeal, and its way back into review.

An appeal is upheld by `accredit_application` and dismissed for good by `refuse_application`.
"""

from datetime import datetime

from django.db import transaction

from accreditation.errors import ReasonMissingError
from accreditation.models import Application
from accreditation.services.moves import Step, lock_application, move_application
from accreditation.services.vetting import vet_locked
from accreditation.states import ApplicationState
from missions.models import User


def appeal_refusal(*, application: Application, reason: str, by: User, at: datetime) -> Application:
    """Note that a refusal was appealed, and on what. Raises ReasonMissingError, IllegalTransitionError."""
    if not reason.strip():
        raise ReasonMissingError
    with transaction.atomic():
        locked = lock_application(application, to=ApplicationState.APPEALED)
        step = Step(ApplicationState.APPEALED, "appealed", reason=reason.strip())
        move_application(locked, step, by=by, at=at)
    return locked


def reopen_after_appeal(*, application: Application, reason: str, by: User, at: datetime) -> Application:
    """Send an appealed application back into review, and vet it; it is on no agenda any more.

    Raises ReasonMissingError, IllegalTransitionError.
    """
    if not reason.strip():
        raise ReasonMissingError
    review = ApplicationState.UNDER_REVIEW
    with transaction.atomic():
        locked = lock_application(application, to=review, only_from=(ApplicationState.APPEALED,))
        locked.session = None
        step = Step(review, "reopened_after_appeal", reason=reason.strip())
        move_application(locked, step, by=by, at=at, changed=("session",))
        vet_locked(locked, by=by, at=at)
    return locked
