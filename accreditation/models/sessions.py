"""Where accreditations are decided: sessions of a commission, and the items of their agendas."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accreditation.querysets import AgendaItemQuerySet, CommissionSessionQuerySet
from accreditation.states import AgendaOutcome
from missions.models import Commission, Election


class CommissionSession(models.Model):
    """A meeting of a commission where accreditations are decided."""

    election = models.ForeignKey(Election, models.PROTECT, related_name="sessions", verbose_name=_("election"))
    commission = models.ForeignKey(Commission, models.PROTECT, related_name="sessions", verbose_name=_("commission"))
    number = models.CharField(_("number"), max_length=40)
    held_at = models.DateTimeField(_("held at"))

    objects = CommissionSessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("commission session")
        verbose_name_plural = _("commission sessions")
        ordering = ["-held_at"]
        constraints = [
            models.UniqueConstraint(fields=["election", "commission", "number"], name="session_number_once"),
        ]

    def __str__(self) -> str:
        return self.number

    def is_held(self, at: datetime) -> bool:
        """Whether its hour has come; it decides nothing before."""
        return self.held_at <= at


class AgendaItem(models.Model):
    """One item of a session's agenda, a person or a list of people, on which there is one vote."""

    session = models.ForeignKey(CommissionSession, models.PROTECT, related_name="agenda", verbose_name=_("session"))
    position = models.PositiveIntegerField(_("position"))
    title = models.CharField(_("title"), max_length=200)
    outcome = models.CharField(_("outcome"), max_length=20, choices=AgendaOutcome.choices, blank=True)
    ground = models.CharField(_("ground"), max_length=60, blank=True, help_text=_("A code of the rule profile."))
    text = models.TextField(_("reasons"), blank=True)
    votes_for = models.PositiveSmallIntegerField(_("votes for"), null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField(_("votes against"), null=True, blank=True)
    votes_abstained = models.PositiveSmallIntegerField(_("abstentions"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("recorded by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")
        ordering = ["session", "position"]
        constraints = [
            models.UniqueConstraint(fields=["session", "position"], name="agenda_position_once"),
            models.CheckConstraint(
                condition=models.Q(outcome__in=["", *AgendaOutcome.values]), name="agenda_outcome_known"
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="", decided_at=None, decided_by=None)
                | (~models.Q(outcome="") & models.Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="agenda_outcome_has_person_and_instant",
            ),
            models.CheckConstraint(
                condition=~models.Q(outcome=AgendaOutcome.REFUSED) | (~models.Q(ground="") & ~models.Q(text="")),
                name="agenda_refusal_has_ground_and_text",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.title}"
