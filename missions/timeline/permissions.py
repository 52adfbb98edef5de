"""Who may change timelines: facts about a person, and nothing about whether a change is sound."""

from missions.figures import Viewer
from missions.models import Membership, Mission
from missions.states import MembershipRole


def can_change_timelines(user: Viewer) -> bool:
    """Host staff with the permission, of whatever mission."""
    return user.is_authenticated and user.is_host and user.has_perm("timeline.change_milestone")


def can_change_timeline(user: Viewer, mission: Mission) -> bool:
    """That staff, and the leads of the mission."""
    if not (user.is_authenticated and user.is_active):
        return False
    if user.is_host:
        return can_change_timelines(user)
    return Membership.objects.filter(user=user, mission=mission, role=MembershipRole.LEAD).exists()
