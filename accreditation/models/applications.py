"""The request for an accreditation, and what vetting noticed about it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accreditation.models.people import Nomination, Observer
from accreditation.models.sessions import AgendaItem, CommissionSession
from accreditation.querysets import ApplicationQuerySet, FindingQuerySet
from accreditation.states import CLOSED_APPLICATION_STATES, ApplicationState, Category, Severity
from missions.law.rules import Scope
from missions.models import Constituency, Election


class Application(models.Model):
    """A request for the accreditation of one nominated person in one category."""

    election = models.ForeignKey(Election, models.PROTECT, related_name="applications", verbose_name=_("election"))
    observer = models.ForeignKey(Observer, models.PROTECT, related_name="applications", verbose_name=_("observer"))
    nomination = models.ForeignKey(
        Nomination, models.PROTECT, related_name="applications", verbose_name=_("nomination")
    )
    category = models.CharField(_("category"), max_length=30, choices=Category.choices)
    constituency = models.ForeignKey(
        Constituency,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="applications",
        verbose_name=_("constituency"),
        help_text=_("Empty: for the whole country."),
    )
    precinct_code = models.CharField(_("precinct"), max_length=20, blank=True)
    exclusive_key = models.CharField(
        max_length=60,
        blank=True,
        editable=False,
        help_text="Where the law allows one observer per sender and commission: sender and commission.",
    )
    state = models.CharField(
        _("state"), max_length=20, choices=ApplicationState.choices, default=ApplicationState.DRAFT
    )
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    complete_since = models.DateTimeField(_("complete since"), null=True, blank=True)
    deadline_at = models.DateTimeField(
        _("deadline"), null=True, blank=True, help_text=_("The legal deadline as it was when submitted.")
    )
    decide_by = models.DateTimeField(_("decide by"), null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("reviewed by"),
    )
    session = models.ForeignKey(
        CommissionSession,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="applications",
        verbose_name=_("session"),
    )
    agenda_item = models.ForeignKey(
        AgendaItem,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="applications",
        verbose_name=_("agenda item"),
    )
    closed_at = models.DateTimeField(
        _("closed at"),
        null=True,
        blank=True,
        help_text=_("Since then the person may be applied for again."),
    )
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ["decide_by", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["observer", "election", "category"],
                condition=models.Q(closed_at=None),
                name="application_one_live",
            ),
            models.UniqueConstraint(
                fields=["election", "category", "exclusive_key"],
                condition=models.Q(closed_at=None) & ~models.Q(exclusive_key=""),
                name="application_one_per_commission",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=CLOSED_APPLICATION_STATES) | models.Q(closed_at__isnull=False),
                name="application_closed_has_instant",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at=None)
                | models.Q(state__in=[*CLOSED_APPLICATION_STATES, ApplicationState.ACCREDITED]),
                name="application_open_has_no_end",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=ApplicationState.values), name="application_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[ApplicationState.DRAFT, ApplicationState.WITHDRAWN])
                | models.Q(submitted_at__isnull=False),
                name="application_submitted_has_instant",
            ),
            models.CheckConstraint(
                condition=~models.Q(
                    state__in=[
                        ApplicationState.RECOMMENDED,
                        ApplicationState.SCHEDULED,
                        ApplicationState.ACCREDITED,
                    ]
                )
                | models.Q(reviewed_by__isnull=False),
                name="application_recommended_has_reviewer",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=ApplicationState.SCHEDULED) | models.Q(session__isnull=False),
                name="application_scheduled_has_session",
            ),
        ]
        indexes = [
            models.Index(fields=["election", "state", "decide_by"], name="application_queue"),
            models.Index(fields=["election", "category", "state"], name="application_by_category"),
        ]
        permissions = [
            ("review_application", _("Can review and recommend applications")),
            ("decide_application", _("Can decide applications")),
        ]

    def __str__(self) -> str:
        return str(self.observer)

    @property
    def scope(self) -> Scope:
        """Where the accreditation is asked for; deadline and deciding commission depend on it."""
        return Scope.COUNTRY if self.constituency_id is None else Scope.CONSTITUENCY


class Finding(models.Model):
    """Something that vetting noticed; a blocking one must be closed by a person, with a note."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="findings", verbose_name=_("application"))
    code = models.CharField(_("code"), max_length=60)
    severity = models.CharField(_("severity"), max_length=10, choices=Severity.choices)
    sentence = models.CharField(_("finding"), max_length=300)
    evidence = models.JSONField(_("evidence"), default=dict, blank=True)
    found_at = models.DateTimeField(_("found at"))
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("closed by"),
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["application", "code"], name="finding_code_once"),
            models.CheckConstraint(condition=models.Q(severity__in=Severity.values), name="finding_severity_known"),
            models.CheckConstraint(
                condition=models.Q(closed_at=None, closed_by=None)
                | (models.Q(closed_at__isnull=False, closed_by__isnull=False) & ~models.Q(note="")),
                name="finding_closed_has_person_and_note",
            ),
        ]

    def __str__(self) -> str:
        return self.code
