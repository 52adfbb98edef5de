"""The file of an accreditation: application, documents, findings, session, decision, accreditation."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accreditation.models.people import Nomination, Observer
from accreditation.querysets import AccreditationQuerySet, ApplicationQuerySet
from accreditation.states import (
    LIVE_ACCREDITATION_STATES,
    LIVE_APPLICATION_STATES,
    AccreditationState,
    ApplicationState,
    Category,
    DocumentKind,
    Outcome,
    Severity,
)
from missions.models import Commission, Election


class CommissionSession(models.Model):
    """A meeting of a commission where accreditations are decided."""

    election = models.ForeignKey(Election, models.PROTECT, related_name="sessions", verbose_name=_("election"))
    commission = models.ForeignKey(Commission, models.PROTECT, related_name="sessions", verbose_name=_("commission"))
    number = models.CharField(_("number"), max_length=40)
    held_at = models.DateTimeField(_("held at"))

    class Meta:
        verbose_name = _("commission session")
        verbose_name_plural = _("commission sessions")
        ordering = ["-held_at"]
        constraints = [
            models.UniqueConstraint(fields=["election", "commission", "number"], name="session_number_once"),
        ]

    def __str__(self) -> str:
        return self.number


class Application(models.Model):
    """A request for the accreditation of one nominated person in one category."""

    election = models.ForeignKey(Election, models.PROTECT, related_name="applications", verbose_name=_("election"))
    observer = models.ForeignKey(Observer, models.PROTECT, related_name="applications", verbose_name=_("observer"))
    nomination = models.ForeignKey(
        Nomination, models.PROTECT, related_name="applications", verbose_name=_("nomination")
    )
    category = models.CharField(_("category"), max_length=30, choices=Category.choices)
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
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ["decide_by", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["observer", "election", "category"],
                condition=models.Q(state__in=LIVE_APPLICATION_STATES),
                name="application_one_live",
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
        indexes = [models.Index(fields=["election", "state", "decide_by"], name="application_queue")]
        permissions = [
            ("review_application", _("Can review and recommend applications")),
            ("decide_application", _("Can decide applications")),
        ]

    def __str__(self) -> str:
        return str(self.observer)


class Document(models.Model):
    """One paper of an application, as far as it has arrived."""

    application = models.ForeignKey(
        Application, models.CASCADE, related_name="documents", verbose_name=_("application")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=DocumentKind.choices)
    received_on = models.DateField(_("received on"))

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["kind"]
        constraints = [
            models.UniqueConstraint(fields=["application", "kind"], name="document_kind_once"),
            models.CheckConstraint(condition=models.Q(kind__in=DocumentKind.values), name="document_kind_known"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


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


class Decision(models.Model):
    """What the commission decided on one application; reviewed and decided by two different people."""

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="decisions", verbose_name=_("application")
    )
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome.choices)
    ground = models.CharField(_("ground"), max_length=60, blank=True, help_text=_("A code of the rule profile."))
    text = models.TextField(_("reasons"), blank=True)
    session = models.ForeignKey(
        CommissionSession,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="decisions",
        verbose_name=_("session"),
    )
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("reviewed by")
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"))

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-decided_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(outcome__in=Outcome.values), name="decision_outcome_known"),
            models.CheckConstraint(
                condition=~models.Q(reviewed_by=models.F("decided_by")),
                name="decision_by_two_people",
                violation_error_message=_("The person who reviewed an application may not decide it."),
            ),
            models.CheckConstraint(
                condition=models.Q(outcome=Outcome.ACCREDITED) | (~models.Q(ground="") & ~models.Q(text="")),
                name="decision_refusal_has_ground_and_text",
                violation_error_message=_("A refusal needs a legal ground and its reasons."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}: {self.application}"


class Accreditation(models.Model):
    """The right of one observer to observe one election."""

    election = models.ForeignKey(Election, models.PROTECT, related_name="accreditations", verbose_name=_("election"))
    observer = models.ForeignKey(Observer, models.PROTECT, related_name="accreditations", verbose_name=_("observer"))
    application = models.OneToOneField(
        Application, models.PROTECT, related_name="accreditation", verbose_name=_("application")
    )
    category = models.CharField(_("category"), max_length=30, choices=Category.choices)
    number = models.PositiveIntegerField(_("number"))
    state = models.CharField(
        _("state"), max_length=20, choices=AccreditationState.choices, default=AccreditationState.ACTIVE
    )
    valid_from = models.DateTimeField(_("valid from"))
    reason = models.TextField(_("reason"), blank=True)

    objects = AccreditationQuerySet.as_manager()

    class Meta:
        verbose_name = _("accreditation")
        verbose_name_plural = _("accreditations")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["election", "category", "number"], name="accreditation_number_once"),
            models.UniqueConstraint(
                fields=["observer", "election", "category"],
                condition=models.Q(state__in=LIVE_ACCREDITATION_STATES),
                name="accreditation_one_live",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=AccreditationState.values), name="accreditation_state_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=[AccreditationState.REVOKED, AccreditationState.SUSPENDED])
                | ~models.Q(reason=""),
                name="accreditation_ended_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number:05d} {self.observer}"
