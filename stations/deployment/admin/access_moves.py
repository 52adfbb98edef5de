"""Asking at once for the special access that a draft needs."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from missions.admin.moves import Move, Outcome, Outcomes
from missions.models import User
from stations.deployment.models import DeploymentPlan
from stations.deployment.permissions import can_make_plan, can_try_to_make_plans
from stations.deployment.services.access import request_plan_access
from stations.deployment.states import PlanState


def _request(plan: DeploymentPlan, answers: Mapping[str, Any], by: User, at: datetime) -> Outcomes | None:
    made = request_plan_access(plan=plan, by=by, at=at)
    return Outcomes(Outcome(str(grant)) for grant in made) if made else None


REQUEST_ACCESS: Move[DeploymentPlan] = Move(
    name="request_access",
    label=_("Ask for special access"),
    sentence=_(
        "For every station of the plan that nobody enters without permits, briefings or escorts: what nobody has asked "
        "for yet is asked for now, for as many persons as go there."
    ),
    may=can_try_to_make_plans,
    fits=lambda plan, user: (
        plan.state == PlanState.DRAFT and isinstance(user, User) and can_make_plan(user, mission=plan.mission)
    ),
    run=_request,
)
