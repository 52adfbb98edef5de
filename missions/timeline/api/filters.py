"""What the list of milestones may be filtered by."""

from django_filters import CharFilter, FilterSet

from missions.kernel.web.filters import NumberFilter


class MilestoneFilters(FilterSet):  # type: ignore[misc]  # django-filter is untyped
    election = NumberFilter(field_name="mission__election", help_text="The id of an election.")
    mission = NumberFilter(help_text="The id of a mission.")
    code = CharFilter(max_length=40, help_text="The code of a milestone in its timeline.")
