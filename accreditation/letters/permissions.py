"""Who may do what with letters: facts about a person, and nothing about whether an act is sound."""

from accreditation.querysets import Viewer


def can_issue_letter(user: Viewer) -> bool:
    """Host staff with the permission to issue letters, in the name of the commission or the ministry."""
    return user.is_authenticated and user.is_host and user.has_perm("letters.issue_letter")


def can_read_letter(user: Viewer) -> bool:
    """Host staff who may view letters; what a mission may read is decided by scope."""
    return user.is_authenticated and user.is_host and user.has_perm("letters.view_letter")
