"""Shapes of figures and of what others say about them."""

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from missions.reports.figures.models import FigureClaim, FrozenFigures

_FIGURES = OpenApiExample(
    "Figures",
    value={
        "id": 3,
        "election": 1,
        "as_of": "2031-02-05T19:00:00Z",
        "observers": 790,
        "organizations": 72,
        "countries": 89,
        "rule": "live-international",
        "rule_version": 1,
        "rule_words": "People with an accreditation that was in force at the instant.",
        "published_at": "2031-02-06T06:00:00Z",
    },
)
_CLAIM = OpenApiExample(
    "A claim",
    value={
        "id": 8,
        "election": 1,
        "organization": None,
        "source": "A newspaper",
        "said_on": "2031-02-06",
        "as_of": "2031-02-06T08:00:00Z",
        "text": "790 observers from 88 countries",
        "observers": 790,
        "organizations": None,
        "countries": 88,
        "published_at": "2031-02-06T08:15:00Z",
        "withdrawn_at": None,
    },
)


@extend_schema_serializer(examples=[_FIGURES])
class FrozenFiguresSerializer(serializers.ModelSerializer[FrozenFigures]):
    """One count, true at its instant and by its rule."""

    as_of = serializers.DateTimeField(help_text="The instant at which it is true.")
    observers = serializers.IntegerField(help_text="People, each once.")
    organizations = serializers.IntegerField(help_text="Organizations of their deciding nominations, each once.")
    countries = serializers.IntegerField(help_text="Countries of nationality, each once.")
    rule = serializers.CharField(source="rule_code", help_text="What was counted; a stable code.")
    rule_version = serializers.IntegerField(help_text="Of the rule.")
    rule_words = serializers.CharField(help_text="What was counted, in words.")
    published_at = serializers.DateTimeField(allow_null=True, help_text="Null for what only the host reads yet.")

    class Meta:
        model = FrozenFigures
        fields = (
            "id",
            "election",
            "as_of",
            "observers",
            "organizations",
            "countries",
            "rule",
            "rule_version",
            "rule_words",
            "published_at",
        )
        read_only_fields = fields


@extend_schema_serializer(examples=[_CLAIM])
class FigureClaimSerializer(serializers.ModelSerializer[FigureClaim]):
    """What somebody else said. A number that the source does not give is null."""

    organization = serializers.IntegerField(
        source="organization_id", allow_null=True, help_text="Whose observers it counts; null: those of all."
    )
    source = serializers.CharField(  # type: ignore[assignment]  # the base class has an attribute of that name
        help_text="Who said it, and where it can be read."
    )
    as_of = serializers.DateTimeField(help_text="The instant for which it is compared.")
    observers = serializers.IntegerField(allow_null=True)
    organizations = serializers.IntegerField(allow_null=True)
    countries = serializers.IntegerField(allow_null=True)
    published_at = serializers.DateTimeField(allow_null=True, help_text="Null for what only the host reads.")
    withdrawn_at = serializers.DateTimeField(allow_null=True, help_text="When it was found to be recorded wrongly.")

    class Meta:
        model = FigureClaim
        fields = (
            "id",
            "election",
            "organization",
            "source",
            "said_on",
            "as_of",
            "text",
            "observers",
            "organizations",
            "countries",
            "published_at",
            "withdrawn_at",
        )
        read_only_fields = fields
