"""Nomination files on their way in: the file, its content until it is read, and its rows until they are taken."""

from typing import TYPE_CHECKING, Union

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accreditation.intake.states import (
    CLOSED_STATES,
    WORK_STATES,
    ImportState,
    Question,
    RowAction,
    RowOutcome,
)
from accreditation.models import Nomination
from accreditation.states import Category
from missions.kernel.crypto import EncryptedTextField
from missions.models import Mission
from missions.querysets import scoped_to_missions

if TYPE_CHECKING:
    from missions.models import User

_S = ImportState


class NominationImportQuerySet(models.QuerySet["NominationImport"]):
    def visible_to(self, user: Union["User", AnonymousUser]) -> "models.QuerySet[NominationImport]":
        """All for the host; for others the files of the missions that they act for."""
        return scoped_to_missions(self, user, mission="mission")

    def waiting_for_job(self) -> "NominationImportQuerySet":
        return self.filter(state__in=WORK_STATES)


class NominationImport(models.Model):
    """One nomination file of one mission. The same file is one import, unless it was discarded."""

    mission = models.ForeignKey(Mission, models.PROTECT, related_name="nomination_imports", verbose_name=_("mission"))
    category = models.CharField(
        _("category"), max_length=30, choices=Category.choices, default=Category.INTERNATIONAL_OBSERVER
    )
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    file_name = models.CharField(_("file"), max_length=200)
    state = models.CharField(_("state"), max_length=20, choices=ImportState.choices)
    encoding = models.CharField(_("encoding"), max_length=20, blank=True, help_text=_("As a person chose it."))
    date_order = models.CharField(_("order of dates"), max_length=20, blank=True, help_text=_("As a person chose it."))
    question = models.CharField(_("open question"), max_length=20, choices=Question.choices, blank=True)
    fault = models.CharField(_("fault"), max_length=400, blank=True)
    notices = models.JSONField(_("notices"), default=list, blank=True)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    added = models.PositiveIntegerField(_("added"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    uploaded_at = models.DateTimeField(_("uploaded at"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("uploaded by")
    )
    staged_at = models.DateTimeField(_("read at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("closed by"),
        help_text=_("Who had the rows taken in, or discarded the file."),
    )
    attempts = models.PositiveSmallIntegerField(default=0, editable=False, help_text="How often the job has begun.")
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)

    objects = NominationImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("nomination file")
        verbose_name_plural = _("nomination files")
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["mission", "sha256"],
                condition=~Q(state__in=[_S.DISCARDED, _S.UNREADABLE]),
                name="nomination_import_once",
            ),
            models.CheckConstraint(condition=Q(state__in=ImportState.values), name="nomination_import_state_known"),
            models.CheckConstraint(condition=Q(category__in=Category.values), name="nomination_import_category_known"),
            models.CheckConstraint(
                condition=Q(state=_S.ASKED, question__in=Question.values) | (~Q(state=_S.ASKED) & Q(question="")),
                name="nomination_import_asks_when_asked",
            ),
            models.CheckConstraint(
                condition=Q(state__in=CLOSED_STATES, closed_at__isnull=False)
                | (~Q(state__in=CLOSED_STATES) & Q(closed_at=None)),
                name="nomination_import_closed_has_instant",
            ),
        ]
        indexes = [
            models.Index(
                fields=["uploaded_at"], condition=Q(state__in=WORK_STATES), name="nomination_import_to_work_off"
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def taken(self) -> int:
        """How many rows were taken in."""
        return self.added + self.changed + self.unchanged


class FileContent(models.Model):
    """The bytes of a file, encrypted, until its rows are staged or it is closed."""

    nomination_import = models.OneToOneField(NominationImport, models.CASCADE, related_name="content")
    data = EncryptedTextField(help_text="Base64 of the file.")

    def __str__(self) -> str:
        return str(self.nomination_import)


class StagedRow(models.Model):
    """One row of a file. What it says of a person is encrypted, and erased when the row is done."""

    nomination_import = models.ForeignKey(NominationImport, models.CASCADE, related_name="staged_rows")
    number = models.PositiveIntegerField(_("row"))
    reference = models.CharField(_("reference"), max_length=80, blank=True)
    payload = EncryptedTextField(null=True, blank=True, help_text="What the row says of the person.")
    findings = models.JSONField(default=list, blank=True, help_text="Column, code, severity and sentence of each.")
    action = models.CharField(_("would"), max_length=10, choices=RowAction.choices)
    has_warnings = models.BooleanField(default=False)
    outcome = models.CharField(_("outcome"), max_length=10, choices=RowOutcome.choices, blank=True)
    nomination = models.ForeignKey(Nomination, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("row of a nomination file")
        verbose_name_plural = _("rows of nomination files")
        ordering = ["nomination_import", "number"]
        constraints = [
            models.UniqueConstraint(fields=["nomination_import", "number"], name="staged_row_once"),
            models.CheckConstraint(condition=Q(action__in=RowAction.values), name="staged_row_action_known"),
            models.CheckConstraint(
                condition=Q(outcome="", payload__isnull=False)
                | (Q(outcome__in=RowOutcome.values) & Q(payload__isnull=True)),
                name="staged_row_erased_when_done",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=[RowOutcome.ADDED, RowOutcome.CHANGED, RowOutcome.UNCHANGED])
                | Q(nomination__isnull=False),
                name="staged_row_taken_has_nomination",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.reference}"
