"""Plans: versions of a deployment, and the missions that took note of them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from missions.models import Election, Mission
from stations.deployment.querysets import DeploymentPlanQuerySet, PlanAcknowledgementQuerySet, PlanNoticeQuerySet
from stations.deployment.states import PlanState


class DeploymentPlan(models.Model):
    """A version of one mission's deployment, or of the pool of host-coordinated missions (no mission)."""

    election = models.ForeignKey(Election, models.PROTECT, related_name="deployment_plans", verbose_name=_("election"))
    mission = models.ForeignKey(
        Mission,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="deployment_plans",
        verbose_name=_("mission"),
        help_text=_("Empty: the pool of the host-coordinated missions."),
    )
    version = models.PositiveIntegerField(_("version"))
    made_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="followers",
        verbose_name=_("made from"),
        help_text=_("The version that this one was copied from, or whose assignments it keeps."),
    )
    state = models.CharField(_("state"), max_length=20, choices=PlanState.choices, default=PlanState.DRAFT)
    made_at = models.DateTimeField(_("made at"))
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)
    profile = models.CharField(
        _("rules"),
        max_length=40,
        blank=True,
        help_text=_("By which a released plan was judged. Empty for a draft: those that its owner has chosen by now."),
    )
    seed = models.PositiveIntegerField(_("seed"), default=0)
    problem_digest = models.CharField(_("digest of the problem"), max_length=64, blank=True)
    solution_digest = models.CharField(_("digest of the solution"), max_length=64, blank=True)
    stages = models.JSONField(
        _("stages"), default=list, blank=True, help_text=_("Objective, bound, gap and seconds per stage.")
    )
    left_out = models.JSONField(
        _("left out"),
        default=list,
        blank=True,
        help_text=_("Who and what could not be placed, with the reason."),
    )
    bindings = models.JSONField(
        _("what binds"), default=list, blank=True, help_text=_("Of what there was too little for a better plan.")
    )
    revision = models.PositiveIntegerField(
        _("revision"), default=0, help_text=_("How often it was changed by hand, taking back included.")
    )

    objects = DeploymentPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("deployment plan")
        verbose_name_plural = _("deployment plans")
        ordering = ["election", "mission", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["election", "mission", "version"],
                condition=models.Q(mission__isnull=False),
                name="plan_version_once",
            ),
            models.UniqueConstraint(
                fields=["election", "version"],
                condition=models.Q(mission=None),
                name="plan_pool_version_once",
            ),
            models.UniqueConstraint(
                fields=["election", "mission"],
                condition=models.Q(mission__isnull=False, state=PlanState.RELEASED),
                name="plan_one_released",
            ),
            models.UniqueConstraint(
                fields=["election"],
                condition=models.Q(mission=None, state=PlanState.RELEASED),
                name="plan_pool_one_released",
            ),
            models.CheckConstraint(condition=models.Q(state__in=PlanState.values), name="plan_state_known"),
            models.CheckConstraint(
                condition=~models.Q(state=PlanState.RELEASED) | models.Q(released_at__isnull=False),
                name="plan_released_has_instant",
            ),
        ]
        permissions = [
            ("make_plan", _("Can make deployment plans")),
            ("release_plan", _("Can release deployment plans")),
        ]

    def __str__(self) -> str:
        owner = self.mission.code if self.mission else _("Pool")
        return f"{owner} v{self.version}"

    @property
    def is_private(self) -> bool:
        """Whether what happens to the plan is hidden from the host: it belongs to a self-directed mission."""
        return self.mission is not None and self.mission.is_self_directed


class PlanAcknowledgement(models.Model):
    """A mission has taken note of a released plan that sends its people out. Of each plan it does so once."""

    plan = models.ForeignKey(
        DeploymentPlan, models.CASCADE, related_name="acknowledgements", verbose_name=_("deployment plan")
    )
    mission = models.ForeignKey(
        Mission, models.PROTECT, related_name="plan_acknowledgements", verbose_name=_("mission")
    )
    acknowledged_at = models.DateTimeField(_("acknowledged at"))
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("acknowledged by")
    )

    objects = PlanAcknowledgementQuerySet.as_manager()

    class Meta:
        verbose_name = _("acknowledgement of a plan")
        verbose_name_plural = _("acknowledgements of plans")
        ordering = ["plan", "mission"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "mission"], name="plan_acknowledged_once"),
        ]

    def __str__(self) -> str:
        return f"{self.plan} · {self.mission}"


class PlanNotice(models.Model):
    """A mission that is to take note of a released plan, from its release on.

    `is_changed`: its people's assignments differ from those of the plan before, so it is told by mail; otherwise it
    owes the note since that plan.
    """

    plan = models.ForeignKey(DeploymentPlan, models.CASCADE, related_name="notices", verbose_name=_("deployment plan"))
    mission = models.ForeignKey(Mission, models.PROTECT, related_name="plan_notices", verbose_name=_("mission"))
    is_changed = models.BooleanField(_("changed"))

    objects = PlanNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice of a plan")
        verbose_name_plural = _("notices of plans")
        ordering = ["plan", "mission"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "mission"], name="plan_notice_once"),
        ]

    def __str__(self) -> str:
        return f"{self.plan} · {self.mission}"
