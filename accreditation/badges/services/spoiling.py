"""Badges whose words are no longer true because somebody corrected the person: void, and another one intended.

Called within the transaction of the correction, so that there is never a good badge that says the former facts.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from accreditation.badges.errors import BadgeNotAccreditedError, BadgeOverError, BadgeSuspendedError
from accreditation.badges.models import Badge
from accreditation.badges.services.custody import end_locked, lock_badges
from accreditation.badges.services.intents import SIGN_BELL, drawn_portraits, intend_locked, lock_accreditations
from accreditation.badges.states import BadgeState, VoidReason
from missions.kernel.doorbell import ring_after_commit
from missions.models import User

#: Who gets no other badge now, and perhaps later: the correction stands all the same.
_NOT_DUE = (BadgeSuspendedError, BadgeNotAccreditedError, BadgeOverError)


def lock_live_badges(*, accreditation_ids: Collection[int]) -> list[Badge]:
    """The live badges of these accreditations, locked until the transaction ends, so that nobody hands one over."""
    return lock_badges(_live(accreditation_ids))


def replace_corrected_badges(*, successors: Mapping[int, int], reason: str, by: User, at: datetime) -> list[Badge]:
    """Make the live badges of corrected accreditations void; returns those that are intended in their place.

    `successors` maps each accreditation to the one that holds now. A person who had no live badge gets none, nor
    does one whose accreditation is suspended or over. The signer is asked after the commit. Records "badge_void" and
    "badge_intended". Raises what `intend_locked` reports of the others.
    """
    spoiled = lock_badges(_live(successors))
    for badge in spoiled:
        end_locked(badge, BadgeState.VOID, "badge_void", by=by, at=at, note=reason, void_reason=VoidReason.CHANGED)
    due = [successors[badge.accreditation_id] for badge in spoiled]
    if not due:
        return []
    with drawn_portraits(due, by=by, at=at) as portraits:
        intents = intend_locked(lock_accreditations(due), portraits, by=by, at=at)
    for error in intents.refused.values():
        if not isinstance(error, _NOT_DUE):
            raise error
    ring_after_commit(SIGN_BELL)
    return list(intents.added.values())


def _live(accreditation_ids: Collection[int]) -> list[int]:
    return list(Badge.objects.live().filter(accreditation__in=accreditation_ids).values_list("pk", flat=True))
