"""Who has a badge: one function per edge of its life after the signature, each telling the history what it needs.

Every function locks the accreditation and then the badge, checks the version that the caller has read (None: it does
not matter), the table and the rules, writes, and appends one event. Each returns the stored badge and raises
MissingError, IllegalTransitionError, BadgeChangedError and what its own text names.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from accreditation.badges.errors import (
    BadgeChangedError,
    BadgeOverError,
    CardDestroyedError,
    CollectorMissingError,
    NoCardError,
    NotDestroyableError,
    StockSerialTakenError,
    WitnessMissingError,
)
from accreditation.badges.models import Badge
from accreditation.badges.rules import DESTROYABLE
from accreditation.badges.services.intents import ensure_accredited, lock_accreditations
from accreditation.badges.states import BADGE_TRANSITIONS, BadgeState, CollectionProof, VoidReason
from accreditation.errors import ReasonMissingError
from accreditation.models import Accreditation
from missions.kernel.errors import DomainError, MissingError
from missions.kernel.events import EventDraft, record_event, record_events
from missions.kernel.integrity import broken_constraint
from missions.kernel.text import TextRefusedError, clean_text
from missions.kernel.transitions import ensure_transition
from missions.models import User

_S = BadgeState
_NAME_LENGTH = 200


def mark_printed(*, badge: Badge, stock_serial: str, by: User, at: datetime, version: int | None = None) -> Badge:
    """The card of a signed badge has been printed, on the stock card of this serial (empty: it has none).

    Records "badge_printed" with the serial. Raises BadgeNotAccreditedError, BadgeSuspendedError and BadgeOverError,
    so that nobody gets a good card any more, and StockSerialTakenError.
    """
    serial = stock_serial.strip()
    try:
        with transaction.atomic():
            locked = lock_badge(badge, to=_S.PRINTED, version=version)
            ensure_good(locked, at=at)
            mark_printed_locked([locked], {locked.pk: serial}, by=by, at=at)
    except IntegrityError as error:
        raise_serial_taken(error, locked.election_id, [serial])
        raise
    return locked


def hand_over_badge(
    *,
    badge: Badge,
    collected_by: str,
    proof: CollectionProof,
    by: User,
    at: datetime,
    version: int | None = None,
) -> Badge:
    """Give the card to a person, who signs for it or whose badge is scanned.

    Records "badge_handed_over" with the person and the proof. Raises CollectorMissingError, and as `mark_printed`
    for an accreditation or badge that does not count.
    """
    collector = _name(collected_by, CollectorMissingError)
    with transaction.atomic():
        locked = lock_badge(badge, to=_S.HANDED_OVER, version=version)
        ensure_good(locked, at=at)
        values = {
            "handed_over_at": at,
            "handed_over_by": by,
            "collected_by": collector,
            "collection_proof": CollectionProof(proof),
        }
        _move(locked, _S.HANDED_OVER, "badge_handed_over", values, told=(collector, proof), by=by, at=at)
    return locked


def return_badge(*, badge: Badge, by: User, at: datetime, note: str = "", version: int | None = None) -> Badge:
    """The card has come back, from its holder or after it was lost. It is good no more. Records "badge_returned"."""
    return _end(badge, _S.RETURNED, "badge_returned", note=note, by=by, at=at, version=version)


def report_badge_lost(*, badge: Badge, by: User, at: datetime, note: str = "", version: int | None = None) -> Badge:
    """A card that was handed over is lost. It is good no more, and the person may get another. Records "badge_lost"."""
    return _end(badge, _S.LOST, "badge_lost", note=note, by=by, at=at, version=version)


def void_badge(
    *, badge: Badge, reason: VoidReason, note: str, by: User, at: datetime, version: int | None = None
) -> Badge:
    """Make a badge void for good, wherever its card is. Records "badge_void". Raises ReasonMissingError."""
    if not note.strip():
        raise ReasonMissingError
    return _end(badge, _S.VOID, "badge_void", note=note, by=by, at=at, version=version, void_reason=VoidReason(reason))


def destroy_badge(*, badge: Badge, witness: str, by: User, at: datetime, version: int | None = None) -> Badge:
    """Destroy the card of a returned or void badge before a witness, who is somebody else. Records "badge_destroyed".

    Raises NotDestroyableError, NoCardError for a badge that was never printed, CardDestroyedError,
    WitnessMissingError.
    """
    name = _name(witness, WitnessMissingError)
    if name.casefold() in {str(by).casefold(), by.email.casefold()}:
        raise WitnessMissingError
    with transaction.atomic():
        locked = lock_badge(badge, version=version)
        if locked.state not in DESTROYABLE:
            raise NotDestroyableError
        if locked.printed_at is None:
            raise NoCardError
        if locked.destroyed_at is not None:
            raise CardDestroyedError
        _write(locked, {"destroyed_at": at, "destroyed_by": by, "destruction_witness": name})
        record_event("badge_destroyed", locked, by=by, at=at, scope_id=locked.mission_id, changed=[name])
    return locked


def lock_badge(badge: Badge, *, to: BadgeState | None = None, version: int | None = None) -> Badge:
    """The stored badge, locked after its accreditation until the transaction ends, with both and their election.

    Raises MissingError, BadgeChangedError for another version, and IllegalTransitionError if the table has no edge
    from the stored state.
    """
    found = lock_badges([badge.pk])
    if not found:
        raise MissingError
    locked = found[0]
    if version is not None and version != locked.version:
        raise BadgeChangedError
    if to is not None:
        ensure_transition(BADGE_TRANSITIONS, BadgeState(locked.state), to)
    return locked


def lock_badges(badge_ids: Collection[int]) -> list[Badge]:
    """The stored badges in the order of their keys, locked after their accreditations until the transaction ends.

    The accreditations come with all that cards ask of them.
    """
    held = Accreditation.objects.filter(badges__in=badge_ids).values_list("pk", flat=True)
    accreditations = {row.pk: row for row in lock_accreditations(list(held))}
    rows = Badge.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=badge_ids).order_by("pk")
    found = list(rows)
    for row in found:
        row.accreditation = accreditations[row.accreditation_id]
        if row.election_id == row.accreditation.election_id:
            row.election = row.accreditation.election
    return found


def ensure_good(badge: Badge, *, at: datetime) -> None:
    """Raise BadgeSuspendedError, BadgeNotAccreditedError or BadgeOverError for a card that would open no door."""
    ensure_accredited(badge.accreditation, at=at)
    if badge.valid_until <= at:
        raise BadgeOverError


def mark_printed_locked(badges: Sequence[Badge], serials: Mapping[int, str], *, by: User, at: datetime) -> None:
    """Walk locked signed badges to printed, each on the card of its serial: one write and one event each.

    Raises IllegalTransitionError, and lets the database refuse a serial that is taken.
    """
    events = []
    for badge in badges:
        source = BadgeState(badge.state)
        ensure_transition(BADGE_TRANSITIONS, source, _S.PRINTED)
        badge.state, badge.printed_at, badge.printed_by = _S.PRINTED, at, by
        badge.stock_serial = serials.get(badge.pk, "")
        badge.version += 1
        events.append(
            EventDraft(
                verb="badge_printed",
                obj=badge,
                scope_id=badge.mission_id,
                from_state=source,
                to_state=_S.PRINTED,
                changed=[badge.stock_serial] if badge.stock_serial else [],
            )
        )
    fields = ["state", "printed_at", "printed_by", "stock_serial", "version"]
    Badge.objects.bulk_update(badges, fields, batch_size=100)
    record_events(events, by=by, at=at)


def raise_serial_taken(error: IntegrityError, election_id: int, serials: Collection[str]) -> None:
    """Raise StockSerialTakenError, naming serial and badge, if that is what the database refused."""
    if broken_constraint(error, Badge) != "badge_stock_serial_once":
        return
    taken = Badge.objects.filter(election=election_id, stock_serial__in=serials).order_by("stock_serial").first()
    detail = f"{taken.stock_serial}: {taken}" if taken else ""
    raise StockSerialTakenError(detail) from error


def end_locked(
    badge: Badge,
    target: BadgeState,
    verb: str,
    *,
    by: User | None,
    at: datetime,
    note: str,
    void_reason: VoidReason | None = None,
) -> None:
    """Walk a locked badge to its end within the caller's transaction. Raises IllegalTransitionError."""
    ensure_transition(BADGE_TRANSITIONS, BadgeState(badge.state), target)
    values: dict[str, Any] = {"ended_at": at}
    if void_reason is not None:
        values["void_reason"] = void_reason
    _move(badge, target, verb, values, told=[void_reason] if void_reason else [], note=note, by=by, at=at)


