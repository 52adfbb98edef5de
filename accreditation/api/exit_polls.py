"""The resource of exit polls: for reading, once no station is open any more."""

from django.db.models import QuerySet
from django_filters import FilterSet
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_serializer, extend_schema_view
from rest_framework import serializers

from accreditation.models import ExitPollResult
from accreditation.selectors import visible_exit_polls
from missions.api.resources import Resource
from missions.kernel import clock
from missions.kernel.web.filters import NumberFilter

_EXAMPLE = OpenApiExample(
    "A result of an exit poll",
    value={
        "id": 3,
        "election": 1,
        "mission": 21,
        "title": "Result at the close of voting",
        "figures": {"A. Sample": "61.2", "B. Sample": "38.8"},
        "received_at": "2031-02-07T15:30:00Z",
    },
)


@extend_schema_serializer(examples=[_EXAMPLE])
class ExitPollSerializer(serializers.ModelSerializer[ExitPollResult]):
    """One result of one pollster."""

    election = serializers.IntegerField(source="mission.election_id")
    title = serializers.CharField(help_text="In the pollster's words; unique for the pollster.")
    figures = serializers.DictField(
        child=serializers.CharField(), help_text="Contestants, each with the share in per cent."
    )

    class Meta:
        model = ExitPollResult
        fields = ("id", "election", "mission", "title", "figures", "received_at")
        read_only_fields = fields


class ExitPollFilters(FilterSet):  # type: ignore[misc]  # django-filter is untyped
    election = NumberFilter(field_name="mission__election", help_text="The id of an election.")
    mission = NumberFilter(help_text="The id of the pollster's mission.")


@extend_schema_view(
    list=extend_schema(summary="List the results of exit polls"),
    retrieve=extend_schema(summary="Read one result of an exit poll"),
)
class ExitPolls(Resource[ExitPollResult]):
    """Own results for pollsters, all for the host; while any station is open, at home or abroad, there are none."""

    queryset = ExitPollResult.objects.all()
    serializer_class = ExitPollSerializer
    filterset_class = ExitPollFilters

    def get_queryset(self) -> QuerySet[ExitPollResult]:
        return visible_exit_polls(user=self.request.user, at=clock.now())
