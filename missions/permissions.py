"""Who may do what with missions and their invitations: facts about a person, and nothing about whether it is sound."""

from django.db.models import QuerySet

from missions.figures import Viewer
from missions.models import Mission
from missions.states import MembershipRole


def can_publish_results(user: Viewer) -> bool:
    """Host staff who may change elections: they note when the results were published."""
    return user.is_authenticated and user.is_host and user.has_perm("missions.change_election")


def can_move_election(user: Viewer) -> bool:
    """Host staff with the permission: move election day, and open the votes that follow."""
    return user.is_authenticated and user.is_host and user.has_perm("missions.move_election")


def can_change_invitation(user: Viewer) -> bool:
    """Host staff with the permission: plan, send, record replies, correct, and close invitations."""
    return user.is_authenticated and user.is_host and user.has_perm("missions.change_invitation")


def can_manage_members(user: Viewer, mission: Mission) -> bool:
    """Those who lead the mission, and host staff with the permission: say who acts for it."""
    if not user.is_authenticated or not user.is_active:
        return False
    if user.is_host:
        return user.has_perm("missions.add_membership")
    return user.memberships.filter(mission=mission, role=MembershipRole.LEAD).exists()


def missions_to_manage(user: Viewer) -> "QuerySet[Mission]":
    """The missions for which `can_manage_members` holds."""
    if not user.is_authenticated or not user.is_active:
        return Mission.objects.none()
    if user.is_host:
        return Mission.objects.all() if user.has_perm("missions.add_membership") else Mission.objects.none()
    return Mission.objects.filter(memberships__user=user.pk, memberships__role=MembershipRole.LEAD)
