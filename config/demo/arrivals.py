"""Files that come in: nominations staged and committed as staff do it, citizen observers, and lists of other people."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from accreditation.citizens.models import CitizenFile
from accreditation.citizens.services import check_citizens, commit_citizens, order_citizens, receive_citizens
from accreditation.citizens.states import FileState
from accreditation.intake.models import NominationImport
from accreditation.intake.result import result_name, write_result
from accreditation.intake.services.commits import commit_import
from accreditation.intake.services.staging import discard_import, read_received, stage_nominations
from accreditation.intake.states import ImportState
from accreditation.services.listed import import_listed
from accreditation.services.quotas import set_quota
from accreditation.services.revetting import revet_after_list_changes
from accreditation.states import Category
from config.demo.story import Story
from config.reference.files import CITIZENS, FIRST_VERSION, LISTED, NOMINATIONS
from missions.models import Election, Mission, User

#: The folders of nomination files, and the category of the people in them.
_FOLDERS = {NOMINATIONS: Category.INTERNATIONAL_OBSERVER} | {
    category.value: category for category in (Category.EXIT_POLLSTER, Category.FOREIGN_MEDIA)
}


@dataclass(frozen=True, slots=True)
class Arrivals:
    """The folder of files, the one where answers are put, and who takes the files in."""

    reference: Path
    answers: Path
    story: Story
    election: Election
    by: User

    @property
    def first_day_files(self) -> list[tuple[Path, Category]]:
        """Nomination files that are there on the first day: all but those that come in two versions."""
        late = {path.name for path in self._first_versions()}
        return [
            (path, category)
            for folder, category in _FOLDERS.items()
            for path in sorted((self.reference / folder).glob("*.xlsx"))
            if path.name not in late
        ]

    def set_quotas(self, at: datetime) -> None:
        """Grant the places that the plot names; granted once, nothing changes."""
        for row in self.story.plot["quotas"]:
            mission = Mission.objects.get(election=self.election, code=row["mission"])
            set_quota(mission=mission, category=Category(row["category"]), ceiling=row["ceiling"], by=self.by, at=at)

    def take_in(self, path: Path, category: Category, at: datetime) -> NominationImport:
        """Stage a nomination file and commit what is sound; a file that was committed stays as it is."""
        mission = Mission.objects.get(election=self.election, code=path.stem)
        data = path.read_bytes()
        row = stage_nominations(
            data=data, file_name=path.name, mission=mission, category=category, by=self.by, at=at
        ).nomination_import
        if row.state == ImportState.RECEIVED:
            row = read_received(row, at=at)
        if row.state == ImportState.STAGED:
            row = commit_import(nomination_import=row, by=self.by, at=at).nomination_import
        return row

    def on(self, day: date) -> None:
        """Whatever comes in on this day."""
        acts = {
            "citizens": self._take_in_citizens,
            "listed": self._take_in_lists,
            "first_version": self._answer_first_version,
            "corrected": self._take_in_corrected,
        }
        for name, act in acts.items():
            if self.story.is_on(day, self.story.plot["arrivals"][name]):
                act(self.story.at("arrivals", name))

    def _take_in_citizens(self, at: datetime) -> None:
        data = (self.reference / CITIZENS).read_bytes()
        file: CitizenFile = receive_citizens(data, file_name=CITIZENS, election=self.election, by=self.by, at=at)
        if file.state == FileState.RECEIVED:
            file = check_citizens(file=file, at=at)
        if file.state == FileState.STAGED:
            file = order_citizens(file=file, by=self.by, at=at)
        if file.state == FileState.ORDERED:
            commit_citizens(file=file, at=at)

    def _take_in_lists(self, at: datetime) -> None:
        data = (self.reference / LISTED).read_bytes()
        import_listed(data, file_name=LISTED, election=self.election, by=self.by, at=at)
        revet_after_list_changes(at=at)

    def _answer_first_version(self, at: datetime) -> None:
        """Take what is sound, send the rest back, and write the answer that the mission gets."""
        for path in self._first_versions():
            row = self.take_in(path, Category.INTERNATIONAL_OBSERVER, at)
            if row.state == ImportState.STAGED:
                row = discard_import(nomination_import=row, by=self.by, at=at)
            self.answers.mkdir(parents=True, exist_ok=True)
            with (self.answers / result_name(row)).open("wb") as target:
                write_result(target, row)

    def _take_in_corrected(self, at: datetime) -> None:
        for path in self._first_versions():
            self.take_in(self.reference / NOMINATIONS / path.name, Category.INTERNATIONAL_OBSERVER, at)

    def _first_versions(self) -> Iterator[Path]:
        yield from sorted((self.reference / FIRST_VERSION).glob("*.xlsx"))
