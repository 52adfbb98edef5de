"""What the bench of moving election day works on: missions with laid timelines, and their accredited people."""

import datetime as dt
from dataclasses import dataclass

from accreditation.services.keeping import keep_accreditations
from missions.models import Election, Mission, Organization, User
from missions.states import DeploymentMode, FollowKind, MissionKind, OrganizationKind
from missions.timeline.models import Milestone
from missions.timeline.moving.rounds import open_next_round
from missions.timeline.moving.services import MovePreview, move_election_day, preview_election_move
from missions.timeline.services.laying import lay_timeline
from tests.benchmarks.badge_people import AT, make_people

#: After the polls have closed.
AFTER = dt.datetime(2024, 2, 8, 8, tzinfo=dt.UTC)
_TEMPLATES = ("odihr-type", "short-delegation")


@dataclass(frozen=True, slots=True)
class Instance:
    """An election with its missions, and who moves its day."""

    election: Election
    mover: User
    steps: int

    @classmethod
    def of(cls, missions: int, people: int) -> "Instance":
        """So many missions, with these people among the first eight."""
        mover = make_people(people)
        election = Election.objects.get()
        for number in range(Mission.objects.count(), missions):
            _mission(election, number)
        for number, mission in enumerate(Mission.objects.order_by("pk")):
            mission.template_code = _TEMPLATES[number % len(_TEMPLATES)]
            mission.save(update_fields=["template_code"])
            lay_timeline(mission=mission, by=None, at=AT)
        return cls(election, mover, Milestone.objects.count())

    def preview(self, new_day: dt.date) -> MovePreview:
        """What the move touches."""
        return preview_election_move(election=self.election, new_day=new_day, by=self.mover, at=AT)

    def move(self, new_day: dt.date, digest: str) -> Election:
        """Move the day by the preview of this digest."""
        return move_election_day(
            election=self.election, new_day=new_day, reason="Bench", digest=digest, by=self.mover, at=AT
        )

    def open_run_off(self) -> Election:
        """Open the vote that follows."""
        day = dt.date(2024, 2, 21)
        return open_next_round(election=self.election, kind=FollowKind.RUN_OFF, e_day=day, by=self.mover, at=AFTER)

    def keep(self, run_off: Election) -> int:
        """Keep everybody's accreditation for it; returns how many."""
        return keep_accreditations(election=run_off, by=None, at=AFTER)


def _mission(election: Election, number: int) -> Mission:
    organization = Organization.objects.create(
        acronym=f"ORG-{number}", name=f"Organization for Elections, number {number}", kind=OrganizationKind.INGO
    )
    return Mission.objects.create(
        election=election,
        organization=organization,
        code=f"ORG-{number}",
        name=f"Mission {number}",
        kind=MissionKind.DELEGATION,
        deployment_mode=DeploymentMode.HOST_COORDINATED,
    )
