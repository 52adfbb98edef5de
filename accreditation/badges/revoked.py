"""Whether a badge is good now, asked of the badge and its accreditation: one answer for the list and for the server."""

from accreditation.badges.codes.revocations import RevocationReason
from accreditation.badges.models import Badge
from accreditation.badges.states import BadgeState, VoidReason

_OF_VOID = {
    VoidReason.REPLACED: RevocationReason.REPLACED,
    VoidReason.CHANGED: RevocationReason.REPLACED,
    VoidReason.KEY: RevocationReason.REPLACED,
    VoidReason.LOST: RevocationReason.LOST,
    VoidReason.WITHDRAWN: RevocationReason.WITHDRAWN,
    VoidReason.SPOILED: RevocationReason.VOID,
}
_OF_STATE = {
    BadgeState.INTENDED: RevocationReason.VOID,
    BadgeState.LOST: RevocationReason.LOST,
    BadgeState.RETURNED: RevocationReason.WITHDRAWN,
}


def revocation_reason(badge: Badge, *, is_accredited: bool) -> RevocationReason | None:
    """Why the badge opens no door, None if it does. A badge that was only intended has never been issued."""
    if badge.state == BadgeState.VOID:
        return _OF_VOID[VoidReason(badge.void_reason)]
    own = _OF_STATE.get(BadgeState(badge.state))
    return own if own is not None or is_accredited else RevocationReason.WITHDRAWN
