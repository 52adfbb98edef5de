"""Ordering versions of the programme, afresh or as repairs, and putting them away. A job makes them."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from missions.kernel.doorbell import ring_after_commit
from missions.kernel.events import record_event
from missions.kernel.transitions import ensure_transition
from missions.models import Election, User
from missions.timeline.programme.errors import (
    NothingAskedError,
    NothingReleasedError,
    ProgrammeInProgressError,
)
from missions.timeline.programme.models import MeetingRequest, OpenWindow, Programme
from missions.timeline.programme.parameters import DEFAULTS
from missions.timeline.programme.states import PROGRAMME_TRANSITIONS, Method, ProgrammeState

#: Rung when there is work; also the name of the job.
BELL = "programme.work_off"


def order_programme(
    *,
    election: Election,
    seed: int = 0,
    seconds: int = DEFAULTS.default_seconds,
    by: User | None,
    at: datetime,
) -> Programme:
    """Order a version made afresh from all that is asked now; pinned times are kept.

    Records "programme_ordered" and rings for the job. Raises NothingAskedError, ProgrammeInProgressError.
    """
    (programme,) = _order(election, [Method.FRESH], seed=seed, seconds=seconds, by=by, at=at)
    return programme


def order_repairs(
    *,
    election: Election,
    seed: int = 0,
    seconds: int = DEFAULTS.default_seconds,
    by: User | None,
    at: datetime,
) -> tuple[Programme, Programme]:
    """Order both repairs of the released version: full weight, and least change. An officer chooses between them.

    Records "programme_ordered" on each and rings for the job. Raises NothingReleasedError, NothingAskedError,
    ProgrammeInProgressError.
    """
    full, least = _order(election, [Method.FULL_WEIGHT, Method.LEAST_CHANGE], seed=seed, seconds=seconds, by=by, at=at)
    return full, least


def discard_programme(*, programme: Programme, reason: str = "", by: User | None, at: datetime) -> Programme:
    """Put a version away for good; one that is being made is stopped. Its rows are kept.

    Records "programme_discarded". Raises IllegalTransitionError for a version that missions were told of.
    """
    with transaction.atomic():
        row = lock_programmes(programme.election_id)[programme.pk]
        discard_row(row, reason=reason, by=by, at=at)
    return row


def discard_row(row: Programme, *, reason: str, by: User | None, at: datetime) -> None:
    """As `discard_programme`, of a locked row."""
    source = ProgrammeState(row.state)
    ensure_transition(PROGRAMME_TRANSITIONS, source, ProgrammeState.DISCARDED)
    row.state = ProgrammeState.DISCARDED
    row.save(update_fields=["state"])
    record_event("programme_discarded", row, by=by, at=at, from_state=source, to_state=row.state, reason=reason.strip())


def lock_programmes(election_id: int) -> dict[int, Programme]:
    """All versions of an election, locked behind the election itself, by id. Two acts on them wait for each other."""
    Election.objects.select_for_update().get(pk=election_id)
    rows = Programme.objects.filter(election=election_id).select_related("election").order_by("pk")
    return {row.pk: row for row in rows}


def _order(
    election: Election, methods: Sequence[Method], *, seed: int, seconds: int, by: User | None, at: datetime
) -> list[Programme]:
    with transaction.atomic():
        there = lock_programmes(election.pk)
        if any(row.state == ProgrammeState.ORDERED for row in there.values()):
            raise ProgrammeInProgressError
        base = next((row for row in there.values() if row.state == ProgrammeState.RELEASED), None)
        if base is None and Method.FRESH not in methods:
            raise NothingReleasedError
        asked = MeetingRequest.objects.asked().filter(mission__election=election)
        if not asked.exists() or not OpenWindow.objects.filter(resource__election=election).exists():
            raise NothingAskedError
        return order_rows(election, methods, base=base, seed=seed, seconds=seconds, by=by, at=at)


def order_rows(
    election: Election,
    methods: Sequence[Method],
    *,
    base: Programme | None,
    seed: int = 0,
    seconds: int = DEFAULTS.default_seconds,
    by: User | None,
    at: datetime,
) -> list[Programme]:
    """Write the orders and ring, with the election locked and nothing else under way."""
    last = Programme.objects.filter(election=election).aggregate(last=Max("version"))["last"] or 0
    made = [
        Programme.objects.create(
            election=election,
            version=last + number,
            method=method,
            base=base,
            seed=seed,
            seconds=seconds,
            ordered_at=at,
            ordered_by=by,
        )
        for number, method in enumerate(methods, start=1)
    ]
    for row in made:
        record_event("programme_ordered", row, by=by, at=at, to_state=row.state, changed=[row.method])
    ring_after_commit(BELL)
    return made
