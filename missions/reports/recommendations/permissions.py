"""Who may do what with recommendations: facts about a person."""

from missions.figures import Viewer
from missions.reports.models import Report
from missions.reports.permissions import can_submit_report, can_write_report
from missions.reports.states import ReportState


def can_write_recommendation(user: Viewer, report: Report) -> bool:
    """Leads of the report's own mission, and its focal points while the report is a draft."""
    if report.state == ReportState.DRAFT:
        return can_write_report(user, mission_id=report.mission_id)
    return can_submit_report(user, mission_id=report.mission_id)


def can_split_recommendation(user: Viewer) -> bool:
    """Host staff with the permission: split out, and withdraw what was copied wrongly."""
    return _has(user, "recommendations.split_recommendation")


def can_answer_recommendation(user: Viewer) -> bool:
    """Host staff who speak for the host."""
    return _has(user, "recommendations.answer_recommendation")


def can_assess_recommendation(user: Viewer) -> bool:
    """Host staff with the permission: record what became of it."""
    return _has(user, "recommendations.assess_recommendation")


def _has(user: Viewer, permission: str) -> bool:
    return user.is_authenticated and user.is_host and user.has_perm(permission)
