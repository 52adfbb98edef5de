"""Who may do what with figures: facts about a person."""

from missions.figures import Viewer


def can_freeze_figures(user: Viewer) -> bool:
    """Host staff with the permission."""
    return _has(user, "figures.freeze_figures")


def can_publish_figures(user: Viewer) -> bool:
    """Host staff with the permission; in the roles it is not who freezes them."""
    return _has(user, "figures.publish_figures")


def can_record_claim(user: Viewer) -> bool:
    """Host staff with the permission: record what others say, and withdraw what was recorded wrongly."""
    return _has(user, "figures.record_claim")


def _has(user: Viewer, permission: str) -> bool:
    return user.is_authenticated and user.is_host and user.has_perm(permission)
