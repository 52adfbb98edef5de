"""Who may do what with reports: facts about a person, and nothing about whether an act is sound."""

from missions.figures import Viewer
from missions.models import Membership
from missions.reports.models import Report
from missions.reports.states import Publication
from missions.states import MembershipRole


def can_register_report(user: Viewer) -> bool:
    """Host staff with the permission: register, send back, set and move the embargo, retract."""
    return user.is_authenticated and user.is_host and user.has_perm("reports.register_report")


def can_read_register(user: Viewer) -> bool:
    """Host staff who look at the register: they know that there is a report and until when its embargo lasts."""
    return user.is_authenticated and user.is_host and user.has_perm("reports.view_report")


def can_write_report(user: Viewer, *, mission_id: int) -> bool:
    """The leads and focal points of the mission itself: draft and upload."""
    return _acts_for(user, mission_id, MembershipRole.LEAD, MembershipRole.FOCAL_POINT)


def can_submit_report(user: Viewer, *, mission_id: int) -> bool:
    """The leads of the mission itself: submit, and take back."""
    return _acts_for(user, mission_id, MembershipRole.LEAD)


def can_read_contents(user: Viewer, report: Report) -> bool:
    """Whether title and files of a visible report are open to the person; the host waits for the public.

    The report must come from `with_publication`.
    """
    return user.is_authenticated and (not user.is_host or _is_open(report))


def _is_open(report: Report) -> bool:
    publication: str = report.publication  # type: ignore[attr-defined]  # annotated
    return publication in {Publication.PUBLIC, Publication.RETRACTED}


def _acts_for(user: Viewer, mission_id: int, *roles: MembershipRole) -> bool:
    if not user.is_authenticated or not user.is_active or user.is_host:
        return False
    return Membership.objects.filter(user=user, mission=mission_id, role__in=roles).exists()
