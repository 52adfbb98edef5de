"""Whether a badge is good now, asked of the badge and its accreditation: one answer for the list and for the server."""

from accreditation.badges.codes.revocations import RevocationReason
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


def revocation_reason(state: str, void_reason: str, *, is_accredited: bool) -> RevocationReason | None:
    """Why a badge opens no door, None if it does. A badge that was only intended has never been issued."""
    if state == BadgeState.VOID:
        return _OF_VOID[VoidReason(void_reason)]
    own = _OF_STATE.get(BadgeState(state))
    return own if own is not None or is_accredited else RevocationReason.WITHDRAWN
