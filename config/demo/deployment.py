"""Plans for everybody: one solve per self-directed mission, made by its lead, and one for the pool, by the planner."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from accreditation.models import Accreditation
from accreditation.states import DEPLOYED_ROLES
from config.demo.access import SpecialAccess
from config.demo.story import Story
from config.reference.senders import strengths_of
from missions.models import Constituency, Election, Mission, User
from stations.deployment.hand_acts import AddVisit, RemoveVisit
from stations.deployment.models import DeploymentPlan, DeploymentSettings, PlanRun, Visit
from stations.deployment.profile_choice import default_profile_of
from stations.deployment.rules.chosen import ChosenRules, GroupRow
from stations.deployment.services.hand.changing import change_by_hand
from stations.deployment.services.releases import release_plan
from stations.deployment.services.runs import MOST_SECONDS, cancel_run, order_plan
from stations.deployment.services.settings import choose_rules
from stations.deployment.services.solving import work_off_runs
from stations.deployment.states import PlanState


@dataclass(frozen=True, slots=True)
class Deployment:
    """Who plans, and when plans are made and released."""

    story: Story
    election: Election
    planner: User
    access: SpecialAccess

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
        plan = plans.filter(state=PlanState.DRAFT).first() or self._make(owner, by)
        self.access.secure(plan, by=by, at=self._at("plans_made"))
        release_plan(plan=plan, by=by, at=self._at("plans_released"))

    def choose_rules(self) -> None:
        """Where missions have said that they go, before anybody plans."""
        for row in self.story.plot["deployment"]:
            mission = Mission.objects.get(election=self.election, code=row["mission"])
            if not DeploymentSettings.objects.filter(mission=mission).exists():
                choose_rules(
                    election=self.election,
                    mission=mission,
                    chosen=ChosenRules(default_profile_of(mission), goes_to=self._numbers(row), groups=_groups(row)),
                    seen=0,
                    by=self._planner_of(mission),
                    at=self._at("rules_chosen"),
                )

    def _make(self, owner: Mission | None, by: User) -> DeploymentPlan:
        at = self._at("plans_made")
        plan = self._ordered(owner, by, at)
        for row in self.story.plot["by_hand"]:
            if owner is not None and row["mission"] == owner.code:
                self._change(plan, row, by, at)
        return plan

    def _ordered(
        self, owner: Mission | None, by: User, at: datetime, *, base: DeploymentPlan | None = None
    ) -> DeploymentPlan:
        """Order a plan and let the job make it, with more time than it needs: how fast the machine is decides nothing.

        Of an order that an earlier telling left behind nobody knows whether somebody works on it, so it is called off.
        """
        left = PlanRun.objects.waiting_for_job().filter(election=self.election, mission=owner).first()
        if left is not None:
            cancel_run(run=left, by=by, at=at)
        run = order_plan(election=self.election, mission=owner, base=base, seed=1, seconds=MOST_SECONDS, by=by, at=at)
        work_off_runs(at=at)
        run.refresh_from_db()
        if run.plan is None:
            raise RuntimeError(f"The plan of {owner or 'the pool'} was not made: {run.fault or run.state}")
        return run.plan

    def _change(self, plan: DeploymentPlan, row: Mapping[str, Any], by: User, at: datetime) -> None:
        """The first team of the constituency goes to one more station, in the stead of its last but one."""
        team = plan.teams.filter(constituency__number=row["constituency"]).order_by("number").first()
        if team is None:
            return
        last = Visit.objects.filter(visit_plan__team=team).count()
        for act in (RemoveVisit(team.number, last - 1), AddVisit(team.number, row["station"], row["position"])):
            change_by_hand(plan=plan, act=act, seen=None, by=by, at=at)

    def plan_again(self, plan: DeploymentPlan) -> None:
        """Make and release the next version of a released plan, as near to it as can be."""
        by, at = self._planner_of(plan.mission), self.story.moment(self.story.plot["losses"]["planned_again"])
        again = self._ordered(plan.mission, by, at, base=plan)
        self.access.secure(again, by=by, at=at)
        release_plan(plan=again, by=by, at=at)

    def _numbers(self, row: Mapping[str, Any]) -> tuple[int, ...]:
        places = Constituency.objects.filter(election=self.election)
        chosen = places.filter(Q(region__in=row["regions"]) | Q(number__in=row["constituencies"]))
        return tuple(chosen.values_list("number", flat=True))

    def _planner_of(self, owner: Mission | None) -> User:
        lead = owner and User.objects.filter(memberships__mission=owner).first()
        return lead or self.planner

    def _at(self, step: str) -> datetime:
        return self.story.at("desk", step)


def _groups(row: Mapping[str, Any]) -> tuple[GroupRow, ...]:
    return tuple(GroupRow(name, strength) for name, strength in strengths_of(tuple(row.get("groups", ()))))
