"""Colours of badges, checks and alerts. Colour never says what words do not."""

from accreditation.badges.states import BadgeState, ScanResult

_B = BadgeState
BADGE_TONES: dict[str, str] = {
    _B.INTENDED: "warning",
    _B.SIGNED: "info",
    _B.PRINTED: "primary",
    _B.HANDED_OVER: "success",
    _B.LOST: "danger",
    _B.VOID: "danger",
}
_R = ScanResult
RESULT_TONES: dict[str, str] = {
    _R.VALID: "success",
    _R.COMPARE: "warning",
    _R.WRONG_PLACE: "warning",
    _R.NOT_YET: "warning",
    _R.CLOCK_WRONG: "warning",
    _R.UNKNOWN_KEY: "warning",
    _R.EXPIRED: "danger",
    _R.REVOKED: "danger",
    _R.PHOTO_DIFFERS: "danger",
    _R.FORGED: "danger",
    _R.INVALID: "danger",
}
