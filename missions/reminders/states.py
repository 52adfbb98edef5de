"""States of a message in the outbox."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from missions.kernel.transitions import Transitions


class MessageState(TextChoices):
    PLANNED = "planned", _("planned")
    LEASED = "leased", _("being sent")
    SENT = "sent", _("sent")
    CANCELLED = "cancelled", _("cancelled")
    EXPIRED = "expired", _("expired")
    FAILED = "failed", _("failed")
    PARKED = "parked", _("parked")


_M = MessageState
MESSAGE_TRANSITIONS: Transitions[MessageState] = {
    _M.PLANNED: frozenset({_M.LEASED, _M.CANCELLED, _M.EXPIRED}),
    _M.LEASED: frozenset({_M.SENT, _M.PLANNED, _M.FAILED, _M.PARKED}),
    _M.SENT: frozenset(),
    _M.CANCELLED: frozenset(),
    _M.EXPIRED: frozenset(),
    _M.FAILED: frozenset({_M.PLANNED}),
    _M.PARKED: frozenset({_M.PLANNED}),
}


class Audience(TextChoices):
    """To whom a step of a rule goes."""

    LEADS = "leads", _("the leads of the mission")
    FOCAL_POINTS = "focal_points", _("the focal points of the mission")
    MEMBERS = "members", _("everybody who acts for the mission")
    TURN = "turn", _("staff whose turn it is")
    GROUP = "group", _("a group of the staff")


class Clock(TextChoices):
    """Whose clocks and calendar a step is counted by."""

    HOST = "host", _("the host country")
    SUBJECT = "subject", _("the place that it is about")
