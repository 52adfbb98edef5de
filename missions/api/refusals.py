"""Who may, in one sentence each: what somebody reads who may not. It tells of roles and never of objects."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from missions.models import Mission

LEADS = _("Only leads of the mission may do this.")
LEADS_AND_FOCAL_POINTS = _("Only leads and focal points of the mission may do this.")
LEADS_AND_HOST = _("Only leads of the mission and the host's staff with the permission may do this.")
ACTING_AND_HOST = _("Only leads and focal points of the mission and the host's staff with the permission may do this.")
_HOST = _("This is the host's own; only its staff with the permission may do this.")


def owners(mission: Mission | None) -> Promise:
    """Who may where a mission keeps its own and the host what is nobody's: `None`."""
    return _HOST if mission is None else LEADS
