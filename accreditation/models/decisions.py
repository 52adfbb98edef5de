"""What was decided: decisions, the accreditations that follow, and their revocation. Always by two people."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accreditation.models.applications import Application
from accreditation.models.people import Observer
from accreditation.models.sessions import AgendaItem, CommissionSession
from accreditation.querysets import AccreditationQuerySet, RevocationQuerySet
from accreditation.states import LIVE_ACCREDITATION_STATES, AccreditationState, Category, Outcome
from missions.models import Election, Organization


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
    agenda_item = models.ForeignKey(
        AgendaItem,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="decisions",
        verbose_name=_("agenda item"),
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


class Revocation(models.Model):
    """The commission takes accreditations away: of one person, or of a whole organization in one act.

    One person proposes it and another decides; until then it has no effect.
    """

    election = models.ForeignKey(Election, models.PROTECT, related_name="revocations", verbose_name=_("election"))
    subject = models.ForeignKey(
        "Accreditation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="proposed_revocations",
        verbose_name=_("accreditation"),
    )
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="revocations",
        verbose_name=_("organization"),
    )
    ground = models.CharField(_("ground"), max_length=60, blank=True, help_text=_("A code of the rule profile."))
    text = models.TextField(_("reasons"))
    session = models.ForeignKey(
        CommissionSession,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="revocations",
        verbose_name=_("session"),
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed at"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    dropped_at = models.DateTimeField(_("dropped at"), null=True, blank=True)

    objects = RevocationQuerySet.as_manager()

    class Meta:
        verbose_name = _("revocation")
        verbose_name_plural = _("revocations")
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(subject=None, organization__isnull=False)
                | models.Q(subject__isnull=False, organization=None),
                name="revocation_of_one_or_all",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by=None) | ~models.Q(proposed_by=models.F("decided_by")),
                name="revocation_by_two_people",
                violation_error_message=_("The person who proposed a revocation may not decide it."),
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by=None, decided_at=None)
                | models.Q(decided_by__isnull=False, decided_at__isnull=False, dropped_at=None),
                name="revocation_decided_has_person",
            ),
            models.CheckConstraint(condition=~models.Q(text=""), name="revocation_has_reasons"),
            models.UniqueConstraint(
                fields=["subject"],
                condition=models.Q(decided_at=None, dropped_at=None),
                name="revocation_proposed_once",
            ),
            models.UniqueConstraint(
                fields=["election", "organization"],
                condition=models.Q(decided_at=None, dropped_at=None),
                name="revocation_of_organization_proposed_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.organization or self.subject)


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
    continues = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="continued_by",
        verbose_name=_("continues"),
        help_text=_("The accreditation for the vote before, which this one has kept."),
    )
    reason = models.TextField(_("reason"), blank=True)
    revocation = models.ForeignKey(
        Revocation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="accreditations",
        verbose_name=_("revocation"),
    )
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

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
            models.CheckConstraint(
                condition=models.Q(state__in=LIVE_ACCREDITATION_STATES, ended_at=None)
                | (~models.Q(state__in=LIVE_ACCREDITATION_STATES) & models.Q(ended_at__isnull=False)),
                name="accreditation_ended_has_instant",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number:05d} {self.observer}"
