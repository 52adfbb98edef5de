"""For whom a client plans, and from which version: the two keys that runs and files with plans have in their bodies."""

from typing import cast

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.request import Request

from missions.api.resources import find_named, find_visible, no_such
from missions.kernel.errors import MissingError, RefusedError
from missions.models import Mission, User
from stations.deployment.models import DeploymentPlan
from stations.deployment.permissions import can_make_plan


def planning_mission(request: Request) -> Mission:
    """The mission of the body. Raises ValidationError if the caller cannot see it, RefusedError without the right."""
    visible = Mission.objects.visible_to(request.user).select_related("election")
    mission = find_named(visible, request, "mission")
    ensure_may_plan(request, mission)
    return mission


def ensure_may_plan(request: Request, mission: Mission | None) -> None:
    """Raises RefusedError, which says who plans, unless the caller plans for the mission; None is the pool."""
    if not can_make_plan(cast(User, request.user), mission=mission):
        raise planned_by_others(request, mission)


def planned_by_others(request: Request, mission: Mission | None) -> RefusedError:
    """The refusal of somebody who does not plan for the mission. It tells nothing but who does."""
    if mission is not None and mission.is_self_directed:
        return RefusedError(_("The mission plans for itself; only its leads may do this."))
    if not cast(User, request.user).is_host:
        return RefusedError(_("The host plans for this mission; its own people read the plan when it is released."))
    return RefusedError()


def base_plan(plans: QuerySet[DeploymentPlan], request: Request, key: int | None) -> DeploymentPlan | None:
    """The version to go on from, if any. Raises ValidationError unless it is one of these and seen by the caller."""
    if key is None:
        return None
    try:
        return find_visible(plans, request, str(key))
    except MissingError:
        raise no_such("base", key) from None
