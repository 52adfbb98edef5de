"""Lists over the parts of all visible plans: areas, teams, members, days, visits, taken half-days."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RadioFilter

from missions.admin.pages import column, local_text
from missions.countries import country_name
from missions.kernel.web.admin import ViewOnlyAdmin
from stations.deployment.models import (
    AreaOfResponsibility,
    DeploymentPlan,
    ObserverSlot,
    Team,
    TeamMember,
    Visit,
    VisitPlan,
)


class ScopedAdmin(ViewOnlyAdmin):
    """A part of a plan. Out of sight and absent are the same 404, and the framework's log is not shown."""

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: object, object_id: str) -> Any:
        raise Http404


class PlanFilter(RadioFilter):  # type: ignore[misc]  # unfold is untyped
    """The plans that this person may see, and no others: a usual filter would list them all."""

    title = _("plan")
    parameter_name = "of"
    #: Lookup path from the part to its plan.
    plan_path = "plan"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        plans = DeploymentPlan.objects.visible_to(request.user).select_related("mission")
        return [(str(plan.pk), f"{plan} ({plan.get_state_display()})") for plan in plans]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        chosen = self.value()
        if chosen is None or chosen not in {key for key, _title in self.lookup_choices}:
            return queryset
        return queryset.filter(**{self.plan_path: chosen})


class VisitPlanOfFilter(PlanFilter):
    plan_path = "visit_plan__team__plan"


class DayOfFilter(PlanFilter):
    plan_path = "team__plan"


@admin.register(AreaOfResponsibility)
class AreaAdmin(ScopedAdmin):
    list_display = ("name", "plan", "team_count")
    list_filter = (PlanFilter,)
    list_select_related = ("plan__mission",)
    search_fields = ("name",)
    ordering = ("plan", "name")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        areas: QuerySet[Any] = super().get_queryset(request)
        counted: QuerySet[Any] = areas.annotate(teams_there=Count("teams", distinct=True))
        return counted

    @column(_("teams"), ordering="teams_there")
    def team_count(self, area: Any) -> int:
        count: int = area.teams_there
        return count


class VisibleTeamsAdmin(ScopedAdmin):
    """Parts that hang on a team: those of the teams that this person may see."""

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        parts: QuerySet[Any] = super().get_queryset(request)
        return parts.filter(team__in=Team.objects.visible_to(request.user))


@admin.register(Team)
class TeamAdmin(ScopedAdmin):
    list_display = ("number", "kind", "plan", "people", "area", "constituency", "country_named")
    list_filter = (PlanFilter, "kind")
    list_select_related = ("plan__mission", "area", "constituency")
    search_fields = ("=number", "members__observer__surname")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        teams: QuerySet[Any] = super().get_queryset(request)
        return teams.prefetch_related("members__observer")

    @column(_("members"))
    def people(self, team: Team) -> str:
        return ", ".join(member.observer.full_name for member in team.members.all())

    @column(_("country"), ordering="country")
    def country_named(self, team: Team) -> str:
        return country_name(team.country, get_language() or "en") if team.country else ""


@admin.register(TeamMember)
class TeamMemberAdmin(VisibleTeamsAdmin):
    list_display = ("observer", "team", "plan", "is_leader")
    list_filter = (PlanFilter, "is_leader")
    list_select_related = ("observer", "team", "plan__mission")
    search_fields = ("observer__surname", "observer__given_names")


@admin.register(VisitPlan)
class VisitPlanAdmin(ScopedAdmin):
    list_display = ("team", "plan", "day")
    list_filter = (DayOfFilter, "day")
    list_select_related = ("team__plan__mission",)
    search_fields = ("=team__number",)

    @column(_("plan"), ordering="team__plan")
    def plan(self, day: VisitPlan) -> str:
        return str(day.team.plan)


@admin.register(Visit)
class VisitAdmin(ScopedAdmin):
    list_display = ("station", "kind", "arrives", "leaves", "team", "plan")
    list_filter = (VisitPlanOfFilter, "kind")
    list_select_related = ("station", "visit_plan__team__plan__mission")
    search_fields = ("station__code", "station__name", "=visit_plan__team__number")
    told_by: ClassVar[Mapping[str, str]] = {"arrives_at": "arrives", "leaves_at": "leaves", "meal_at": "meal"}

    @column(_("arrives (local)"), ordering="arrives_at")
    def arrives(self, visit: Visit) -> str:
        return local_text(visit.arrives_at, visit.station.zone)

    @column(_("leaves (local)"), ordering="leaves_at")
    def leaves(self, visit: Visit) -> str:
        return local_text(visit.leaves_at, visit.station.zone)

    @column(_("meal before it (local)"), ordering="meal_at")
    def meal(self, visit: Visit) -> str:
        return local_text(visit.meal_at, visit.station.zone)

    @column(_("team"), ordering="visit_plan__team__number")
    def team(self, visit: Visit) -> str:
        return str(visit.visit_plan.team)

    @column(_("plan"), ordering="visit_plan__team__plan")
    def plan(self, visit: Visit) -> str:
        return str(visit.visit_plan.team.plan)


@admin.register(ObserverSlot)
class ObserverSlotAdmin(VisibleTeamsAdmin):
    list_display = ("observer", "day", "half", "team", "plan")
    list_filter = (DayOfFilter, "day", "half")
    list_select_related = ("observer", "team__plan__mission")
    search_fields = ("observer__surname", "observer__given_names")

    @column(_("plan"), ordering="team__plan")
    def plan(self, slot: ObserverSlot) -> str:
        return str(slot.team.plan)
