"""Who may upload and remove travel times."""

from missions.figures import Viewer
from missions.models import Mission
from missions.states import MembershipRole


def can_measure_travel(user: Viewer, *, mission: Mission | None) -> bool:
    """Planners for the ministry (None); for a mission its own leads only."""
    if not user.is_authenticated or not user.is_active:
        return False
    if mission is not None:
        return not user.is_host and user.memberships.filter(mission=mission, role=MembershipRole.LEAD).exists()
    return user.is_host and user.has_perm("travel.measure_travel")
