"""What the list of letters may be filtered by."""

from django_filters import ChoiceFilter, FilterSet

from accreditation.letters.states import LetterKind
from missions.kernel.web.filters import NumberFilter


class LetterFilters(FilterSet):  # type: ignore[misc]  # django-filter is untyped
    election = NumberFilter(help_text="The id of an election.")
    mission = NumberFilter(help_text="The id of a mission.")
    kind = ChoiceFilter(choices=LetterKind.choices)
    application = NumberFilter(help_text="The id of an application.")
    accreditation = NumberFilter(help_text="The id of an accreditation.")
