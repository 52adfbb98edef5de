"""Letters: those of one session together, and some single ones of each kind."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from accreditation.letters.models import LetterBatch
from accreditation.letters.services.batches import issue_ordered_letters, order_session_letters
from accreditation.letters.services.issuing import issue_letter
from accreditation.letters.states import LetterKind
from accreditation.models import Application, CommissionSession
from config.demo.story import Story
from missions.models import Election, Mission, User


@dataclass(frozen=True, slots=True)
class Letters:
    """Who issues letters, in which election."""

    story: Story
    election: Election
    by: User

    def on(self, day: date) -> None:
        """The letters of this day; a letter that is issued is not issued again."""
        if self.story.is_on(day, self.story.plot["session_letters"]["ordered"]):
            self._issue_of_session()
        for row in self.story.plot["letters"]:
            if self.story.is_on(day, row["issued"]):
                subject, at = self._subject(row), self.story.moment(row["issued"])
                issue_letter(kind=LetterKind(row["kind"]), subject=subject, by=self.by, at=at)

    def _issue_of_session(self) -> None:
        at = self.story.at("session_letters", "ordered")
        held_on = self.story.day(self.story.plot["session_letters"]["session"])
        held_at = self.story.instant(held_on, self.story.plot["commission"]["session_time"])
        session = CommissionSession.objects.get(election=self.election, held_at=held_at)
        if not LetterBatch.objects.filter(session=session).exists():
            order_session_letters(session=session, by=self.by, at=at)
        issue_ordered_letters(at=at)

    def _subject(self, row: dict[str, Any]) -> Application | Mission:
        if "mission" in row:
            return Mission.objects.get(election=self.election, code=row["mission"])
        return Application.objects.live().get(election=self.election, nomination__reference=row["reference"])
