"""After a restore: what the published list of revoked badges knows and the database has forgotten stays revoked."""

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accreditation.badges.codes.revocations import RevocationReason, RevokedBadges
from accreditation.badges.models import Badge
from accreditation.badges.services.custody import end_locked, lock_badges
from accreditation.badges.states import BadgeState, VoidReason
from accreditation.states import AccreditationState
from missions.models import Election

logger = logging.getLogger(__name__)

#: Cards that are out, or may be. One that is only intended stands on the list by that alone.
_SIGNED = (BadgeState.SIGNED, BadgeState.PRINTED, BadgeState.HANDED_OVER)
_VOID_REASONS: Mapping[RevocationReason, VoidReason] = {
    RevocationReason.WITHDRAWN: VoidReason.WITHDRAWN,
    RevocationReason.LOST: VoidReason.LOST,
    RevocationReason.REPLACED: VoidReason.REPLACED,
    RevocationReason.VOID: VoidReason.SPOILED,
}


def take_in_revocations(*, election: Election, published: RevokedBadges, at: datetime) -> int:
    """Make badges void that a list from before the restore calls revoked and the database calls good; how many.

    Whoever should have a badge all the same gets another one. Records "badge_void" by nobody.
    """
    with transaction.atomic():
        good = Badge.objects.filter(
            election=election, state__in=_SIGNED, accreditation__state=AccreditationState.ACTIVE
        ).order_by("pk")
        forgotten = [
            pk for pk, code_id in good.values_list("pk", "code_id") if bytes.fromhex(code_id) in published.entries
        ]
        taken = [badge for badge in lock_badges(forgotten) if badge.state in _SIGNED]
        for badge in taken:
            reason = _VOID_REASONS[published.entries[bytes.fromhex(badge.code_id)]]
            note = _("Revoked on the published list of before the restore.")
            end_locked(badge, BadgeState.VOID, "badge_void", by=None, at=at, note=note, void_reason=reason)
    if taken:
        logger.warning("%d badges of %s were revoked before the restore and are void", len(taken), election.code)
    return len(taken)


def unknown_entries(*, election: Election, lists: Iterable[RevokedBadges]) -> dict[bytes, RevocationReason]:
    """Revoked badges of these lists that the database has never heard of. They stay on every list."""
    entries = {code_id: reason for one in lists for code_id, reason in one.entries.items()}
    if not entries:
        return {}
    listed = Badge.objects.filter(election=election, code_id__in=[code_id.hex() for code_id in entries])
    known = {bytes.fromhex(code_id) for code_id in listed.values_list("code_id", flat=True)}
    return {code_id: reason for code_id, reason in entries.items() if code_id not in known}
