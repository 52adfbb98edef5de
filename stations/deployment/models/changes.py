"""What people have changed in a draft by hand, and what takes it back."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from stations.deployment.models.plans import DeploymentPlan
from stations.deployment.querysets import PlanChangeQuerySet
from stations.deployment.states import ChangeKind


class PlanChange(models.Model):
    """One change of a draft by hand. The last one that has not been taken back can be.

    `number` is the revision of the plan after it. `facts` name teams by number and stations by code, and no person.
    `inverse` holds the touched teams and areas as they were before (stations.deployment.services.hand.images).
    """

    plan = models.ForeignKey(
        DeploymentPlan, models.CASCADE, related_name="hand_changes", verbose_name=_("deployment plan")
    )
    number = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=24, choices=ChangeKind.choices)
    facts = models.JSONField(_("what of"), default=dict, blank=True)
    inverse = models.JSONField(editable=False)
    made_at = models.DateTimeField(_("made at"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("made by")
    )
    undone_at = models.DateTimeField(_("taken back at"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("taken back by"),
    )

    objects = PlanChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change by hand")
        verbose_name_plural = _("changes by hand")
        ordering = ["plan", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_change_number_once"),
            models.CheckConstraint(condition=models.Q(kind__in=ChangeKind.values), name="plan_change_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.plan} · {self.number}"
