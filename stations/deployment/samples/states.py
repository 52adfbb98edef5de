"""States and closed lists of station samples."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from missions.kernel.transitions import Transitions


class SampleState(TextChoices):
    DRAWN = "drawn", _("drawn")
    LOCKED = "locked", _("locked")
    DISCARDED = "discarded", _("discarded")


_S = SampleState
SAMPLE_TRANSITIONS: Transitions[SampleState] = {
    _S.DRAWN: frozenset({_S.LOCKED, _S.DISCARDED}),
    _S.LOCKED: frozenset(),
    _S.DISCARDED: frozenset(),
}


class FramePart(TextChoices):
    """Which stations of the register a sample is drawn from."""

    ALL = "all", _("all stations")
    HOME = "home", _("stations at home")
    OVERSEAS = "overseas", _("stations abroad")
    NEWLY_COVERED = "newly_covered", _("stations in newly covered territory")
    SPECIAL = "special", _("special stations")


class Stratifier(TextChoices):
    """A property that divides the frame; each combination of values that occurs is a stratum."""

    REGION = "region", _("region, or country abroad")
    SETTLEMENT = "settlement", _("urban or rural")
    SPECIAL = "special", _("special station")
    NEWLY_COVERED = "newly_covered", _("newly covered territory")
    CAMERA = "camera", _("web camera")
    OVERSEAS = "overseas", _("at home or abroad")


class Place(TextChoices):
    """What a station is to the sample."""

    DRAWN = "drawn", _("in the sample")
    RESERVE = "reserve", _("reserve")
    REPLACED = "replaced", _("replaced")
