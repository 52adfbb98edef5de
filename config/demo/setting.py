"""Setting the scene: the election, the people who sign in, and the files taken in by the importers that staff use."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path

from config.demo.arrivals import Arrivals
from config.demo.invitations import Invitations
from config.demo.story import Story
from config.reference.files import OVERSEAS, PLANNED, STATIONS
from missions.models import Election, Mission, User
from missions.roster.services import preview_roster
from missions.services.accounts import open_staff_account
from missions.services.elections import call_election
from missions.services.missions import appoint_member
from missions.states import MembershipRole
from missions.timeline.services.laying import lay_timeline
from stations.register.services import commit_register

_REGISTERS = (STATIONS, OVERSEAS)


@dataclass(frozen=True, slots=True)
class Scene:
    """The folder of files and the story; `at` is the instant at which the files of the first day arrive."""

    reference: Path
    story: Story

    @property
    def at(self) -> datetime:
        return self.story.begins_at

    @property
    def called_at(self) -> datetime:
        """Noon of the day on which the election was called; the desk begins its work."""
        return self.story.instant(self.story.election.called_on, time(12))

    def election(self) -> Election:
        """The election of the story; set up if it is not there."""
        found = Election.objects.filter(code=self.story.election.code).first()
        return found or call_election(
            facts=self.story.election,
            commission_code=self.story.commission_code,
            commission_name=self.story.commission_name,
            by=None,
            at=self.called_at,
        )

    def staff(self) -> dict[str, User]:
        """The people of the ministry, by the names that the story has for them."""
        people = {}
        for member in self.story.staff:
            email = self.story.address_of(member.name)
            people[member.name] = User.objects.filter(email=email).first() or open_staff_account(
                email=email,
                first_name=member.first_name,
                last_name=member.last_name,
                role=member.role,
                password=self.story.password,
                by=None,
                at=self.called_at,
            )
        return people

    def file_count(self, arrivals: Arrivals) -> int:
        """How many steps `take_in_files` has."""
        return 1 + len(_REGISTERS) + len(arrivals.first_day_files)

    def take_in_files(
        self, election: Election, people: dict[str, User], arrivals: Arrivals, on_step: Callable[[str], None]
    ) -> None:
        """Organizations and their invitations, stations and nominations, in the order in which they depend."""
        registrar = people["registrar"]
        invitations = Invitations(self.reference, self.story, election, people["protocol"])
        invitations.plan()
        invitations.walk()
        self._appoint_leads(election, registrar)
        on_step(PLANNED)
        for name in _REGISTERS:
            commit_register(self._bytes(name), file_name=name, election=election, by=registrar, at=self.at)
            on_step(name)
        arrivals.set_quotas(self.at)
        for path, category in arrivals.first_day_files:
            arrivals.take_in(path, category, self.at)
            on_step(path.name)

    def lay_timelines(self, election: Election, people: dict[str, User]) -> None:
        """A timeline for every mission that has a template."""
        for mission in Mission.objects.filter(election=election).exclude(template_code=""):
            lay_timeline(mission=mission, by=people["protocol"], at=self.at)

    def _appoint_leads(self, election: Election, registrar: User) -> None:
        """Every mission has a lead; those that the plot names may sign in."""
        missions = {mission.code: mission for mission in Mission.objects.filter(election=election)}
        for row in preview_roster(self._bytes(PLANNED), file_name=PLANNED, election=election).missions:
            if not row.value.lead_email:
                continue
            mission, email = missions[row.value.code], row.value.lead_email
            membership, _is_new = appoint_member(
                mission=mission, email=email, role=MembershipRole.LEAD, by=registrar, at=self.at
            )
            lead = membership.user
            if mission.code in self.story.plot["missions"]["leads"] and not lead.has_usable_password():
                lead.set_password(self.story.password)
                lead.save(update_fields=["password"])

    def _bytes(self, name: str) -> bytes:
        return (self.reference / name).read_bytes()
