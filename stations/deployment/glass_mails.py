"""The mail to a mission's leads when somebody of the ministry reads their plan, asked once more before it goes."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from missions.reminders.models import Message
from missions.reminders.sources import ReminderDraft
from missions.reminders.wording import Wordings
from missions.timeline.selectors import lead_addresses

RULE: Final = "glass_broken"
MAILS: Final = Wordings(Path(__file__).parent / "mails")


class GlassBroken:
    """A source that plans nothing by itself: who breaks the glass posts the mails in the same transaction."""

    rule = RULE

    def due(self, *, at: datetime) -> Iterator[ReminderDraft]:
        """Nothing: see services.break_glass."""
        return iter(())

    def still_due(self, message: Message, *, at: datetime) -> bool:
        """That somebody looked stays true, also when it is over; but only who still leads the mission is told."""
        if message.mission_id is None:
            return False
        return message.to_address in lead_addresses({message.mission_id}).get(message.mission_id, ())


glass_broken = GlassBroken()