def _end(
    badge: Badge,
    target: BadgeState,
    verb: str,
    *,
    note: str,
    by: User,
    at: datetime,
    version: int | None,
    void_reason: VoidReason | None = None,
) -> Badge:
    with transaction.atomic():
        locked = lock_badge(badge, version=version)
        end_locked(locked, target, verb, by=by, at=at, note=note, void_reason=void_reason)
    return locked


def _move(
    badge: Badge,
    target: BadgeState,
    verb: str,
    values: Mapping[str, Any],
    *,
    told: Sequence[str],
    by: User | None,
    at: datetime,
    note: str = "",
) -> None:
    source = badge.state
    _write(badge, {**values, "state": target})
    record_event(
        verb,
        badge,
        by=by,
        at=at,
        scope_id=badge.mission_id,
        from_state=source,
        to_state=target,
        changed=[str(fact) for fact in told],
        reason=note.strip(),
    )


def _write(badge: Badge, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(badge, name, value)
    badge.version += 1
    badge.save(update_fields=[*values, "version"])


def _name(typed: str, error: type[DomainError]) -> str:
    """The name of a person as it is kept. Raises the error for an empty one, and for what no name may have."""
    try:
        name = clean_text(typed, max_length=_NAME_LENGTH).text
    except TextRefusedError as refused:
        raise error(refused.message) from refused
    if not name:
        raise error
    return name
