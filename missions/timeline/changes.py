"""The kinds of change that this room makes, as those see them who are asked what a change would spoil."""

from dataclasses import dataclass
from datetime import date

from missions.impact import Change


@dataclass(frozen=True, slots=True)
class ElectionMove(Change):
    """Election day becomes another one. The day until now is the one that the election still has when this is asked."""

    new_day: date
