"""Releasing a version: checked whole, in the place of the one before, and those whose places change are told."""

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from missions.kernel.events import record_event
from missions.kernel.integrity import broken_constraint
from missions.kernel.transitions import ensure_transition
from missions.models import Mission, User
from missions.timeline.programme.errors import (
    ProgrammeBreaksRulesError,
    ProgrammeChangedError,
    ProgrammeOvertakenError,
)
from missions.timeline.programme.judging import violations_of
from missions.timeline.programme.models import Booking, Programme
from missions.timeline.programme.selectors import differences
from missions.timeline.programme.services.milestones import follow_bookings
from missions.timeline.programme.services.notices import tell_missions
from missions.timeline.programme.services.orders import lock_programmes
from missions.timeline.programme.states import PROGRAMME_TRANSITIONS, ProgrammeState
from missions.timeline.services.rows import hold_missions


def release_programme(*, programme: Programme, by: User | None, at: datetime) -> Programme:
    """Release a draft: from now on missions read their places in it, and calendars show them.

    Checks every rule against what is asked and offered at this moment, supersedes the version before it, moves the
    milestones that a booking decides (see `follow_bookings`), and writes to the leads of those missions whose places
    differ from what they were told before. Records the release, the end of the version before, and
    "programme_changed" on each of those missions.

    Raises IllegalTransitionError, ProgrammeOvertakenError (another version was released since this one was ordered),
    ProgrammeBreaksRulesError with each broken rule in words, ProgrammeChangedError; then nothing has changed.
    """
    try:
        with transaction.atomic():
            return _release(programme, by=by, at=at)
    except IntegrityError as error:
        if broken_constraint(error, Programme) == "programme_one_released":
            raise ProgrammeChangedError from error
        raise


def end_programme(row: Programme, *, reason: str, by: User | None, at: datetime) -> None:
    """End a released version that is locked. Records "programme_superseded"."""
    source = ProgrammeState(row.state)
    ensure_transition(PROGRAMME_TRANSITIONS, source, ProgrammeState.SUPERSEDED)
    row.state = ProgrammeState.SUPERSEDED
    row.save(update_fields=["state"])
    record_event("programme_superseded", row, by=by, at=at, from_state=source, to_state=row.state, reason=reason)


def _release(programme: Programme, *, by: User | None, at: datetime) -> Programme:
    _hold_missions_of(programme.election_id)
    rows = lock_programmes(programme.election_id)
    row = rows[programme.pk]
    source = ProgrammeState(row.state)
    ensure_transition(PROGRAMME_TRANSITIONS, source, ProgrammeState.RELEASED)
    before = next((other for other in rows.values() if other.state == ProgrammeState.RELEASED), None)
    if row.base_id != (before.pk if before else None):
        raise ProgrammeOvertakenError
    if broken := violations_of(row):
        message = _("The programme breaks %(count)d rules.") % {"count": len(broken)}
        raise ProgrammeBreaksRulesError(message, violations=broken)
    changes = differences(_bookings(before), _bookings(row))
    if before is not None:
        end_programme(before, reason=str(row), by=by, at=at)
    row.state, row.released_at = ProgrammeState.RELEASED, at
    row.save(update_fields=["state", "released_at"])
    record_event("programme_released", row, by=by, at=at, from_state=source, to_state=row.state)
    follow_bookings(changes, programme=row, by=by, at=at)
    tell_missions(changes, programme=row, by=by, at=at)
    return row


def _hold_missions_of(election_id: int) -> None:
    """Missions are locked before their election, by everybody."""
    hold_missions(set(Mission.objects.filter(election=election_id).values_list("pk", flat=True)))


def _bookings(programme: Programme | None) -> Collection[Booking]:
    if programme is None:
        return ()
    rows = programme.bookings.select_related("request__mission__election", "request__head", "resource")
    return tuple(rows.order_by("starts_at", "pk"))
