"""Missions take note of released plans."""

from datetime import datetime

from django.db import transaction

from missions.kernel.errors import MissingError
from missions.kernel.events import record_event
from missions.models import Mission, User
from stations.deployment.errors import PlanNotReleasedError
from stations.deployment.models import DeploymentPlan, PlanAcknowledgement
from stations.deployment.states import PlanState


@transaction.atomic
def acknowledge_plan(*, plan: DeploymentPlan, mission: Mission, by: User, at: datetime) -> PlanAcknowledgement:
    """Note that the mission knows a released plan; whoever says it again gets the first note.

    Records `plan_acknowledged` on the plan, in the mission's scope. Raises MissingError if the plan sends nobody of
    the mission out, PlanNotReleasedError if it is not the released one (any more).
    """
    # Whoever comes second waits here, and finds the first one's note.
    locked = DeploymentPlan.objects.select_for_update(of=("self",)).select_related("mission").get(pk=plan.pk)
    if not locked.members.filter(nomination__mission=mission).exists():
        raise MissingError
    noted = PlanAcknowledgement.objects.filter(plan=locked, mission=mission).first()
    if noted is not None:
        return noted
    if locked.state != PlanState.RELEASED:
        raise PlanNotReleasedError
    note = PlanAcknowledgement.objects.create(plan=locked, mission=mission, acknowledged_at=at, acknowledged_by=by)
    record_event("plan_acknowledged", locked, by=by, at=at, scope_id=mission.pk, is_private=locked.is_private)
    return note
