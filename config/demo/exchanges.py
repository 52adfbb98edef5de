"""What ministry and missions say to each other beside the desk: a letter to many, a rhythm of mails, plans noted."""

from dataclasses import dataclass
from datetime import date, datetime

from config.demo.story import Story
from missions.models import Election, Mission, User
from missions.reminders.models import Broadcast, DigestChoice
from missions.reminders.services.broadcasts import BroadcastSpec, prepare_broadcast, send_broadcast, write_broadcast
from missions.reminders.services.digests import choose_digest
from missions.reminders.specs import StepText
from missions.reminders.states import Audience
from missions.states import MailLanguage, OrganizationKind
from stations.deployment.models import DeploymentPlan
from stations.deployment.services.acknowledging import acknowledge_plan


@dataclass(frozen=True, slots=True)
class Exchanges:
    """Who writes for the ministry. Each act looks first at what is there, so that it happens once."""

    story: Story
    election: Election
    protocol: User

    def on(self, day: date) -> None:
        """What is chosen, written and taken note of on this day."""
        plot = self.story.plot
        for name, act in (("digest", self._choose), ("broadcast", self._write), ("acknowledged", self._acknowledge)):
            if self.story.is_on(day, plot[name]["on"]):
                act(self.story.moment(plot[name]["on"]))

    def _choose(self, at: datetime) -> None:
        """One mission wants its reminders in one mail a day."""
        plot = self.story.plot["digest"]
        mission = self._mission(plot["mission"])
        if not DigestChoice.objects.filter(mission=mission).exists():
            choose_digest(mission=mission, local_time=plot["local_time"], by=self._lead(mission), at=at)

    def _write(self, at: datetime) -> None:
        """A letter to the leads of some delegations, shown and confirmed."""
        plot = self.story.plot["broadcast"]
        if Broadcast.objects.filter(election=self.election).exists():
            return
        spec = BroadcastSpec(
            election=self.election,
            texts={MailLanguage(code): StepText(**text) for code, text in plot["texts"].items()},
            audiences=(Audience.LEADS,),
            organization_kinds=tuple(OrganizationKind(kind) for kind in plot["organization_kinds"]),
        )
        broadcast = write_broadcast(spec=spec, by=self.protocol, at=at)
        prepared = prepare_broadcast(broadcast=broadcast, by=self.protocol, at=at)
        send_broadcast(broadcast=prepared, typed_count=prepared.recipients, by=self.protocol, at=at)

    def _acknowledge(self, at: datetime) -> None:
        """Some leads take note of the plan that sends their people out: that of their mission, or of the pool."""
        released = DeploymentPlan.objects.filter(election=self.election).released()
        for code in self.story.plot["acknowledged"]["missions"]:
            mission = self._mission(code)
            plan = released.filter(members__nomination__mission=mission).distinct().get()
            acknowledge_plan(plan=plan, mission=mission, by=self._lead(mission), at=at)

    def _mission(self, code: str) -> Mission:
        return Mission.objects.get(election=self.election, code=code)

    def _lead(self, mission: Mission) -> User:
        return User.objects.filter(memberships__mission=mission).order_by("pk")[0]
