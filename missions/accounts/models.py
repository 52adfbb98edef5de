"""Personal links that let somebody choose a password, and what strangers asked for at the reset page."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from missions.accounts.states import LinkEnd, LinkPurpose


class AccountLink(models.Model):
    """The right to choose a password once, until an instant. The secret of the link is made from the row, not kept.

    A row is open until it is used, replaced or revoked; of an account and a purpose at most one is open.
    """

    nonce = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="links", verbose_name=_("user"))
    purpose = models.CharField(_("purpose"), max_length=20, choices=LinkPurpose.choices)
    issued_at = models.DateTimeField(_("issued at"))
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("issued by")
    )
    expires_at = models.DateTimeField(_("works until"))
    closed_at = models.DateTimeField(_("closed at"), null=True)
    end = models.CharField(_("end"), max_length=20, choices=LinkEnd.choices, blank=True)

    class Meta:
        verbose_name = _("personal link")
        verbose_name_plural = _("personal links")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "purpose"], condition=models.Q(closed_at=None), name="account_link_open_once"
            ),
            models.CheckConstraint(
                condition=models.Q(purpose__in=LinkPurpose.values), name="account_link_purpose_known"
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at=None, end="") | models.Q(closed_at__isnull=False, end__in=LinkEnd.values),
                name="account_link_closed_has_end",
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("issued_at")), name="account_link_expires_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} #{self.pk}"

    def is_open(self, *, at: datetime) -> bool:
        """Whether the link still opens something at the instant. An account that is not active has no open link."""
        return self.closed_at is None and at < self.expires_at


class ResetRequest(models.Model):
    """Somebody asked for a new password of this address; whether it has an account is looked up later, by a job.

    Of an address and a window of time there is one row: the unique constraint is the rate limit.
    """

    address = models.EmailField(_("e-mail address"))
    window = models.DateTimeField(_("window"), help_text=_("The beginning of the window of time that it falls into."))
    asked_at = models.DateTimeField(_("asked at"))
    answered_at = models.DateTimeField(_("answered at"), null=True, db_index=True)

    class Meta:
        verbose_name = _("request for a new password")
        verbose_name_plural = _("requests for a new password")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["address", "window"], name="reset_request_once"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"
