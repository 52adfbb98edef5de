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
    # Straight to sent goes what a digest carries: the digest alone is leased.
    _M.PLANNED: frozenset({_M.LEASED, _M.CANCELLED, _M.EXPIRED, _M.SENT}),
    _M.LEASED: frozenset({_M.SENT, _M.PLANNED, _M.FAILED, _M.PARKED}),
    _M.SENT: frozenset(),
    _M.CANCELLED: frozenset(),
    _M.EXPIRED: frozenset(),
    _M.FAILED: frozenset({_M.PLANNED}),
    _M.PARKED: frozenset({_M.PLANNED}),
}


#: What staff may have sent again.
RETRIABLE_STATES = frozenset({_M.FAILED, _M.PARKED})


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


class BroadcastState(TextChoices):
    DRAFT = "draft", _("draft")
    PREPARED = "prepared", _("prepared")
    QUEUED = "queued", _("handed over to be sent")
    STOPPED = "stopped", _("stopped")
    DISCARDED = "discarded", _("discarded")


_B = BroadcastState
BROADCAST_TRANSITIONS: Transitions[BroadcastState] = {
    _B.DRAFT: frozenset({_B.PREPARED, _B.DISCARDED}),
    _B.PREPARED: frozenset({_B.DRAFT, _B.QUEUED, _B.DISCARDED}),
    _B.QUEUED: frozenset({_B.STOPPED}),
    _B.STOPPED: frozenset(),
    _B.DISCARDED: frozenset(),
}
