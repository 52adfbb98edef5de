"""New badges for everybody whose badge was signed with a key that was withdrawn."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accreditation.badges.errors import KeyStillTrustedError
from accreditation.badges.models import Badge
from accreditation.badges.services.issuing import reissue_badge
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

    Interrupted and called again, it goes on with the rest. Whoever cannot get a new badge, because the accreditation
    has ended or what the badge says cannot be printed any more, keeps the old one, which nobody takes as good. Raises
    KeyStillTrustedError before the root has withdrawn the key.
    """
    live = Badge.objects.live().filter(key_id=key_id).order_by("number")
    for election in Election.objects.filter(pk__in=live.order_by().values("election")):
        keys = current_keys(election)
        if keys is None or not all(one.is_withdrawn for one in keys.of_kid(bytes.fromhex(key_id))):
            raise KeyStillTrustedError
    replaced = signed = 0
    refused: list[tuple[str, str]] = []
    note = _("The signing key %s was withdrawn.") % key_id
    for done, badge in enumerate(live.defer("token"), start=1):
        try:
            newer = reissue_badge(badge=badge, reason=VoidReason.KEY, note=note, by=by, at=at)
        except DomainError as error:
            refused.append((badge.number_text, error.sentence))
        else:
            replaced += 1
            signed += newer.state == BadgeState.SIGNED
        progress(done)
    return Rekeying(replaced, signed, tuple(refused))
