"""What requests and bookings may be filtered by."""

from django_filters import ChoiceFilter, FilterSet

from missions.kernel.web.filters import NumberFilter
from missions.timeline.programme.states import RequestKind, RequestState


class MeetingRequestFilters(FilterSet):  # type: ignore[misc]  # django-filter is untyped
    election = NumberFilter(field_name="mission__election", help_text="The id of an election.")
    mission = NumberFilter(help_text="The id of a mission.")
    kind = ChoiceFilter(choices=RequestKind.choices)
    state = ChoiceFilter(choices=RequestState.choices)


class BookingFilters(FilterSet):  # type: ignore[misc]  # django-filter is untyped
    election = NumberFilter(field_name="programme__election", help_text="The id of an election.")
    mission = NumberFilter(field_name="request__mission", help_text="The id of a mission.")
    kind = ChoiceFilter(field_name="request__kind", choices=RequestKind.choices)
