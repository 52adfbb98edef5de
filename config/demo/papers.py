"""A handful of people hand in files and the zone of the passport, some missions photos; other papers come on paper."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from accreditation.models import Application
from accreditation.rules import TAKES_PAPERS
from accreditation.services.documents import receive_file
from accreditation.services.passports import record_mrz
from accreditation.states import SIGNED_DOCUMENTS, DocumentKind
from config.demo.pictures import passport_page, photo, signed_sheet, zone_of
from config.demo.story import Story
from missions.models import Election, User

_K = DocumentKind
#: So many sign a document; the others send a picture of the sheet.
_AS_PDF = 3


@dataclass(frozen=True, slots=True)
class Papers:
    """Who receives files, in which election."""

    story: Story
    election: Election
    by: User

    def on(self, day: date) -> None:
        """Take in the files of those whose papers come on this day; a file that is there changes nothing."""
        at = self.story.instant(day, self.story.plot["files"]["handed_in"])
        references: list[str] = self.story.plot["files"]["references"]
        today = Application.objects.filter(
            election=self.election,
            nomination__reference__in=references,
            nomination__documents_on=day,
            state__in=TAKES_PAPERS,
        ).select_related("observer", "nomination", "election")
        for application in today:
            self._hand_in(application, references.index(application.nomination.reference) + 1, day, at)
        self._photos(day, at, first=len(references) + 1)
        self._zones(day, at)

    def _photos(self, day: date, at: datetime, *, first: int) -> None:
        """The photos of whole missions, which go on a badge."""
        people = Application.objects.filter(
            election=self.election, nomination__mission__code__in=self.story.plot["photos"]["missions"]
        ).order_by("nomination__mission__code", "nomination__reference")
        for number, application in enumerate(people.select_related("nomination", "election"), start=first):
            if application.nomination.documents_on == day and application.state in TAKES_PAPERS:
                receive_file(application=application, kind=_K.PHOTO, data=photo(number), by=self.by, at=at)

    def _zones(self, day: date, at: datetime) -> None:
        """The zones of those whose names the desk cannot turn into Latin letters."""
        for row in self.story.plot["zones"]:
            people = Application.objects.filter(election=self.election, nomination__reference=row["reference"])
            for application in people.filter(nomination__documents_on=day, state__in=TAKES_PAPERS):
                zone = zone_of(application.observer, surname=row["surname"], given_names=row["given_names"])
                record_mrz(application=application, text=zone, by=self.by, at=at)

    def _hand_in(self, application: Application, number: int, day: date, at: datetime) -> None:
        observer = application.observer
        made: dict[_K, Callable[[], bytes]] = {
            _K.PHOTO: lambda: photo(number),
            _K.PASSPORT_COPY: lambda: passport_page(observer, number),
            _K.PLEDGE: lambda: signed_sheet(observer, "Pledge of an observer", "PDF" if number <= _AS_PDF else "PNG"),
            _K.CONFLICT_STATEMENT: lambda: signed_sheet(observer, "Statement on conflicts of interest", "PNG"),
        }
        for kind, make in made.items():
            signed_on = day if kind in SIGNED_DOCUMENTS else None
            receive_file(application=application, kind=kind, data=make(), by=self.by, at=at, signed_on=signed_on)
        record_mrz(application=application, text=zone_of(observer), by=self.by, at=at)
