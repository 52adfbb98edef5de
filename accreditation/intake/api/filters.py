"""What nomination files and their rows can be filtered by."""

from django.db.models import QuerySet
from django_filters import ChoiceFilter, FilterSet

from accreditation.intake.models import NominationImport, StagedRow
from accreditation.intake.selectors import with_errors, with_warnings
from accreditation.intake.states import ImportState
from missions.kernel.web.filters import NumberFilter


class NominationFileFilters(FilterSet):  # type: ignore[misc]  # django-filter is untyped
    mission = NumberFilter(help_text="Files of this mission.")
    state = ChoiceFilter(choices=ImportState.choices, help_text="Files in this state.")

    class Meta:
        model = NominationImport
        fields = ("mission", "state")


class RowFilters(FilterSet):  # type: ignore[misc]  # django-filter is untyped
    only = ChoiceFilter(
        choices=(("errors", "errors"), ("warnings", "warnings")),
        method="filter_only",
        help_text="Rows that stay out, or rows that people should look at.",
    )

    class Meta:
        model = StagedRow
        fields = ("only",)

    def filter_only(self, rows: "QuerySet[StagedRow]", name: str, value: str) -> "QuerySet[StagedRow]":
        return with_errors(rows) if value == "errors" else with_warnings(rows)
