"""Who may take in station register files."""

from missions.models import User


def can_import_register(user: User) -> bool:
    """Staff of the host who may add register versions."""
    return user.is_host and user.has_perm("register.add_registerversion")
