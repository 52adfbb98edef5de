"""Issuing badges: the intent is committed first, then the signer is asked; never one transaction over both.

If the signer is away, the intent stays, and the job asks again. Whoever issues a badge twice gets the same one.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accreditation.badges.composing import FOREIGN
from accreditation.badges.content import read_content
from accreditation.badges.errors import LiveBadgeError, SignerAwayError
from accreditation.badges.models import Badge
from accreditation.badges.rules import REISSUE_REASONS, REPLACEABLE
from accreditation.badges.services.custody import end_locked, lock_badge
from accreditation.badges.services.intents import (
    SIGN_BELL,
    Intents,
    Portraits,
    drawn_portraits,
    intend_locked,
    lock_accreditations,
    single,
)
from accreditation.badges.signer import request_signatures
from accreditation.badges.states import BadgeState, VoidReason
from accreditation.errors import ReasonMissingError, RegisterChangedError
from accreditation.models import Accreditation
from accreditation.states import AccreditationState
from missions.kernel.doorbell import ring_after_commit
from missions.kernel.errors import DomainError, MissingError
from missions.kernel.integrity import broken_constraint
from missions.kernel.transitions import IllegalTransitionError
from missions.models import User

logger = logging.getLogger(__name__)

#: People of one transaction of intents, and of one request for signatures.
CHUNK = 100
#: Signatures that one turn of the job asks for at most.
PER_TURN = 1000
#: The result of a person whose badge broke in a way that nobody foresaw.
BROKEN = "badge-broken"


@dataclass(frozen=True, slots=True)
class IssueResult:
    """What became of one accreditation: its live badge, new or not; or the stable code of why none, and a sentence."""

    accreditation_id: int
    badge_id: int | None = None
    code: str = ""
    detail: str = ""


def issue_badge(*, accreditation: Accreditation, by: User, at: datetime, foreign: str = FOREIGN) -> Badge:
    """The live badge of the accreditation: the one there is, or a new one, signed if the signer answers.

    Records "badge_intended" for a new one. Not to be called within a transaction. Raises BadgeNotAccreditedError,
    BadgeSuspendedError, BadgeOverError, NoLatinNameError, FileLostError, LanguageNotOfferedError,
    RegisterChangedError, NoSpaceError, MissingError.
    """
    intents = _intend([accreditation.pk], by=by, at=at, foreign=foreign)
    badge = intents.there.get(accreditation.pk) or single(intents, accreditation.pk)
    return _signed(badge, by=by, at=at)


def issue_badges(
    *, accreditation_ids: Sequence[int], by: User, at: datetime, foreign: str = FOREIGN
) -> list[IssueResult]:
    """`issue_badge` for many people, a hundred at a time; one result each, in the order given.

    Who cannot get a badge stops nobody else, whatever it is. Once the signer is away it is not asked again; the rest
    is intended all the same.
    """
    results: dict[int, IssueResult] = {}
    is_signing = True
    for keys in _chunks(list(dict.fromkeys(accreditation_ids))):
        found = intend_each(keys, by=by, at=at, foreign=foreign)
        results |= {result.accreditation_id: result for result in found}
        if is_signing:
            is_signing = ask_for_signatures([row.badge_id for row in found if row.badge_id is not None], by=by, at=at)
    return [results[key] for key in accreditation_ids]


def reissue_badge(
    *, badge: Badge, reason: VoidReason, note: str, by: User, at: datetime, version: int | None = None
) -> Badge:
    """Make a badge void and intend another for the person, in one transaction; then have it signed.

    A lost badge stays lost. Records "badge_void" and "badge_intended". Raises ReasonMissingError, BadgeChangedError,
    IllegalTransitionError for a badge that was returned or made void, and as `issue_badge` does; ValueError for a
    reason after which the person gets no other badge.
    """
    drawing = drawn_portraits([badge.accreditation_id], by=by, at=at)
    with named_refusals(), drawing as portraits, transaction.atomic(durable=True):
        newer = _replace(badge, portraits, reason=reason, note=note, by=by, at=at, version=version)
    return _signed(newer, by=by, at=at)


def replace_badge_within(*, badge: Badge, reason: VoidReason, note: str, by: User, at: datetime) -> Badge:
    """As `reissue_badge`, within the transaction of the caller, who changes what the badge says.

    The newer badge waits for its signature; the signer is asked after the commit. The accreditation and the badge
    are locked here, the election last.
    """
    with drawn_portraits([badge.accreditation_id], by=by, at=at) as portraits:
        newer = _replace(badge, portraits, reason=reason, note=note, by=by, at=at, version=None)
    ring_after_commit(SIGN_BELL)
    return newer


def sign_waiting(*, at: datetime, limit: int = PER_TURN) -> int:
    """Ask the signer for the intended badges whose accreditations count, the oldest first; returns how many it signed.

    A badge that the signer refuses stays as it is and stops no other.
    """
    waiting = Badge.objects.filter(state=BadgeState.INTENDED, accreditation__state=AccreditationState.ACTIVE)
    keys = list(waiting.order_by("intended_at", "pk").values_list("pk", flat=True)[:limit])
    for chunk in _chunks(keys):
        if not ask_for_signatures(chunk, by=None, at=at):
            break
    return Badge.objects.filter(pk__in=keys).exclude(state=BadgeState.INTENDED).count()


def intend_each(
    accreditation_ids: Sequence[int], *, by: User, at: datetime, foreign: str = FOREIGN
) -> list[IssueResult]:
    """Commit the intents of one chunk of people; one result each, without asking the signer.

    If the chunk breaks as a whole, each person is tried alone, so that one who cannot be written down stops nobody.
    """
    try:
        intents = _intend(accreditation_ids, by=by, at=at, foreign=foreign)
    except DomainError as error:
        return [IssueResult(key, code=error.code, detail=error.sentence) for key in accreditation_ids]
    except Exception:
        if len(accreditation_ids) == 1:
            logger.exception("The badge of accreditation %s broke", accreditation_ids[0])
            detail = _("The badge could not be made; please tell the support.")
            return [IssueResult(accreditation_ids[0], code=BROKEN, detail=detail)]
        return [result for key in accreditation_ids for result in intend_each([key], by=by, at=at, foreign=foreign)]
    return [_result(key, intents) for key in accreditation_ids]


def ask_for_signatures(badge_ids: Sequence[int], *, by: User | None, at: datetime) -> bool:
    """Have intended badges signed, as far as the signer agrees; False if it is away, and the job will ask again."""
    if not badge_ids:
        return True
    try:
        results = request_signatures(badge_ids, at=at, by=by)
    except SignerAwayError as error:
        logger.warning("%s badges wait for their signature: %s", len(badge_ids), error.code)
        return False
    for result in results:
        if result.code:
            logger.warning("Badge %s was not signed: %s", result.badge_id, result.code)
    return True


@contextmanager
def named_refusals() -> Iterator[None]:
    """Turn what the database refuses of an intent into the error with a name. Enter it outside the transaction."""
    try:
        yield
    except IntegrityError as error:
        match broken_constraint(error, Badge):
            case "badge_one_live" | "badge_issue_once":
                raise LiveBadgeError from error
            case "badge_number_once":
                raise RegisterChangedError from error
            case _:
                raise


def _intend(accreditation_ids: Sequence[int], *, by: User, at: datetime, foreign: str) -> Intents:
    live = Badge.objects.live().filter(accreditation__in=accreditation_ids)
    without = set(accreditation_ids) - set(live.values_list("accreditation", flat=True))
    drawing = drawn_portraits(without, by=by, at=at)
    with named_refusals(), drawing as portraits, transaction.atomic(durable=True):
        return intend_locked(lock_accreditations(accreditation_ids), portraits, by=by, at=at, foreign=foreign)


def _replace(
    badge: Badge,
    portraits: Portraits,
    *,
    reason: VoidReason,
    note: str,
    by: User,
    at: datetime,
    version: int | None,
) -> Badge:
    if reason not in REISSUE_REASONS:
        raise ValueError(f"nobody gets another badge because of {reason!r}")
    if not note.strip():
        raise ReasonMissingError
    locked = lock_badge(badge, version=version)
    if locked.state not in REPLACEABLE:
        raise IllegalTransitionError(BadgeState(locked.state), BadgeState.VOID)
    if locked.state != BadgeState.LOST:
        end_locked(locked, BadgeState.VOID, "badge_void", by=by, at=at, note=note, void_reason=reason)
    accreditations = lock_accreditations([locked.accreditation_id])
    foreign = read_content(locked.content).languages[-1]
    return single(intend_locked(accreditations, portraits, by=by, at=at, foreign=foreign), locked.accreditation_id)


def _signed(badge: Badge, *, by: User, at: datetime) -> Badge:
    """The stored badge, after the signer was asked if it still waits for it."""
    if badge.state == BadgeState.INTENDED:
        ask_for_signatures([badge.pk], by=by, at=at)
    return Badge.objects.select_related("election", "accreditation").get(pk=badge.pk)


def _result(accreditation_id: int, intents: Intents) -> IssueResult:
    badge = intents.added.get(accreditation_id) or intents.there.get(accreditation_id)
    if badge is not None:
        return IssueResult(accreditation_id, badge.pk)
    error = intents.refused.get(accreditation_id, MissingError())
    return IssueResult(accreditation_id, code=error.code, detail=error.sentence[:300])


def _chunks(keys: Sequence[int]) -> Iterator[list[int]]:
    rest = iter(keys)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk
