"""What a personal link is for and how it ended, and how an account stands."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class LinkPurpose(TextChoices):
    INVITATION = "invitation", _("invitation")
    RESET = "reset", _("new password")


class LinkEnd(TextChoices):
    USED = "used", _("used")
    REPLACED = "replaced", _("replaced by a newer one")
    REVOKED = "revoked", _("revoked")


class AccountState(TextChoices):
    """Computed when read: see `selectors.account_state`."""

    ACTIVE = "active", _("active")
    INVITED = "invited", _("invited")
    EXPIRED = "expired", _("invitation expired")
    NOT_INVITED = "not_invited", _("not invited")
    DEACTIVATED = "deactivated", _("deactivated")
