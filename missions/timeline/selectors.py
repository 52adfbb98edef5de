"""Reads on timelines: a mission's own, and what comes next for whom."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from missions.models import Membership, Mission
from missions.states import MembershipRole
from missions.timeline.models import Milestone


def timeline_of(mission: Mission) -> QuerySet[Milestone]:
    """The milestones of one mission in the order of their planned instants."""
    return Milestone.objects.filter(mission=mission).order_by("planned_at", "pk")


def open_milestones_between(start: datetime, end: datetime) -> QuerySet[Milestone]:
    """Milestones planned after `start` and up to `end` that have not happened, with mission and election."""
    waiting = Milestone.objects.filter(planned_at__gt=start, planned_at__lte=end, actual_at=None)
    return waiting.select_related("mission__election").order_by("planned_at", "pk")


def local_day_of(milestone: Milestone) -> date:
    """The day of the milestone by the clocks of its own zone."""
    return milestone.planned_at.astimezone(ZoneInfo(milestone.time_zone)).date()


def lead_addresses(mission_ids: set[int]) -> dict[int, tuple[str, ...]]:
    """The addresses of the active leads of each mission that has any, sorted. One query."""
    leads = Membership.objects.filter(mission_id__in=mission_ids, role=MembershipRole.LEAD, user__is_active=True)
    found: dict[int, tuple[str, ...]] = {}
    for mission_id, address in leads.order_by("user__email").values_list("mission_id", "user__email"):
        found[mission_id] = (*found.get(mission_id, ()), address)
    return found
