"""The mails of releases, asked once more before they go: whether they still are the last word."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from missions.kernel.models import Event
from missions.reminders.models import Message
from missions.reminders.sources import ReminderDraft
from missions.reminders.wording import Wordings
from missions.timeline.selectors import lead_addresses

RULE = "programme_changed"
MAILS = Wordings(Path(__file__).parent / "mails")
#: What the history says of a mission whose places differ after a release; each such event is one piece of news.
VERB = "programme_changed"
SUBJECT_TYPE = Event._meta.label_lower


class ProgrammeChanged:
    """A source that plans nothing by itself: a release posts its mails in its own transaction."""

    rule = RULE

    def due(self, *, at: datetime) -> Iterator[ReminderDraft]:
        """Nothing: see services.notices."""
        return iter(())

    def still_due(self, message: Message, *, at: datetime) -> bool:
        """The mission's places were not changed again since, and the person still leads the mission."""
        event = Event.objects.filter(pk=message.subject_id, verb=VERB).first()
        if event is None or message.mission_id is None:
            return False
        newer = Event.objects.filter(
            verb=VERB, object_type=event.object_type, object_id=event.object_id, pk__gt=event.pk
        )
        leads = lead_addresses({message.mission_id}).get(message.mission_id, ())
        return message.to_address in leads and not newer.exists()


programme_changed = ProgrammeChanged()
