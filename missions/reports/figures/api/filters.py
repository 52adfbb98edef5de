"""What figures and claims may be filtered by."""

from django_filters import FilterSet

from missions.kernel.web.filters import NumberFilter


class FiguresFilters(FilterSet):  # type: ignore[misc]  # django-filter is untyped
    election = NumberFilter(help_text="The id of an election.")


class ClaimFilters(FiguresFilters):
    organization = NumberFilter(help_text="The id of the organization whose observers are counted.")
