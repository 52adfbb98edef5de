"""The days of teams: visits in the order of the route."""

from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from stations.deployment.models.teams import Team
from stations.deployment.querysets import VisitPlanQuerySet, VisitQuerySet
from stations.deployment.states import VisitKind
from stations.models import PollingStation


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
        return f"{self.team} · {date_format(self.day, 'j M Y')}"


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
    meal_at = models.DateTimeField(
        _("meal before it"), null=True, blank=True, help_text=_("When the meal begins that the team has on the way.")
    )
    is_pinned = models.BooleanField(_("pinned"), default=False)

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
            models.CheckConstraint(
                condition=models.Q(meal_at=None) | models.Q(meal_at__lt=models.F("arrives_at")),
                name="visit_meal_before_arrival",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order}. {self.station}"
