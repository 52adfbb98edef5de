"""Why somebody lets a plan break a rule."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from stations.deployment.models.plans import DeploymentPlan
from stations.deployment.models.teams import Team
from stations.deployment.querysets import RuleOverrideQuerySet


class RuleOverride(models.Model):
    """One finding of a plan that somebody lifted, with the reason.

    The fingerprint is that of the finding (stations.deployment.rules.findings): an override lifts what was seen, and
    nothing that comes in its place.
    """

    plan = models.ForeignKey(
        DeploymentPlan, models.CASCADE, related_name="overrides", verbose_name=_("deployment plan")
    )
    rule = models.CharField(_("rule"), max_length=3)
    code = models.CharField(_("code"), max_length=60)
    team = models.ForeignKey(
        Team, models.CASCADE, null=True, blank=True, related_name="overrides", verbose_name=_("team")
    )
    fingerprint = models.CharField(max_length=64, editable=False)
    reason = models.TextField(_("reason"))
    overridden_at = models.DateTimeField(_("overridden at"))
    overridden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("overridden by")
    )

    objects = RuleOverrideQuerySet.as_manager()

    class Meta:
        verbose_name = _("override of a rule")
        verbose_name_plural = _("overrides of rules")
        ordering = ["plan", "rule", "team", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "fingerprint"], name="rule_override_once"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="rule_override_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.plan} · {self.rule}"
