"""The stay of a nominated person: travel, visa, lodging, the host's briefing, and what came about.

A mission tells what is planned; the host notes arrival, briefing and departure. Every act records one event on the
stay with the names of the fields, never their values: where somebody lodges is nobody's business in a history.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accreditation.errors import StayChangedError, StayDatesError
from accreditation.models import Nomination, Stay
from accreditation.services.moves import lock_mission
from accreditation.states import VisaState
from missions.kernel.errors import MissingError, Violation
from missions.kernel.events import record_event
from missions.kernel.integrity import broken_constraint
from missions.models import Election, User

_JOURNEY = ("arrives_at", "departs_at")


@dataclass(frozen=True, slots=True)
class StayPlan:
    """What a mission plans for one person. Instants are aware; empty texts are not known."""

    arrives_at: datetime | None = None
    arrival_flight: str = ""
    departs_at: datetime | None = None
    departure_flight: str = ""
    visa_state: VisaState = VisaState.TO_APPLY
    lodging: str = ""


def plan_stay(*, nomination: Nomination, plan: StayPlan, by: User, at: datetime, version: int | None = None) -> Stay:
    """Keep the plan of a stay in place of the former one; the same plan again changes nothing.

    `version` is the one that the caller has read (None: there was none, or it does not matter). Records
    `stay_planned`. Raises StayChangedError if the stored version is another one, StayDatesError, MissingError.
    """
    values = {field.name: getattr(plan, field.name) for field in fields(plan)}
    return _write(nomination, "stay_planned", values, by=by, at=at, version=version)


def note_arrival(*, nomination: Nomination, arrived_at: datetime, by: User, at: datetime) -> Stay:
    """Note that the person has come. Records `arrival_noted`. Raises StayDatesError, MissingError."""
    _ensure_not_ahead(arrived_at, at)
    return _write(nomination, "arrival_noted", {"arrived_at": arrived_at}, by=by, at=at)


def note_briefing(*, nomination: Nomination, briefed_at: datetime, by: User, at: datetime) -> Stay:
    """Note that the person attended the host's briefing. Records `briefing_noted`. Raises as `note_arrival`."""
    _ensure_not_ahead(briefed_at, at)
    return _write(nomination, "briefing_noted", {"briefed_at": briefed_at}, by=by, at=at)


def note_departure(*, nomination: Nomination, left_at: datetime, by: User, at: datetime) -> Stay:
    """Note that the person has left. Records `departure_noted`. Raises as `note_arrival`."""
    _ensure_not_ahead(left_at, at)
    return _write(nomination, "departure_noted", {"left_at": left_at}, by=by, at=at)


def _write(
    nomination: Nomination,
    verb: str,
    values: Mapping[str, object],
    *,
    by: User,
    at: datetime,
    version: int | None = None,
) -> Stay:
    try:
        with transaction.atomic():
            return _write_locked(nomination, verb, values, by=by, at=at, version=version)
    except IntegrityError as error:
        if broken_constraint(error, Stay) in ("stay_departs_after_arrival", "stay_left_after_arrival"):
            raise StayDatesError(violations=[_departs_first()]) from error
        raise


def _write_locked(
    nomination: Nomination,
    verb: str,
    values: Mapping[str, object],
    *,
    by: User,
    at: datetime,
    version: int | None,
) -> Stay:
    # The mission's lock lets the first of two writers make the row, and the second one find it.
    mission = lock_mission(nomination.mission_id)
    if not Nomination.objects.filter(pk=nomination.pk, mission=mission).exists():
        raise MissingError
    stay = Stay.objects.select_for_update(of=("self",)).filter(nomination=nomination).first()
    is_new = stay is None
    stay = stay or Stay(nomination=nomination, version=0)
    if version is not None and version != stay.version:
        raise StayChangedError
    changed = [name for name, value in values.items() if getattr(stay, name) != value]
    _ensure_after_call(mission.election, {name: values[name] for name in changed if name in _JOURNEY})
    if not changed and not is_new:
        return stay
    for name in changed:
        setattr(stay, name, values[name])
    stay.version += 1
    stay.save(force_insert=is_new, update_fields=None if is_new else [*changed, "version"])
    record_event(verb, stay, by=by, at=at, scope_id=mission.pk, changed=changed)
    return stay


def _ensure_after_call(election: Election, journey: Mapping[str, object]) -> None:
    """Nobody travels to a vote before it is called: such a day is a slip. A vote that follows has people there."""
    instants = {name: instant for name, instant in journey.items() if isinstance(instant, datetime)}
    if not instants:
        return
    first = election
    while first.follows is not None:
        first = first.follows
    called_on = first.called_on
    if called_on is None:
        return
    detail = _("The election was called on %(day)s. Leave the journey out for people who live in the country.")
    told = detail % {"day": date_format(called_on, "j F Y")}
    early = [name for name, instant in instants.items() if instant.astimezone(first.zone).date() < called_on]
    if early:
        raise StayDatesError(violations=[Violation(name, "before-election-called", told) for name in early])


def _ensure_not_ahead(noted: datetime, at: datetime) -> None:
    if noted > at:
        detail = _("What has not happened yet cannot be noted.")
        raise StayDatesError(violations=[Violation("at", "in-the-future", detail)])


def _departs_first() -> Violation:
    return Violation("departs_at", "departs-before-arrival", _("The departure is before the arrival."))
