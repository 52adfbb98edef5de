"""Who may do what with badges: facts about a person, and nothing about whether an act is sound."""

from accreditation.badges.models import Badge
from accreditation.permissions import can_withdraw_application
from accreditation.querysets import Viewer


def can_issue_badge(user: Viewer) -> bool:
    """Host staff who issue and print badges, order batches and make badges void."""
    return _has(user, "badges.issue_badge")


def can_hand_over_badge(user: Viewer) -> bool:
    """Host staff at the badge desk: hand over, take back, note as lost."""
    return _has(user, "badges.hand_over_badge")


def can_report_badge_lost(user: Viewer, badge: Badge) -> bool:
    """The lead of the mission whose person had it, and host staff at the badge desk."""
    return can_hand_over_badge(user) or can_withdraw_application(user, badge.accreditation.application)


def can_enrol_device(user: Viewer) -> bool:
    """Host staff who add the devices that check badges, and revoke them."""
    return _has(user, "badges.add_checkdevice")


def can_annul_scan(user: Viewer) -> bool:
    """Host staff who annul scans and close alerts."""
    return _has(user, "badges.annul_scan")


def _has(user: Viewer, permission: str) -> bool:
    return user.is_authenticated and user.is_host and user.has_perm(permission)
