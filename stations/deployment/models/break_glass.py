"""That somebody of the ministry reads a self-directed mission's plan, for a reason and a short time, seen by it."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from stations.deployment.models.plans import DeploymentPlan
from stations.deployment.querysets import BreakGlassQuerySet


class BreakGlass(models.Model):
    """One person of the host may read one plan from `opened_at` until `closes_at`, or until it was ended before.

    Nobody has to close it. The rows stay: who read what, when and why is never forgotten.
    """

    plan = models.ForeignKey(
        DeploymentPlan, models.PROTECT, related_name="break_glasses", verbose_name=_("deployment plan")
    )
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="break_glasses", verbose_name=_("reader")
    )
    reason = models.TextField(_("reason"))
    opened_at = models.DateTimeField(_("opened at"))
    closes_at = models.DateTimeField(_("ends by itself at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True, help_text=_("Empty: it ends by itself."))
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ended by")
    )

    objects = BreakGlassQuerySet.as_manager()

    class Meta:
        verbose_name = _("early look at a plan")
        verbose_name_plural = _("early looks at plans")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "reader"], condition=models.Q(ended_at=None), name="break_glass_one_open"
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="break_glass_has_reason"),
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("opened_at")), name="break_glass_ends_after_opening"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None)
                | models.Q(ended_at__gte=models.F("opened_at"), ended_at__lte=models.F("closes_at")),
                name="break_glass_ended_within_its_time",
            ),
        ]
        permissions = [("break_glass", _("Can read a mission's own plan for a reason"))]

    def __str__(self) -> str:
        """Without the version of the plan, which the host does not know."""
        return f"{self.plan.mission.code if self.plan.mission else ''} · {self.reader}"

    def is_open(self, at: datetime) -> bool:
        """Whether the person may read the plan at the instant."""
        return self.ended_at is None and at < self.closes_at
