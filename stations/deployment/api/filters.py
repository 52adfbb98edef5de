"""What the lists of deployment may be filtered by."""

from django_filters import CharFilter, ChoiceFilter, FilterSet

from missions.kernel.web.filters import DayFilter, NumberFilter
from stations.deployment.states import PlanState, RunState, TeamKind


class PlanFilters(FilterSet):  # type: ignore[misc]  # django-filter is untyped
    election = NumberFilter(help_text="The id of an election.")
    mission = NumberFilter(help_text="The id of a mission.")
    state = ChoiceFilter(choices=PlanState.choices)


class PlanRunFilters(FilterSet):  # type: ignore[misc]  # django-filter is untyped
    election = NumberFilter(help_text="The id of an election.")
    mission = NumberFilter(help_text="The id of a mission.")
    state = ChoiceFilter(choices=RunState.choices)


class BreakGlassFilters(FilterSet):  # type: ignore[misc]  # django-filter is untyped
    mission = NumberFilter(field_name="plan__mission", help_text="The id of a mission.")
    plan = NumberFilter(help_text="The id of a deployment plan.")


class AreaFilters(FilterSet):  # type: ignore[misc]  # django-filter is untyped
    plan = NumberFilter(help_text="The id of a plan.")


class TeamFilters(FilterSet):  # type: ignore[misc]  # django-filter is untyped
    plan = NumberFilter(help_text="The id of a plan.")
    area = NumberFilter(help_text="The id of an area.")
    kind = ChoiceFilter(choices=TeamKind.choices)
    constituency_number = NumberFilter(
        field_name="constituency__number", help_text="The number of a constituency in its election."
    )
    country = CharFilter(max_length=3, help_text="ISO 3166-1 alpha-3.")


class VisitPlanFilters(FilterSet):  # type: ignore[misc]  # django-filter is untyped
    plan = NumberFilter(field_name="team__plan", help_text="The id of a deployment plan.")
    team = NumberFilter(help_text="The id of a team.")
    day = DayFilter(help_text="The day of the visits.")
