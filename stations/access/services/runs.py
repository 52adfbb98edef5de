"""Escorts and vehicles: setting one up, and another number of seats."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from missions.kernel.errors import Violation
from missions.kernel.events import record_event
from missions.kernel.integrity import broken_constraint
from missions.models import Election, User
from stations.access.errors import EscortFullError, EscortRunRefusedError, EscortRunThereError
from stations.access.models import EscortRun
from stations.access.states import SEATED
from stations.models import PollingStation
from stations.states import AccessCondition

MOST_SEATS = 10_000


@dataclass(frozen=True, slots=True)
class RunDraft:
    """A drive to be set up: what it is for, when, to which stations (by code), and for how many."""

    condition: AccessCondition
    name: str
    departs_at: datetime
    returns_at: datetime
    station_codes: Sequence[str]
    seats: int


def add_escort_run(*, election: Election, draft: RunDraft, by: User | None, at: datetime) -> EscortRun:
    """Set up a drive. Records "escort_run_added".

    Raises EscortRunRefusedError with each fault (stations-unknown, returns-first, seats-out-of-range and others), or
    EscortRunThereError.
    """
    stations = list(PollingStation.objects.filter(election=election, code__in=draft.station_codes))
    faults = _faults_of(draft, {station.code for station in stations})
    if faults:
        raise EscortRunRefusedError(violations=faults)
    try:
        with transaction.atomic():
            run = EscortRun.objects.create(
                election=election,
                condition=draft.condition,
                name=draft.name.strip(),
                departs_at=draft.departs_at,
                returns_at=draft.returns_at,
                seats=draft.seats,
            )
            run.stations.set(stations)
            record_event("escort_run_added", run, by=by, at=at)
    except IntegrityError as error:
        if broken_constraint(error, EscortRun) == "escort_run_once":
            raise EscortRunThereError from error
        raise
    return run


def change_seats(*, run: EscortRun, seats: int, reason: str = "", by: User | None, at: datetime) -> EscortRun:
    """Give a drive more seats, or fewer, but not fewer than are taken. Records "escort_seats_changed".

    Raises EscortRunRefusedError (seats-out-of-range) or EscortFullError.
    """
    if not 0 <= seats <= MOST_SEATS:
        raise EscortRunRefusedError(violations=[_seats_fault()])
    try:
        with transaction.atomic():
            run = EscortRun.objects.select_for_update().get(pk=run.pk)
            before, run.seats = run.seats, seats
            run.save(update_fields=["seats"])
            record_event(
                "escort_seats_changed", run, by=by, at=at, changed=[f"{before} → {seats}"], reason=reason.strip()
            )
    except IntegrityError as error:
        if broken_constraint(error, EscortRun) == "escort_run_not_overbooked":
            raise EscortFullError from error
        raise
    return run


def _faults_of(draft: RunDraft, known: set[str]) -> list[Violation]:
    faults = []
    if draft.condition not in SEATED:
        faults.append(Violation("condition", "condition-not-seated", _("This is granted without seats.")))
    if not draft.name.strip():
        faults.append(Violation("name", "name-missing", _("Give it a name.")))
    if draft.returns_at <= draft.departs_at:
        faults.append(Violation("returns_at", "returns-first", _("It returns before it departs.")))
    unknown = sorted(set(draft.station_codes) - known)
    if unknown:
        message = _("The register has no station %(codes)s.") % {"codes": ", ".join(unknown)}
        faults.append(Violation("stations", "stations-unknown", message))
    elif not known:
        faults.append(Violation("stations", "stations-missing", _("Name the stations that it goes to.")))
    if not 1 <= draft.seats <= MOST_SEATS:
        faults.append(_seats_fault())
    return faults


def _seats_fault() -> Violation:
    message = _("The seats are at most %(most)d.") % {"most": MOST_SEATS}
    return Violation("seats", "seats-out-of-range", message)
