"""The programme's tables: what is shared, who asks for it, and the versions of who comes when."""

from missions.timeline.programme.models.programmes import Booking, HeldSlot, Programme
from missions.timeline.programme.models.requests import MeetingRequest, ProtocolRank
from missions.timeline.programme.models.resources import Closure, InterpreterPool, OpenWindow, SharedResource

__all__ = [
    "Booking",
    "Closure",
    "HeldSlot",
    "InterpreterPool",
    "MeetingRequest",
    "OpenWindow",
    "Programme",
    "ProtocolRank",
    "SharedResource",
]
