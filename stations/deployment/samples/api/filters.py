"""What the lists of samples may be filtered by."""

from django_filters import CharFilter, ChoiceFilter, FilterSet

from missions.kernel.web.filters import NumberFilter
from stations.deployment.samples.states import Place, SampleState


class SampleFilters(FilterSet):  # type: ignore[misc]  # django-filter is untyped
    election = NumberFilter(help_text="The id of an election.")
    mission = NumberFilter(help_text="The id of a mission.")
    state = ChoiceFilter(choices=SampleState.choices)


class SampledStationFilters(FilterSet):  # type: ignore[misc]  # django-filter is untyped
    sample = NumberFilter(help_text="The id of a sample.")
    place = ChoiceFilter(choices=Place.choices)
    station_code = CharFilter(field_name="station__code", max_length=20, help_text="The code of a station.")
