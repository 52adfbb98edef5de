"""Teams and the areas that they belong to, and the slots that exclude double booking."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accreditation.models import Nomination, Observer
from missions.models import Constituency
from stations.deployment.models.plans import DeploymentPlan
from stations.deployment.models.settings import Interpreter
from stations.deployment.querysets import AreaQuerySet, TeamMemberQuerySet, TeamQuerySet
from stations.deployment.states import DayHalf, TeamKind


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
    """Two observers of one plan, and the constituency or the country where they work.

    `key` stays with a team from one version of a plan to the next. What is pinned, re-planning keeps: the two people
    together (`is_pair_pinned`), or the constituency or country (`is_place_pinned`).
    """

    plan = models.ForeignKey(DeploymentPlan, models.CASCADE, related_name="teams", verbose_name=_("plan"))
    number = models.PositiveIntegerField(_("number"))
    key = models.UUIDField(_("key"), default=uuid.uuid4, editable=False)
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
    interpreter = models.ForeignKey(
        Interpreter, models.SET_NULL, null=True, blank=True, related_name="teams", verbose_name=_("interpreter")
    )
    is_pair_pinned = models.BooleanField(_("pair pinned"), default=False)
    is_place_pinned = models.BooleanField(_("place pinned"), default=False)

    objects = TeamQuerySet.as_manager()

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["plan", "number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="team_number_once"),
            models.UniqueConstraint(fields=["plan", "key"], name="team_key_once"),
            models.UniqueConstraint(
                fields=["plan", "interpreter"],
                condition=models.Q(interpreter__isnull=False),
                name="interpreter_one_team_per_plan",
            ),
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

    objects = TeamMemberQuerySet.as_manager()

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
