"""New badges for everybody whose badge was signed with a key that was withdrawn."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accreditation.badges.errors import KeyStillTrustedError
from accreditation.badges.models import Badge
from accreditation.badges.services.issuing import CHUNK, ask_for_signatures, named_refusals, replace_badge_within
from accreditation.badges.services.trust import current_keys
from accreditation.badges.states import BadgeState, VoidReason
from missions.kernel.errors import DomainError
from missions.models import Election, User


@dataclass(frozen=True, slots=True)
class Rekeying:
    """What became of the badges of a key: replaced, of these signed, and why each of the others was not replaced."""

    replaced: int
    signed: int
    refused: tuple[tuple[str, str], ...]


def reissue_of_key(
    *, key_id: str, by: User, at: datetime, progress: Callable[[int], object] = lambda done: None
) -> Rekeying:
    """Make every live badge of the key void and issue another one, each in a transaction of its own.

    The signer is asked for a hundred at a time. Interrupted and called again, it goes on with the rest. Whoever cannot
    get a new badge, because the accreditation has ended or what the badge says cannot be printed any more, keeps the
    old one, which nobody takes as good. Raises KeyStillTrustedError before the root has withdrawn the key.
    """
    live = Badge.objects.live().filter(key_id=key_id).order_by("number")
    for election in Election.objects.filter(pk__in=live.order_by().values("election")):
        keys = current_keys(election)
        if keys is None or not all(one.is_withdrawn for one in keys.of_kid(bytes.fromhex(key_id))):
            raise KeyStillTrustedError
    newer: list[int] = []
    refused: list[tuple[str, str]] = []
    badges = list(live.defer("token"))
    for start in range(0, len(badges), CHUNK):
        chunk = badges[start : start + CHUNK]
        replaced = [one for badge in chunk if (one := _replaced(badge, refused, by=by, at=at)) is not None]
        ask_for_signatures(replaced, by=by, at=at)
        newer += replaced
        progress(start + len(chunk))
    signed = Badge.objects.filter(pk__in=newer, state=BadgeState.SIGNED).count()
    return Rekeying(len(newer), signed, tuple(refused))


def _replaced(badge: Badge, refused: list[tuple[str, str]], *, by: User, at: datetime) -> int | None:
    """The id of the badge in the place of this one; None, with the reason told, if there cannot be one."""
    note = _("The signing key %s was withdrawn.") % badge.key_id
    try:
        with named_refusals(), transaction.atomic():
            return replace_badge_within(badge=badge, reason=VoidReason.KEY, note=note, by=by, at=at).pk
    except DomainError as error:
        refused.append((badge.number_text, error.sentence))
        return None
