"""The register of reports: what missions publish about an election, in which languages, and from which instant."""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from missions.models import Election, Mission
from missions.reports.querysets import ReportFileQuerySet, ReportQuerySet
from missions.reports.states import NUMBERED_STATES, ReportKind, ReportState

LANGUAGE_CODE = RegexValidator(r"\A[a-z]{2}\Z", _("Two small letters of ISO 639-1."))


class Report(models.Model):
    """One publication of one mission; of a joint mission, the statement that its missions share.

    It becomes public by the clock alone, when `embargo_until` passes. Its text for the history and for mails names
    the mission and the kind, and never the title: that is content, and under embargo with the files.
    """

    election = models.ForeignKey(Election, models.PROTECT, related_name="reports", verbose_name=_("election"))
    mission = models.ForeignKey(Mission, models.PROTECT, related_name="reports", verbose_name=_("mission"))
    kind = models.CharField(_("kind"), max_length=20, choices=ReportKind.choices)
    title = models.CharField(_("title"), max_length=300)
    state = models.CharField(_("state"), max_length=20, choices=ReportState.choices, default=ReportState.DRAFT)
    number = models.PositiveIntegerField(
        _("number"), null=True, blank=True, help_text=_("In the election, in the order of registration.")
    )
    embargo_wished = models.DateTimeField(
        _("embargo asked for"), null=True, blank=True, help_text=_("From when on, in the mission's own words.")
    )
    embargo_until = models.DateTimeField(_("embargo until"), null=True, blank=True, db_index=True)
    drafted_at = models.DateTimeField(_("drafted at"))
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    registered_at = models.DateTimeField(_("registered at"), null=True, blank=True)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("registered by"),
    )
    retracted_at = models.DateTimeField(_("retracted at"), null=True, blank=True)
    retraction_reason = models.CharField(_("reason of the retraction"), max_length=500, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["-embargo_until", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["election", "number"], name="report_number_once"),
            models.CheckConstraint(condition=models.Q(kind__in=ReportKind.values), name="report_kind_known"),
            models.CheckConstraint(condition=models.Q(state__in=ReportState.values), name="report_state_known"),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=NUMBERED_STATES,
                    number__isnull=False,
                    embargo_until__isnull=False,
                    registered_at__isnull=False,
                    registered_by__isnull=False,
                )
                | models.Q(
                    state__in=[ReportState.DRAFT, ReportState.SUBMITTED],
                    number=None,
                    embargo_until=None,
                    registered_at=None,
                    registered_by=None,
                ),
                name="report_registered_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(state=ReportState.DRAFT) | models.Q(submitted_at__isnull=False),
                name="report_submitted_has_instant",
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(state=ReportState.RETRACTED, retracted_at__isnull=False) & ~models.Q(retraction_reason="")
                )
                | (
                    ~models.Q(state=ReportState.RETRACTED)
                    & models.Q(retracted_at=None)
                    & models.Q(retraction_reason="")
                ),
                name="report_retracted_has_reason",
            ),
        ]
        permissions = [("register_report", _("Can register and retract reports, and set their embargo"))]

    def __str__(self) -> str:
        name = f"{self.mission.code}: {self.get_kind_display()}"
        return f"{name} {self.number}" if self.number else name


class ReportFile(models.Model):
    """A report in one language: a PDF that lies encrypted in the private storage until it is public, and after."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="files", verbose_name=_("report"))
    language = models.CharField(_("language"), max_length=2, validators=[LANGUAGE_CODE])
    name_in_storage = models.CharField(max_length=100, unique=True)
    size = models.PositiveIntegerField(_("size"), help_text=_("In bytes."))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    created_at = models.DateTimeField(_("uploaded at"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("uploaded by")
    )

    objects = ReportFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of a report")
        verbose_name_plural = _("files of reports")
        ordering = ["report", "language"]
        constraints = [
            models.UniqueConstraint(fields=["report", "language"], name="report_file_language_once"),
            models.CheckConstraint(condition=models.Q(size__gt=0), name="report_file_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.report} ({self.language})"
