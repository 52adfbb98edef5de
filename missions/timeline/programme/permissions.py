"""Who may do what with the programme: facts about a person, and nothing about whether an act is sound."""

from missions.figures import Viewer
from missions.models import Mission
from missions.states import MembershipRole


def can_read_programme(user: Viewer) -> bool:
    """Host staff who look at bookings, of whatever mission."""
    return user.is_authenticated and user.is_host and user.has_perm("programme.view_booking")


def can_make_programme(user: Viewer) -> bool:
    """Host staff with the permission: resources, requests, drafts and their changes by hand."""
    return user.is_authenticated and user.is_host and user.has_perm("programme.make_programme")


def can_release_programme(user: Viewer) -> bool:
    """Host staff with the permission to release: from then on missions are told."""
    return user.is_authenticated and user.is_host and user.has_perm("programme.release_programme")


def can_ask_for(user: Viewer, mission: Mission) -> bool:
    """Leads for their own missions, and the officers who make the programme for every mission."""
    if not user.is_authenticated or not user.is_active:
        return False
    if user.is_host:
        return can_make_programme(user)
    return user.memberships.filter(mission=mission, role=MembershipRole.LEAD).exists()
