"""Who may make and release deployment plans. The host never touches a self-directed mission's plan."""

from django.contrib.auth.models import AnonymousUser

from missions.models import Mission, User
from missions.states import MembershipRole
from stations.deployment.models import BreakGlass, DeploymentPlan


def can_make_plan(user: User, *, mission: Mission | None) -> bool:
    """Planners for the pool (None) and host-coordinated missions; for a self-directed mission its own leads only."""
    return _may(user, mission, "deployment.make_plan")


def can_try_to_make_plans(user: User | AnonymousUser) -> bool:
    """Whether somebody has such a right at all; the plan itself says whether it is theirs."""
    return _may_try(user, "deployment.make_plan")


def can_try_to_release_plans(user: User | AnonymousUser) -> bool:
    """Likewise for releasing."""
    return _may_try(user, "deployment.release_plan")


def can_release_plan(user: User, *, plan: DeploymentPlan) -> bool:
    """The same people, with the permission to release."""
    return _may(user, plan.mission, "deployment.release_plan")


def can_discard_plan(user: User, *, plan: DeploymentPlan) -> bool:
    """Whoever may make such a plan may throw it away."""
    return _may(user, plan.mission, "deployment.make_plan")


def can_acknowledge_plan(user: User, *, mission: Mission) -> bool:
    """The leads of the mission whose people the plan sends out, and nobody for them."""
    if not user.is_active or user.is_host:
        return False
    return user.memberships.filter(mission=mission, role=MembershipRole.LEAD).exists()


def can_break_glass(user: User | AnonymousUser) -> bool:
    """Whoever of the host has the right to read a self-directed mission's plan for a reason."""
    return isinstance(user, User) and user.is_active and user.is_host and user.has_perm("deployment.break_glass")


def can_end_break_glass(user: User | AnonymousUser, *, glass: BreakGlass) -> bool:
    """The person who reads, and the leads of the mission whose plan it is."""
    if not isinstance(user, User) or not user.is_active:
        return False
    if user.is_host:
        return glass.reader_id == user.pk
    return user.memberships.filter(mission=glass.plan.mission_id, role=MembershipRole.LEAD).exists()


def _may_try(user: User | AnonymousUser, permission: str) -> bool:
    return isinstance(user, User) and user.is_active and (not user.is_host or user.has_perm(permission))


def _may(user: User, mission: Mission | None, permission: str) -> bool:
    if not user.is_active:
        return False
    if mission is not None and mission.is_self_directed:
        return not user.is_host and user.memberships.filter(mission=mission, role=MembershipRole.LEAD).exists()
    return user.is_host and user.has_perm(permission)
