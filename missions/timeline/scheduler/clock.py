"""The wall clock of a solve: a deadline that stages ask about."""

import math
import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Deadline:
    """An instant of the monotonic clock after which no new work is begun."""

    at: float = math.inf

    @classmethod
    def after(cls, seconds: float | None) -> "Deadline":
        """Return the deadline so many seconds from now; None means never."""
        return cls() if seconds is None else cls(at=time.monotonic() + seconds)

    def passed(self) -> bool:
        """Return whether the instant is over."""
        return time.monotonic() >= self.at

    def remaining(self, *, at_most: float) -> float:
        """Return the seconds left, between 0 and `at_most`."""
        return min(at_most, max(0.0, self.at - time.monotonic()))
