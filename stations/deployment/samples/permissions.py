"""Who may draw, lock and mend samples. The host never touches a self-directed mission's sample."""

from missions.figures import Viewer
from missions.models import Mission
from missions.states import MembershipRole


def can_draw_sample(user: Viewer, *, mission: Mission | None) -> bool:
    """Planners for the pool (None); for a mission its own leads only."""
    if not user.is_authenticated or not user.is_active:
        return False
    if mission is not None:
        return not user.is_host and user.memberships.filter(mission=mission, role=MembershipRole.LEAD).exists()
    return user.is_host and user.has_perm("samples.draw_sample")
