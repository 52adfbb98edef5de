"""What the list of matrices may be filtered by."""

from django_filters import FilterSet

from missions.kernel.web.filters import NumberFilter


class TravelMatrixFilters(FilterSet):  # type: ignore[misc]  # django-filter is untyped
    mission = NumberFilter(help_text="The id of a mission.")
    constituency = NumberFilter(help_text="The id of a constituency.")
