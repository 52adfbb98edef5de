"""Setting the scene: the election, the people who sign in, and the files taken in by the importers that staff use."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from accreditation.intake.services.files import commit_nominations
from config.demo.story import Story
from missions.models import Election, Mission, User
from missions.roster.services import commit_roster
from missions.services.accounts import open_staff_account
from missions.services.elections import call_election
from missions.services.missions import appoint_member
from missions.states import MembershipRole
from missions.timeline.services import lay_timeline
from stations.register.services import commit_register

_SINGLE_FILES = ("organizations.xlsx", "stations.xlsx", "overseas.csv")


@dataclass(frozen=True, slots=True)
class Scene:
    """The folder of files, the story, and the instant at which everything arrives."""

    reference: Path
    story: Story

    @property
    def at(self) -> datetime:
        return self.story.begins_at

    def election(self) -> Election:
        """The election of the story; set up if it is not there."""
        found = Election.objects.filter(code=self.story.election.code).first()
        return found or call_election(
            facts=self.story.election,
            commission_code=self.story.commission_code,
            commission_name=self.story.commission_name,
            by=None,
            at=self.at,
        )

    def staff(self) -> dict[str, User]:
        """One person per role of the ministry."""
        people = {}
        for member in self.story.staff:
            email = self.story.address_of(member.role)
            people[member.role] = User.objects.filter(email=email).first() or open_staff_account(
                email=email,
                first_name=member.first_name,
                last_name=member.last_name,
                role=member.role,
                password=self.story.password,
                by=None,
                at=self.at,
            )
        return people

    @property
    def file_count(self) -> int:
        return len(_SINGLE_FILES) + len(self._nomination_files())

    def take_in_files(self, election: Election, people: dict[str, User], on_step: Callable[[str], None]) -> None:
        """Organizations, stations and nominations, in the order in which they depend on each other."""
        registrar = people["registrar"]
        roster, *registers = _SINGLE_FILES
        self._take_in_roster(roster, election, registrar)
        on_step(roster)
        for name in registers:
            commit_register(self._bytes(name), file_name=name, election=election, by=registrar, at=self.at)
            on_step(name)
        missions = {mission.code: mission for mission in Mission.objects.filter(election=election)}
        for path in self._nomination_files():
            mission = missions[path.stem]
            commit_nominations(path.read_bytes(), file_name=path.name, mission=mission, by=registrar, at=self.at)
            on_step(path.name)

    def lay_timelines(self, election: Election, people: dict[str, User]) -> None:
        """A timeline for every mission that has a template."""
        for mission in Mission.objects.filter(election=election).exclude(template_code=""):
            lay_timeline(mission=mission, by=people["protocol"], at=self.at)

    def _take_in_roster(self, name: str, election: Election, registrar: User) -> None:
        report = commit_roster(self._bytes(name), file_name=name, election=election, by=registrar, at=self.at)
        missions = {mission.code: mission for mission in Mission.objects.filter(election=election)}
        for code, email in report.lead_emails:
            membership, _is_new = appoint_member(
                mission=missions[code], email=email, role=MembershipRole.LEAD, by=registrar, at=self.at
            )
            lead = membership.user
            if code in self.story.plot["missions"]["leads"] and not lead.has_usable_password():
                lead.set_password(self.story.password)
                lead.save(update_fields=["password"])

    def _nomination_files(self) -> list[Path]:
        return sorted((self.reference / "nominations").glob("*.xlsx"))

    def _bytes(self, name: str) -> bytes:
        return (self.reference / name).read_bytes()
