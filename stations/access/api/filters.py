"""What the list of grants may be filtered by."""

from django_filters import CharFilter, ChoiceFilter, FilterSet

from missions.kernel.web.filters import NumberFilter
from stations.access.states import AccessState
from stations.states import AccessCondition


class AccessGrantFilters(FilterSet):  # type: ignore[misc]  # django-filter is untyped
    mission = NumberFilter(help_text="The id of a mission.")
    station_code = CharFilter(field_name="station__code", max_length=20, help_text="The code of a station.")
    condition = ChoiceFilter(choices=AccessCondition.choices)
    state = ChoiceFilter(choices=AccessState.choices)
