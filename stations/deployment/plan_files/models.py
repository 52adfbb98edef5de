"""Files with plans that people made by hand: the file, its rows as they were read, and the draft made of them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from missions.models import Election, Mission
from stations.deployment.models import DeploymentPlan
from stations.deployment.plan_files.querysets import PlanFileQuerySet
from stations.deployment.plan_files.states import FileState

_F = FileState
_THERE = ~Q(state=_F.DISCARDED)


class PlanFile(models.Model):
    """One file for a mission, or for the pool (no mission). The same file is one row, unless it was discarded."""

    election = models.ForeignKey(Election, models.PROTECT, related_name="plan_files", verbose_name=_("election"))
    mission = models.ForeignKey(
        Mission,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="plan_files",
        verbose_name=_("mission"),
        help_text=_("Empty: the pool of the host-coordinated missions."),
    )
    base = models.ForeignKey(
        DeploymentPlan,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="files_from",
        verbose_name=_("from"),
        help_text=_("The version that the file was written from: its teams go on under their numbers."),
    )
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    file_name = models.CharField(_("file"), max_length=200)
    state = models.CharField(_("state"), max_length=12, choices=FileState.choices, default=FileState.STAGED)
    notices = models.JSONField(_("notices"), default=list, blank=True)
    row_count = models.PositiveIntegerField(_("rows"))
    error_count = models.PositiveIntegerField(_("errors"))
    warning_count = models.PositiveIntegerField(_("warnings"))
    uploaded_at = models.DateTimeField(_("uploaded at"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("uploaded by")
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("closed by")
    )
    plan = models.OneToOneField(
        DeploymentPlan, models.PROTECT, null=True, blank=True, related_name="made_of_file", verbose_name=_("plan")
    )

    objects = PlanFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file with a plan")
        verbose_name_plural = _("files with plans")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["election", "mission", "sha256"],
                condition=_THERE & Q(mission__isnull=False),
                name="plan_file_once",
            ),
            models.UniqueConstraint(
                fields=["election", "sha256"], condition=_THERE & Q(mission=None), name="plan_file_pool_once"
            ),
            models.CheckConstraint(condition=Q(state__in=FileState.values), name="plan_file_state_known"),
            models.CheckConstraint(
                condition=Q(state=_F.STAGED, closed_at=None) | (~Q(state=_F.STAGED) & Q(closed_at__isnull=False)),
                name="plan_file_closed_has_instant",
            ),
            models.CheckConstraint(
                condition=(Q(state=_F.STAGED, plan=None) | ~Q(state=_F.STAGED))
                & (Q(state=_F.TAKEN, plan__isnull=False) | ~Q(state=_F.TAKEN)),
                name="plan_file_taken_has_plan",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_private(self) -> bool:
        """Whether what happens to the file is hidden from the host: it belongs to a self-directed mission."""
        return self.mission is not None and self.mission.is_self_directed


class PlanFileRow(models.Model):
    """One row of a file: what its cells say by column, in the words of a file, and what was found in them."""

    plan_file = models.ForeignKey(PlanFile, models.CASCADE, related_name="rows", verbose_name=_("file with a plan"))
    number = models.PositiveIntegerField(_("row"))
    cells = models.JSONField(_("cells"), default=dict, blank=True)
    findings = models.JSONField(_("findings"), default=list, blank=True)
    is_readable = models.BooleanField(
        _("readable"),
        default=True,
        help_text=_("No: a cell holds what cannot be there, and cells are shown as they were."),
    )
    has_errors = models.BooleanField(_("has errors"), default=False)

    class Meta:
        verbose_name = _("row of a file with a plan")
        verbose_name_plural = _("rows of files with plans")
        ordering = ["plan_file", "number"]
        constraints = [models.UniqueConstraint(fields=["plan_file", "number"], name="plan_file_row_once")]

    def __str__(self) -> str:
        return f"{self.plan_file} {self.number}"
