"""What the lists of presence may be filtered by."""

from django_filters import BooleanFilter, CharFilter, ChoiceFilter, FilterSet

from missions.kernel.web.filters import NumberFilter
from stations.deployment.presence.states import PresenceKind


class PresenceReportFilters(FilterSet):  # type: ignore[misc]  # django-filter is untyped
    plan = NumberFilter(field_name="team__plan", help_text="The id of a plan.")
    team = NumberFilter(help_text="The id of a team.")
    kind = ChoiceFilter(choices=PresenceKind.choices)
    station_code = CharFilter(field_name="station__code", max_length=20, help_text="The code of a station.")


class RollCallFilters(FilterSet):  # type: ignore[misc]  # django-filter is untyped
    election = NumberFilter(help_text="The id of an election.")
    mission = NumberFilter(help_text="The id of a mission.")
    is_closed = BooleanFilter(field_name="closed_at", lookup_expr="isnull", exclude=True, help_text="Whether it ended.")
