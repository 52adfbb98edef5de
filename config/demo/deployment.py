"""Plans for everybody: one solve per self-directed mission, made by its lead, and one for the pool, by the planner."""

from dataclasses import dataclass
from datetime import date, datetime

from accreditation.models import Accreditation
from accreditation.states import DEPLOYED_ROLES
from config.demo.story import Story
from missions.models import Election, Mission, User
from stations.deployment.models import DeploymentPlan
from stations.deployment.services.plans import make_plan
from stations.deployment.services.releases import release_plan
from stations.deployment.states import PlanState


@dataclass(frozen=True, slots=True)
class Deployment:
    """Who plans, and when plans are made and released."""

    story: Story
    election: Election
    planner: User

    def owners(self) -> list[Mission | None]:
        """The self-directed missions that have somebody to deploy, and None for the pool."""
        deployed = Accreditation.objects.live().filter(
            election=self.election, application__nomination__role__in=DEPLOYED_ROLES
        )
        missions = Mission.objects.filter(
            election=self.election, pk__in=deployed.values("application__nomination__mission")
        )
        return [*missions.self_directed().order_by("code"), None]

    @property
    def planning_day(self) -> date:
        """The day before the plans are released; who is accredited by then is deployed."""
        return self.story.day(self.story.plot["desk"]["plans_made"]["day"])

    def plan_and_release(self, owner: Mission | None) -> None:
        """Make and release the plan of one owner, unless one is released already."""
        plans = DeploymentPlan.objects.filter(election=self.election, mission=owner)
        if plans.released().exists():
            return
        by = self._planner_of(owner)
        plan = plans.filter(state=PlanState.DRAFT).first() or make_plan(
            election=self.election, mission=owner, seed=1, by=by, at=self._at("plans_made")
        )
        release_plan(plan=plan, by=by, at=self._at("plans_released"))

    def _planner_of(self, owner: Mission | None) -> User:
        lead = owner and User.objects.filter(memberships__mission=owner).first()
        return lead or self.planner

    def _at(self, step: str) -> datetime:
        return self.story.at("desk", step)
