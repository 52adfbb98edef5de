"""What one run of a solver says."""

from dataclasses import dataclass
from enum import StrEnum

from missions.timeline.scheduler.problem import Booking


class Outcome(StrEnum):
    """What a run found out. UNKNOWN is never taken for an answer."""

    FOUND = "found"
    IMPOSSIBLE = "impossible"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The best bookings found, their value (smaller is better) and what no bookings go below."""

    outcome: Outcome
    bookings: tuple[Booking, ...] = ()
    value: int = 0
    bound: int = 0
