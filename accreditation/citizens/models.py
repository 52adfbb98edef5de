"""Files of citizen observers: checked, then taken in whole or discarded."""

from typing import TYPE_CHECKING, Union

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from accreditation.citizens.states import FAILED_STATES, KEPT_STATES, WORK_STATES, FileState
from missions.models import Election
from missions.querysets import only_for_host

if TYPE_CHECKING:
    from missions.models import User


class CitizenFileQuerySet(models.QuerySet["CitizenFile"]):
    def visible_to(self, user: Union["User", AnonymousUser]) -> "models.QuerySet[CitizenFile]":
        """The commission's own work: all for the host, nothing for anybody else."""
        return only_for_host(self, user)

    def waiting_for_job(self) -> "CitizenFileQuerySet":
        return self.filter(state__in=WORK_STATES)


class CitizenFile(models.Model):
    """One file of an election. Until it is taken in or discarded its bytes are kept, encrypted, to be read again."""

    election = models.ForeignKey(Election, models.PROTECT, related_name="citizen_files", verbose_name=_("election"))
    sha256 = models.CharField(_("SHA-256"), max_length=64, editable=False)
    file_name = models.CharField(_("file"), max_length=200)
    name_in_storage = models.CharField(max_length=200, blank=True, editable=False)
    encoding = models.CharField(_("encoding"), max_length=20, blank=True)
    date_order = models.CharField(_("order of dates"), max_length=20, blank=True)
    state = models.CharField(_("state"), max_length=20, choices=FileState.choices, default=FileState.RECEIVED)
    fault = models.CharField(_("fault"), max_length=400, blank=True)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    added = models.PositiveIntegerField(_("new"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    refused = models.PositiveIntegerField(_("refused"), default=0)
    findings = models.JSONField(_("findings"), default=list, help_text=_("The first ones, by row and column."))
    uploaded_at = models.DateTimeField(_("uploaded at"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("uploaded by")
    )
    attempts = models.PositiveSmallIntegerField(default=0, editable=False, help_text="How often the job has begun.")
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("taken in or discarded at"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("taken in or discarded by"),
    )

    objects = CitizenFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of citizen observers")
        verbose_name_plural = _("files of citizen observers")
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["election", "sha256"],
                condition=~models.Q(state__in=FAILED_STATES),
                name="citizen_file_once",
            ),
            models.CheckConstraint(condition=models.Q(state__in=FileState.values), name="citizen_file_state_known"),
            models.CheckConstraint(
                condition=(models.Q(state__in=KEPT_STATES) & ~models.Q(name_in_storage=""))
                | (~models.Q(state__in=KEPT_STATES) & models.Q(closed_at__isnull=False, name_in_storage="")),
                name="citizen_file_kept_while_open",
            ),
        ]
        permissions = [("import_citizens", _("Can take in files of citizen observers"))]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.rows})"
