"""What the list of reports may be filtered by. Never the title: see its register."""

from django_filters import ChoiceFilter, FilterSet

from missions.kernel.web.filters import NumberFilter
from missions.reports.states import ReportKind, ReportState


class ReportFilters(FilterSet):  # type: ignore[misc]  # django-filter is untyped
    election = NumberFilter(help_text="The id of an election.")
    mission = NumberFilter(help_text="The id of a mission.")
    kind = ChoiceFilter(choices=ReportKind.choices)
    state = ChoiceFilter(choices=ReportState.choices)
