"""Who goes where: plans with their areas and teams, routes of visits, and the slots that exclude double booking."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accreditation.models import Nomination, Observer
from missions.models import Constituency, Election, Mission
from stations.deployment.querysets import (
    AreaQuerySet,
    DeploymentPlanQuerySet,
    PlanAcknowledgementQuerySet,
    TeamQuerySet,
    VisitPlanQuerySet,
    VisitQuerySet,
)
from stations.deployment.states import DayHalf, PlanState, TeamKind, VisitKind
from stations.models import PollingStation


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
    state = models.CharField(_("state"), max_length=20, choices=PlanState.choices, default=PlanState.DRAFT)
    made_at = models.DateTimeField(_("made at"))
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)
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


class AreaOfResponsibility(models.Model):
    """A set of constituencies that belongs together in one plan, supervised by a long-term team if there is one."""

    plan = models.ForeignKey(DeploymentPlan, models.CASCADE, related_name="areas", verbose_name=_("plan"))
    name = models.CharField(_("name"), max_length=100)
    constituencies = models.ManyToManyField(Constituency, related_name="+", verbose_name=_("constituencies"))

    objects = AreaQuerySet.as_manager()

    class Meta:
        verbose_name = _("area of responsibility")
        verbose_name_plural = _("areas of responsibility")
        ordering = ["plan", "name"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "name"], name="area_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """Two observers of one plan, and the constituency or the country where they work."""

    plan = models.ForeignKey(DeploymentPlan, models.CASCADE, related_name="teams", verbose_name=_("plan"))
    number = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=20, choices=TeamKind.choices)
    area = models.ForeignKey(
        AreaOfResponsibility,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="teams",
        verbose_name=_("area"),
    )
    constituency = models.ForeignKey(
        Constituency, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("constituency")
    )
    country = models.CharField(_("country"), max_length=3, blank=True)

    objects = TeamQuerySet.as_manager()

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["plan", "number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="team_number_once"),
            models.CheckConstraint(condition=models.Q(kind__in=TeamKind.values), name="team_kind_known"),
            models.CheckConstraint(
                condition=~models.Q(kind=TeamKind.OVERSEAS) | ~models.Q(country=""),
                name="team_overseas_has_country",
            ),
        ]

    def __str__(self) -> str:
        return str(_("Team %d")) % self.number


class TeamMember(models.Model):
    """One observer's place in a team."""

    plan = models.ForeignKey(DeploymentPlan, models.CASCADE, related_name="members", verbose_name=_("plan"))
    team = models.ForeignKey(Team, models.CASCADE, related_name="members", verbose_name=_("team"))
    observer = models.ForeignKey(Observer, models.PROTECT, related_name="+", verbose_name=_("observer"))
    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="+", verbose_name=_("nomination"))
    is_leader = models.BooleanField(_("team leader"), default=False)

    class Meta:
        verbose_name = _("team member")
        verbose_name_plural = _("team members")
        ordering = ["team", "-is_leader", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "observer"], name="member_one_team_per_plan"),
            models.UniqueConstraint(
                fields=["team"], condition=models.Q(is_leader=True), name="member_one_leader_per_team"
            ),
        ]

    def __str__(self) -> str:
        return str(self.observer)


class VisitPlan(models.Model):
    """One team's day."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="visit_plans", verbose_name=_("team"))
    day = models.DateField(_("day"))

    objects = VisitPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit plan")
        verbose_name_plural = _("visit plans")
        ordering = ["team", "day"]
        constraints = [
            models.UniqueConstraint(fields=["team", "day"], name="visit_plan_day_once"),
        ]

    def __str__(self) -> str:
        return f"{self.team} {self.day:%d.%m.%Y}"


class Visit(models.Model):
    """A team's planned presence at one station; the visits of a plan in order are the route."""

    visit_plan = models.ForeignKey(VisitPlan, models.CASCADE, related_name="visits", verbose_name=_("visit plan"))
    order = models.PositiveSmallIntegerField(_("order"))
    station = models.ForeignKey(
        PollingStation, models.PROTECT, related_name="visits", verbose_name=_("polling station")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=VisitKind.choices)
    arrives_at = models.DateTimeField(_("arrives at"))
    leaves_at = models.DateTimeField(_("leaves at"))

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        ordering = ["visit_plan", "order"]
        constraints = [
            models.UniqueConstraint(fields=["visit_plan", "order"], name="visit_order_once"),
            models.UniqueConstraint(fields=["visit_plan", "station", "kind"], name="visit_station_once_per_stage"),
            models.CheckConstraint(condition=models.Q(kind__in=VisitKind.values), name="visit_kind_known"),
            models.CheckConstraint(
                condition=models.Q(leaves_at__gt=models.F("arrives_at")), name="visit_leaves_after_arrival"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order}. {self.station}"


class ObserverSlot(models.Model):
    """Half a day of one observer, taken by a released plan. The unique constraint is what excludes double booking."""

    observer = models.ForeignKey(Observer, models.PROTECT, related_name="slots", verbose_name=_("observer"))
    day = models.DateField(_("day"))
    half = models.CharField(_("half"), max_length=2, choices=DayHalf.choices)
    team = models.ForeignKey(Team, models.CASCADE, related_name="slots", verbose_name=_("team"))

    class Meta:
        verbose_name = _("observer slot")
        verbose_name_plural = _("observer slots")
        ordering = ["day", "half", "observer"]
        constraints = [
            models.UniqueConstraint(fields=["observer", "day", "half"], name="slot_observer_once"),
            models.CheckConstraint(condition=models.Q(half__in=DayHalf.values), name="slot_half_known"),
        ]

    def __str__(self) -> str:
        return f"{self.observer} {self.day} {self.half}"


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
