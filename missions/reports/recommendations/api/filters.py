"""What the list of recommendations may be filtered by."""

from django_filters import ChoiceFilter, FilterSet

from missions.kernel.web.filters import NumberFilter
from missions.reports.recommendations.states import Addressee


class RecommendationFilters(FilterSet):  # type: ignore[misc]  # django-filter is untyped
    election = NumberFilter(field_name="report__election", help_text="The id of an election.")
    mission = NumberFilter(field_name="report__mission", help_text="The id of a mission.")
    report = NumberFilter(help_text="The id of a report.")
    addressee = ChoiceFilter(choices=Addressee.choices)
