"""The way of a grant: asked for by a mission, granted with seats where there are only so many, refused or given up."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from missions.kernel.errors import Violation
from missions.kernel.events import record_event
from missions.kernel.integrity import broken_constraint
from missions.kernel.transitions import ensure_transition
from missions.models import Mission, User
from stations.access.errors import (
    AccessNotGrantableError,
    AccessRequestedError,
    AccessRequestRefusedError,
    EscortFullError,
)
from stations.access.models import AccessGrant, EscortRun
from stations.access.states import ACCESS_TRANSITIONS, SEATED, AccessState
from stations.models import AccessRequirement, PollingStation
from stations.states import AccessCondition

MOST_PERSONS = 500


def request_access(
    *,
    mission: Mission,
    station: PollingStation,
    condition: AccessCondition,
    persons: int,
    note: str = "",
    by: User | None,
    at: datetime,
) -> AccessGrant:
    """Ask for one precondition of a station. Records "access_requested".

    Raises AccessRequestRefusedError (access-not-required, other-election, persons-out-of-range), or
    AccessRequestedError while an earlier request of the mission is open or granted.
    """
    _refuse_request(mission, station, condition, persons)
    try:
        with transaction.atomic():
            _hold_mission(mission.pk)
            grant = AccessGrant.objects.create(
                mission=mission,
                station=station,
                condition=condition,
                persons=persons,
                note=note.strip(),
                requested_at=at,
                requested_by=by,
            )
            record_event("access_requested", grant, by=by, at=at, scope_id=mission.pk, to_state=grant.state)
    except IntegrityError as error:
        if broken_constraint(error, AccessGrant) == "access_one_live_grant":
            raise AccessRequestedError from error
        raise
    return grant


def grant_access(
    *,
    grant: AccessGrant,
    granted_by: str,
    valid_until: datetime,
    run: EscortRun | None = None,
    seats: int | None = None,
    by: User | None,
    at: datetime,
) -> AccessGrant:
    """Write down that the named authority has granted it, until when, and with which seats.

    An escort and a vehicle are granted on a `run`; as many seats are taken there as persons were asked for, or
    `seats`: none if they are the same people who have the mission's other seats on it. Records "access_granted".
    Raises IllegalTransitionError, AccessNotGrantableError, or EscortFullError; then nothing has changed.
    """
    try:
        with transaction.atomic():
            row = held_grant(grant)
            source = AccessState(row.state)
            ensure_transition(ACCESS_TRANSITIONS, source, AccessState.GRANTED)
            taken = 0 if row.condition not in SEATED else row.persons if seats is None else seats
            _refuse_grant(row, granted_by, valid_until, run, taken, at)
            row.granted_by, row.valid_until, row.run, row.seats = granted_by.strip(), valid_until, run, taken
            _decide(row, source, AccessState.GRANTED, "access_granted", "", by, at)
            if run is not None:
                EscortRun.objects.filter(pk=run.pk).update(seats_taken=F("seats_taken") + taken)
    except IntegrityError as error:
        if broken_constraint(error, EscortRun) == "escort_run_not_overbooked":
            raise EscortFullError from error
        raise
    return row


def refuse_access(*, grant: AccessGrant, reason: str, by: User | None, at: datetime) -> AccessGrant:
    """Refuse what was asked for, or take back what was granted, with its seats. Records "access_refused".

    Raises IllegalTransitionError if it is refused or withdrawn already, AccessNotGrantableError without a reason.
    """
    if not reason.strip():
        raise AccessNotGrantableError(violations=[Violation("reason", "reason-missing", _("Say why."))])
    return _end(grant, AccessState.REFUSED, "access_refused", reason, by, at)


def withdraw_access(*, grant: AccessGrant, reason: str = "", by: User | None, at: datetime) -> AccessGrant:
    """Give up a request or a grant, with its seats. Records "access_withdrawn".

    Raises IllegalTransitionError if it is refused or withdrawn already.
    """
    return _end(grant, AccessState.WITHDRAWN, "access_withdrawn", reason, by, at)


def held_grant(grant: AccessGrant) -> AccessGrant:
    """The grant under its lock, the mission's first as everywhere."""
    mission = _hold_mission(grant.mission_id)
    row = AccessGrant.objects.select_for_update(of=("self",)).select_related("station").get(pk=grant.pk)
    row.mission = mission
    return row


