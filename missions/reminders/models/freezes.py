"""After a restore nothing is mailed until somebody has looked: which of the old mails went out nobody can know."""

from typing import TYPE_CHECKING, Union

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from missions.querysets import only_for_host

if TYPE_CHECKING:
    from missions.models import User


class OutboxFreezeQuerySet(models.QuerySet["OutboxFreeze"]):
    def visible_to(self, user: Union["User", AnonymousUser]) -> "models.QuerySet[OutboxFreeze]":
        """All for the host, nothing for anybody else."""
        return only_for_host(self, user)

    def holding(self) -> "OutboxFreezeQuerySet":
        """Those that hold the mails back still."""
        return self.filter(thawed_at=None)


class OutboxFreeze(models.Model):
    """One restore: it began a new epoch of the database, and holds all mails back until they are let go.

    The row is there before any other row of the restored database, and gets its instant of completion after the last
    one. Its key is given, not drawn: rows that come later must find it free.
    """

    epoch = models.PositiveIntegerField(
        _("epoch"), primary_key=True, help_text=_("The first life of a database is 0; each restore begins the next.")
    )
    taken_at = models.DateTimeField(_("backup taken at"))
    began_at = models.DateTimeField(_("restored at"))
    completed_at = models.DateTimeField(_("completed at"), null=True, blank=True)
    thawed_at = models.DateTimeField(_("mails let go at"), null=True, blank=True)
    thawed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("mails let go by"),
    )
    cancelled = models.PositiveIntegerField(_("old mails that were not sent"), default=0)

    objects = OutboxFreezeQuerySet.as_manager()

    class Meta:
        verbose_name = _("restore")
        verbose_name_plural = _("restores")
        ordering = ["-epoch"]
        permissions = [("thaw_outbox", "Can let mails go out again after a restore")]
        constraints = [
            models.CheckConstraint(condition=Q(epoch__gt=0), name="outbox_freeze_epoch_positive"),
            models.CheckConstraint(
                condition=Q(thawed_at=None) | Q(completed_at__isnull=False), name="outbox_freeze_thawed_is_complete"
            ),
        ]

    def __str__(self) -> str:
        return _now("Epoch %d") % self.epoch
