"""What the list of files with plans, and the rows of one, may be filtered by."""

from django.db.models import QuerySet
from django_filters import ChoiceFilter, FilterSet

from missions.kernel.web.filters import NumberFilter
from stations.deployment.plan_files.models import PlanFile, PlanFileRow
from stations.deployment.plan_files.states import FileState


class PlanFileFilters(FilterSet):  # type: ignore[misc]  # django-filter is untyped
    mission = NumberFilter(help_text="Files of this mission.")
    state = ChoiceFilter(choices=FileState.choices, help_text="Files in this state.")

    class Meta:
        model = PlanFile
        fields = ("mission", "state")


class PlanFileRowFilters(FilterSet):  # type: ignore[misc]  # django-filter is untyped
    only = ChoiceFilter(choices=(("errors", "errors"),), method="filter_only", help_text="Rows that have errors.")

    class Meta:
        model = PlanFileRow
        fields = ("only",)

    def filter_only(self, rows: "QuerySet[PlanFileRow]", name: str, value: str) -> "QuerySet[PlanFileRow]":
        return rows.filter(has_errors=True)
