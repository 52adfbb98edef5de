"""Closed lists of presence: what teams report, what becomes of planned visits, what people answer to a roll call."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PresenceKind(TextChoices):
    """What a team reports."""

    IN_AREA = "in_area", _("in the area")
    ARRIVED = "arrived", _("arrived")
    LEFT = "left", _("left")


class VisitStanding(TextChoices):
    """What became of a visit by now. It is read from plan and reports, and stored nowhere."""

    DONE = "done", _("done")
    THERE = "there", _("there now")
    LATE = "late", _("late")
    MISSED = "missed", _("missed")
    TO_COME = "to_come", _("still to come")
    UNPLANNED = "unplanned", _("not planned")


class Reply(TextChoices):
    """What somebody answers who was asked to be safe."""

    SAFE = "safe", _("safe")
    NEEDS_HELP = "needs_help", _("needs help")
