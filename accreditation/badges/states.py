"""States and closed lists of badges, the state enum beside its table."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from missions.kernel.transitions import Transitions


class BadgeState(TextChoices):
    INTENDED = "intended", _("intended")
    SIGNED = "signed", _("signed")
    PRINTED = "printed", _("printed")
    HANDED_OVER = "handed_over", _("handed over")
    RETURNED = "returned", _("returned")
    LOST = "lost", _("lost")
    VOID = "void", _("void")


_B = BadgeState
BADGE_TRANSITIONS: Transitions[BadgeState] = {
    _B.INTENDED: frozenset({_B.SIGNED, _B.VOID}),
    _B.SIGNED: frozenset({_B.PRINTED, _B.VOID}),
    _B.PRINTED: frozenset({_B.HANDED_OVER, _B.VOID}),
    _B.HANDED_OVER: frozenset({_B.RETURNED, _B.LOST, _B.VOID}),
    _B.RETURNED: frozenset(),
    _B.LOST: frozenset({_B.RETURNED, _B.VOID}),
    _B.VOID: frozenset(),
}
#: An accreditation has at most one badge in one of these.
LIVE_BADGE_STATES = (_B.INTENDED, _B.SIGNED, _B.PRINTED, _B.HANDED_OVER)
#: A badge in one of these opens no door any more, whatever became of the accreditation.
DEAD_BADGE_STATES = (_B.RETURNED, _B.LOST, _B.VOID)


class VoidReason(TextChoices):
    """Why a badge was made void."""

    REPLACED = "replaced", _("replaced by a newer badge")
    SPOILED = "spoiled", _("spoiled in print")
    CHANGED = "changed", _("what it says has changed")
    WITHDRAWN = "withdrawn", _("the accreditation has ended")
    KEY = "key", _("its signing key was withdrawn")
    LOST = "lost", _("lost for good")


class CollectionProof(TextChoices):
    """How the desk knows who took a badge away."""

    SIGNATURE = "signature", _("signature on the list")
    SCAN = "scan", _("scan of the badge at the desk")


class CardFormat(TextChoices):
    ID1 = "id1", _("ID-1 card (85.6 by 54 mm)")
    A6 = "a6", _("A6 card (105 by 148 mm)")


class ScanResult(TextChoices):
    """What a check said, in the words of the verdict (accreditation.badges.codes.verdict)."""

    VALID = "valid", _("valid")
    COMPARE = "compare", _("signature good: compare")
    WRONG_PLACE = "wrong_place", _("not valid at this place")
    NOT_YET = "not_yet", _("not yet valid")
    CLOCK_WRONG = "clock_wrong", _("the clock of the device is wrong")
    UNKNOWN_KEY = "unknown_key", _("unknown key: update")
    EXPIRED = "expired", _("expired")
    REVOKED = "revoked", _("revoked")
    PHOTO_DIFFERS = "photo_differs", _("photo differs")
    FORGED = "forged", _("forged")
    INVALID = "invalid", _("not a badge code")


class PhotoCheck(TextChoices):
    """What the checker could say of the photo."""

    ABSENT = "absent", _("no photo to compare with")
    SHOWN = "shown", _("shown, not answered")
    SAME = "same", _("same person")
    DIFFERS = "differs", _("another person")


class AlertKind(TextChoices):
    """What a scan tells the supervisor."""

    FAR_APART = "far_apart", _("one badge at two far places within minutes")
    REVOKED_EARLIER = "revoked_earlier", _("let in after it had been revoked")
    PHOTO_DIFFERS = "photo_differs", _("the photo showed another person")
    CLOCK_OFF = "clock_off", _("the clock of the device was wrong")
