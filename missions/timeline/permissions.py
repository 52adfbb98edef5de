"""Who may change timelines: facts about a person, and nothing about whether a change is sound."""

from missions.figures import Viewer
from missions.models import Membership, Mission
from missions.states import MembershipRole


def can_change_timelines(user: Viewer) -> bool:
    """Host staff with the permission, of whatever mission."""
    return user.is_authenticated and user.is_host and user.has_perm("timeline.change_milestone")


def can_try_to_change_timelines(user: Viewer) -> bool:
    """That staff; of everybody else the mission of the step decides, by `can_change_timeline`."""
    return user.is_authenticated and user.is_active and (not user.is_host or can_change_timelines(user))


def can_change_timeline(user: Viewer, mission: Mission) -> bool:
    """That staff, and the leads of the mission."""
    if not (user.is_authenticated and user.is_active):
        return False
    if user.is_host:
        return can_change_timelines(user)
    return Membership.objects.filter(user=user, mission=mission, role=MembershipRole.LEAD).exists()
