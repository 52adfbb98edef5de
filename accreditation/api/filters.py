"""What the lists of this app may be filtered by."""

from django_filters import CharFilter, ChoiceFilter, FilterSet

from accreditation.states import AccreditationState, ApplicationState, Category, Role
from missions.kernel.web.filters import NumberFilter


class NominationFilters(FilterSet):  # type: ignore[misc]  # django-filter is untyped
    election = NumberFilter(field_name="mission__election", help_text="The id of an election.")
    mission = NumberFilter(help_text="The id of a mission.")
    role = ChoiceFilter(choices=Role.choices)
    reference = CharFilter(max_length=40, help_text="The mission's own reference of the row.")


class ApplicationFilters(FilterSet):  # type: ignore[misc]  # django-filter is untyped
    election = NumberFilter(help_text="The id of an election.")
    mission = NumberFilter(field_name="nomination__mission", help_text="The id of a mission.")
    nomination = NumberFilter(help_text="The id of a nomination.")
    category = ChoiceFilter(choices=Category.choices)
    state = ChoiceFilter(choices=ApplicationState.choices)


class AccreditationFilters(FilterSet):  # type: ignore[misc]  # django-filter is untyped
    election = NumberFilter(help_text="The id of an election.")
    mission = NumberFilter(field_name="application__nomination__mission", help_text="The id of a mission.")
    application = NumberFilter(help_text="The id of an application.")
    category = ChoiceFilter(choices=Category.choices)
    number = NumberFilter(help_text="The accreditation number, unique in its election and category.")
    state = ChoiceFilter(choices=AccreditationState.choices)
