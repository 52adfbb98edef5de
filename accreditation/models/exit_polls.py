"""Results that exit pollsters hand in. Nobody reads them while a station is open (R29)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accreditation.querysets import ExitPollResultQuerySet
from missions.models import Mission


class ExitPollResult(models.Model):
    """One result of one pollster: contestants and their shares, as handed in."""

    mission = models.ForeignKey(Mission, models.PROTECT, related_name="exit_polls", verbose_name=_("pollster"))
    title = models.CharField(_("title"), max_length=200)
    figures = models.JSONField(_("figures"), help_text=_("Contestants and their shares in per cent."))
    received_at = models.DateTimeField(_("received at"))
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("received by"),
    )

    objects = ExitPollResultQuerySet.as_manager()

    class Meta:
        verbose_name = _("exit poll result")
        verbose_name_plural = _("exit poll results")
        ordering = ["mission", "title"]
        constraints = [
            models.UniqueConstraint(fields=["mission", "title"], name="exit_poll_title_once"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.mission})"
