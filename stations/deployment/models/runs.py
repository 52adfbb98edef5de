"""Planning runs: what was asked of the solver, how far it is, and what came of it."""

from django.conf import settings
from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from missions.models import Election, Mission
from stations.deployment.models.plans import DeploymentPlan
from stations.deployment.querysets import PlanRunQuerySet
from stations.deployment.states import PlanQuality, RunState


class PlanRun(models.Model):
    """One solve for a mission, or for the pool (no mission): ordered, worked off by a job, and kept as it went.

    What the solver was given and what it proved stays here as it was, also when the plan is changed by hand.
    """

    election = models.ForeignKey(Election, models.PROTECT, related_name="plan_runs", verbose_name=_("election"))
    mission = models.ForeignKey(
        Mission,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="plan_runs",
        verbose_name=_("mission"),
        help_text=_("Empty: the pool of the host-coordinated missions."),
    )
    base = models.ForeignKey(
        DeploymentPlan,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="runs_from",
        verbose_name=_("from"),
        help_text=_("The version whose assignments are kept where that is possible; empty: planned afresh."),
    )
    state = models.CharField(_("state"), max_length=12, choices=RunState.choices, default=RunState.ORDERED)
    seed = models.PositiveIntegerField(_("seed"), default=0)
    quality = models.CharField(_("quality"), max_length=8, choices=PlanQuality.choices, default=PlanQuality.FAST)
    seconds = models.PositiveSmallIntegerField(_("seconds allowed"))
    ordered_at = models.DateTimeField(_("ordered at"))
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("ordered by")
    )
    lease_until = models.DateTimeField(_("worked on until"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    progress = models.JSONField(_("progress"), default=list, blank=True, help_text=_("How far each stage is."))
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    fault_code = models.CharField(_("code of the fault"), max_length=60, blank=True)
    fault = models.CharField(_("fault"), max_length=1000, blank=True)
    parameters = models.JSONField(_("parameters"), default=dict, blank=True)
    versions = models.JSONField(_("versions"), default=dict, blank=True, help_text=_("Of the libraries that solved."))
    problem_digest = models.CharField(_("digest of the problem"), max_length=64, blank=True)
    solution_digest = models.CharField(_("digest of the solution"), max_length=64, blank=True)
    stages = models.JSONField(
        _("stages"), default=list, blank=True, help_text=_("Objective, bound, gap and seconds per stage.")
    )
    plan = models.OneToOneField(
        DeploymentPlan, models.PROTECT, null=True, blank=True, related_name="run", verbose_name=_("plan")
    )

    objects = PlanRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("planning run")
        verbose_name_plural = _("planning runs")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["election", "mission"],
                condition=models.Q(mission__isnull=False, state=RunState.ORDERED),
                name="plan_run_one_ordered",
            ),
            models.UniqueConstraint(
                fields=["election"],
                condition=models.Q(mission=None, state=RunState.ORDERED),
                name="plan_run_pool_one_ordered",
            ),
            models.CheckConstraint(condition=models.Q(state__in=RunState.values), name="plan_run_state_known"),
            models.CheckConstraint(condition=models.Q(quality__in=PlanQuality.values), name="plan_run_quality_known"),
            models.CheckConstraint(
                condition=models.Q(state=RunState.DONE, plan__isnull=False)
                | (~models.Q(state=RunState.DONE) & models.Q(plan=None)),
                name="plan_run_done_has_plan",
            ),
            models.CheckConstraint(
                condition=models.Q(state=RunState.ORDERED, finished_at=None)
                | (~models.Q(state=RunState.ORDERED) & models.Q(finished_at__isnull=False)),
                name="plan_run_over_has_instant",
            ),
        ]

    def __str__(self) -> str:
        owner = self.mission.code if self.mission else _("Pool")
        return f"{owner} · {date_format(self.ordered_at.astimezone(self.election.zone), 'j M Y, H:i')}"

    @property
    def is_private(self) -> bool:
        """Whether what happens to the run is hidden from the host: it belongs to a self-directed mission."""
        return self.mission is not None and self.mission.is_self_directed
