"""The machine-readable zone of a person's passport: proven, stored encrypted, and compared."""

from datetime import datetime

from django.db import transaction

from accreditation import rules
from accreditation.errors import MrzRefusedError, PapersNotTakenError, PersonSharedError
from accreditation.models import Application, Nomination, Observer
from accreditation.services.moves import lock_application
from accreditation.services.vetting import local_day, vet_locked
from accreditation.states import ApplicationState
from accreditation.vetting.mrz import Mrz, MrzError, parse_mrz
from missions.kernel.errors import Violation
from missions.kernel.events import record_event
from missions.models import User


def record_mrz(*, application: Application, text: str, by: User, at: datetime) -> Application:
    """Store the zone of the passport in the place of an earlier one, and vet an application that is under review.

    The same zone again changes nothing. Records one event, which does not hold the zone. Raises MrzRefusedError
    with every fault, PapersNotTakenError after the recommendation, PersonSharedError if somebody who is not of the
    host wants to change the zone of a person whom another mission has nominated too, MissingError.
    """
    with transaction.atomic():
        locked = lock_application(application)
        if locked.state not in rules.TAKES_PAPERS:
            raise PapersNotTakenError
        zone = _proven(text, locked, at)
        people = Observer.objects.filter(pk=locked.observer_id)
        stored = people.select_for_update(no_key=True).values_list("mrz", flat=True).get()
        if stored == zone.text:
            return locked
        if stored and not by.is_host and _is_shared(locked):
            raise PersonSharedError
        people.update(mrz=zone.text)
        record_event("mrz_recorded", locked, by=by, at=at, scope_id=locked.nomination.mission_id, changed=["mrz"])
        if locked.state == ApplicationState.UNDER_REVIEW:
            vet_locked(locked, by=by, at=at)
    return locked


def _proven(text: str, application: Application, at: datetime) -> Mrz:
    try:
        return parse_mrz(text, today=local_day(application.election, at))
    except MrzError as error:
        violations = [Violation(f"mrz.{fault.field}", fault.code, fault.message) for fault in error.faults]
        raise MrzRefusedError(violations=violations) from None


def _is_shared(application: Application) -> bool:
    others = Nomination.objects.filter(observer=application.observer_id)
    return others.exclude(mission=application.nomination.mission_id).exists()