def _hold_mission(key: int) -> Mission:
    return Mission.objects.select_for_update(of=("self",)).select_related("election").get(pk=key)


def _refuse_request(mission: Mission, station: PollingStation, condition: AccessCondition, persons: int) -> None:
    faults = []
    if station.election_id != mission.election_id:
        faults.append(Violation("station", "other-election", _("The station belongs to another election.")))
    elif not AccessRequirement.objects.filter(station=station, condition=condition).exists():
        message = _("Nobody needs this to go to %(station)s.") % {"station": station.code}
        faults.append(Violation("condition", "access-not-required", message))
    if not 1 <= persons <= MOST_PERSONS:
        message = _("Ask for one to %(most)d persons.") % {"most": MOST_PERSONS}
        faults.append(Violation("persons", "persons-out-of-range", message))
    if faults:
        raise AccessRequestRefusedError(violations=faults)


def _refuse_grant(
    row: AccessGrant, granted_by: str, valid_until: datetime, run: EscortRun | None, seats: int, at: datetime
) -> None:
    faults = []
    if not granted_by.strip():
        faults.append(Violation("granted_by", "authority-missing", _("Name the authority that granted it.")))
    if valid_until <= at:
        faults.append(Violation("valid_until", "ends-before-now", _("It would have ended already.")))
    if row.condition in SEATED:
        faults += _faults_of_seats(row, run, seats)
    elif run is not None:
        faults.append(Violation("run", "run-needless", _("This is granted without a seat.")))
    if faults:
        raise AccessNotGrantableError(violations=faults)


def _faults_of_seats(row: AccessGrant, run: EscortRun | None, seats: int) -> list[Violation]:
    if run is None:
        return [Violation("run", "run-missing", _("Choose the escort or vehicle."))]
    if run.condition != row.condition or not run.stations.filter(pk=row.station_id).exists():
        message = _("%(run)s does not bring anybody to %(station)s for this.")
        return [Violation("run", "run-elsewhere", message % {"run": run.name, "station": row.station.code})]
    if seats < 0 or seats > row.persons:
        message = _("Take none to %(most)d seats.") % {"most": row.persons}
        return [Violation("seats", "seats-out-of-range", message)]
    has_seats = AccessGrant.objects.granted().filter(mission=row.mission_id, run=run, seats__gte=1).exists()
    if seats == 0 and not has_seats:
        message = _("The mission has no other seats on %(run)s.") % {"run": run.name}
        return [Violation("seats", "no-seats-to-share", message)]
    return []


def _end(grant: AccessGrant, target: AccessState, verb: str, reason: str, by: User | None, at: datetime) -> AccessGrant:
    with transaction.atomic():
        row = held_grant(grant)
        source = AccessState(row.state)
        ensure_transition(ACCESS_TRANSITIONS, source, target)
        run_id, seats = row.run_id, row.seats
        row.run, row.seats = None, 0
        _decide(row, source, target, verb, reason, by, at)
        if run_id is not None and seats:
            _give_back(row, run_id, seats)
    return row


def _give_back(row: AccessGrant, run_id: int, seats: int) -> None:
    """Free the seats, unless other grants of the mission rely on them: then the first of these has them now."""
    others = AccessGrant.objects.granted().filter(mission=row.mission_id, run=run_id)
    heir = others.order_by("pk").first() if not others.filter(seats__gte=1).exists() else None
    if heir is not None:
        kept = min(seats, heir.persons)
        AccessGrant.objects.filter(pk=heir.pk).update(seats=kept, version=F("version") + 1)
        seats -= kept
    EscortRun.objects.filter(pk=run_id).update(seats_taken=F("seats_taken") - seats)


def _decide(
    row: AccessGrant,
    source: AccessState,
    target: AccessState,
    verb: str,
    reason: str,
    by: User | None,
    at: datetime,
) -> None:
    row.state, row.decided_at, row.decided_by, row.reason = target, at, by, reason.strip()
    row.version += 1
    fields = ["state", "granted_by", "valid_until", "run", "seats", "decided_at", "decided_by", "reason", "version"]
    row.save(update_fields=fields)
    record_event(
        verb,
        row,
        by=by,
        at=at,
        scope_id=row.mission_id,
        from_state=source,
        to_state=target,
        reason=row.reason or row.granted_by,
    )
