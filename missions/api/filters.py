"""What the lists of this app may be filtered by."""

from django_filters import CharFilter, ChoiceFilter, FilterSet

from missions.kernel.web.filters import NumberFilter
from missions.states import DeploymentMode, InvitationState, Inviter, MissionKind


class ElectionFilters(FilterSet):  # type: ignore[misc]  # django-filter is untyped
    code = CharFilter(max_length=40, help_text="The short name of an election.")


class ConstituencyFilters(FilterSet):  # type: ignore[misc]  # django-filter is untyped
    election = NumberFilter(help_text="The id of an election.")
    number = NumberFilter(help_text="The number of a constituency in its election.")


class MissionFilters(FilterSet):  # type: ignore[misc]  # django-filter is untyped
    election = NumberFilter(help_text="The id of an election.")
    code = CharFilter(max_length=40, help_text="The short name of a mission.")
    kind = ChoiceFilter(choices=MissionKind.choices)
    deployment_mode = ChoiceFilter(choices=DeploymentMode.choices)


class InvitationFilters(FilterSet):  # type: ignore[misc]  # django-filter is untyped
    election = NumberFilter(help_text="The id of an election.")
    inviter = ChoiceFilter(choices=Inviter.choices)
    state = ChoiceFilter(choices=InvitationState.choices)
