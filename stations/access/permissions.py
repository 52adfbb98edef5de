"""Who may ask for special access, and who grants it."""

from missions.figures import Viewer
from missions.models import Mission
from missions.states import MembershipRole


def can_grant_access(user: Viewer) -> bool:
    """Host staff with the permission: they hand on what the authorities have signed."""
    return user.is_authenticated and user.is_active and user.is_host and user.has_perm("access.grant_access")


def can_request_access(user: Viewer, *, mission: Mission) -> bool:
    """Leads for their own missions, and the granting staff in the name of any."""
    if not user.is_authenticated or not user.is_active:
        return False
    if user.is_host:
        return can_grant_access(user)
    return user.memberships.filter(mission=mission, role=MembershipRole.LEAD).exists()
