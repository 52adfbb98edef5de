"""What the lists of this app may be filtered by."""

from django_filters import CharFilter, ChoiceFilter, FilterSet

from missions.kernel.web.filters import FlagFilter, NumberFilter
from stations.states import StationKind


class PollingStationFilters(FilterSet):  # type: ignore[misc]  # django-filter is untyped
    election = NumberFilter(help_text="The id of an election.")
    code = CharFilter(max_length=20, help_text="The code of a station, with its leading zeros.")
    kind = ChoiceFilter(choices=StationKind.choices)
    constituency_number = NumberFilter(
        field_name="constituency__number", help_text="The number of a constituency in its election."
    )
    country = CharFilter(max_length=3, help_text="ISO 3166-1 alpha-3.")
    has_web_camera = FlagFilter(help_text="Whether a web camera is installed.")
    is_newly_covered = FlagFilter(help_text="Whether it lies in newly covered territory.")


class RegisterVersionFilters(FilterSet):  # type: ignore[misc]  # django-filter is untyped
    election = NumberFilter(help_text="The id of an election.")
    number = NumberFilter(help_text="The number of a version in its election.")
