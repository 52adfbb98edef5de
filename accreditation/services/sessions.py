"""Meetings of a commission at which accreditations are decided."""

from datetime import datetime

from django.db import IntegrityError, transaction

from accreditation.errors import SessionNumberTakenError
from accreditation.models import CommissionSession
from missions.kernel.events import record_event
from missions.kernel.integrity import broken_constraint
from missions.models import Commission, User


def call_session(
    *, commission: Commission, number: str, held_at: datetime, by: User, at: datetime
) -> CommissionSession:
    """Set a session of the commission in its election. Records one event. Raises SessionNumberTakenError."""
    try:
        with transaction.atomic():
            session = CommissionSession.objects.create(
                election_id=commission.election_id, commission=commission, number=number, held_at=held_at
            )
            record_event("session_called", session, by=by, at=at)
    except IntegrityError as error:
        if broken_constraint(error, CommissionSession) == "session_number_once":
            raise SessionNumberTakenError from error
        raise
    return session
