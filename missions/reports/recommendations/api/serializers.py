"""Shapes of recommendations, with what the host says to them and what became of them."""

from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from missions.kernel.web.inputs import InputSerializer
from missions.reports.recommendations.models import Assessment, HostAnswer, Recommendation
from missions.reports.recommendations.selectors import last_answer, last_assessment
from missions.reports.recommendations.states import Addressee

_LARGEST_ID = 10**18 - 1
_LARGEST_NUMBER = 9999
#: More than anybody publishes a report in.
_MOST_LANGUAGES = 20
_EXAMPLE = OpenApiExample(
    "A recommendation",
    value={
        "id": 31,
        "report": 5,
        "report_number": 2,
        "election": 1,
        "mission": 4,
        "number": 1,
        "texts": {"az": "Nəticələri məntəqələr üzrə dərc edin", "en": "Publish results by polling station"},
        "addressee": "commission",
        "is_priority": True,
        "legal_reference": "Article 108",
        "written_at": "2031-02-07T20:05:00Z",
        "withdrawn_at": None,
        "withdrawal_reason": "",
        "answer": {
            "answer": "accepted",
            "text": "From the next election on.",
            "responsible": "Secretariat",
            "due_on": "2031-06-01",
            "answered_at": "2031-03-01T08:00:00Z",
        },
        "assessment": None,
        "version": 2,
    },
)


class HostAnswerSerializer(serializers.ModelSerializer[HostAnswer]):
    """What the host says to it now."""

    due_on = serializers.DateField(allow_null=True, help_text="Until when.")
    responsible = serializers.CharField(help_text="Who sees to it; may be empty.")

    class Meta:
        model = HostAnswer
        fields = ("answer", "text", "responsible", "due_on", "answered_at")
        read_only_fields = fields


class AssessmentSerializer(serializers.ModelSerializer[Assessment]):
    """What was last found of it."""

    organization = serializers.IntegerField(
        source="organization_id", allow_null=True, help_text="Who found it; null: the host."
    )

    class Meta:
        model = Assessment
        fields = ("outcome", "evidence", "organization", "assessed_at")
        read_only_fields = fields


@extend_schema_serializer(examples=[_EXAMPLE])
class RecommendationSerializer(serializers.ModelSerializer[Recommendation]):
    """One recommendation of a report."""

    report = serializers.IntegerField(source="report_id", help_text="The id of the report.")
    report_number = serializers.IntegerField(
        source="report.number", allow_null=True, help_text="In the election; null before registration."
    )
    election = serializers.IntegerField(source="report.election_id", help_text="The id of the election.")
    mission = serializers.IntegerField(source="report.mission_id", help_text="The id of the mission.")
    number = serializers.IntegerField(help_text="Its rank in the report, from 1.")
    texts = serializers.SerializerMethodField(help_text="What it says, by language (ISO 639-1).")
    legal_reference = serializers.CharField(help_text="May be empty.")
    written_at = serializers.DateTimeField(source="split_at", help_text="When it was entered.")
    withdrawn_at = serializers.DateTimeField(allow_null=True, help_text="When it was taken back after publication.")
    withdrawal_reason = serializers.CharField(help_text="Empty unless it was taken back.")
    answer = serializers.SerializerMethodField(help_text="The host's last answer; null if there is none.")
    assessment = serializers.SerializerMethodField(help_text="The last finding; null if there is none.")
    version = serializers.IntegerField(help_text="Grows with each change of its words; the ETag.")

    class Meta:
        model = Recommendation
        fields = (
            "id",
            "report",
            "report_number",
            "election",
            "mission",
            "number",
            "texts",
            "addressee",
            "is_priority",
            "legal_reference",
            "written_at",
            "withdrawn_at",
            "withdrawal_reason",
            "answer",
            "assessment",
            "version",
        )
        read_only_fields = fields

    def get_texts(self, row: Recommendation) -> dict[str, str]:
        return {one.language: one.text for one in row.texts.all()}

    @extend_schema_field(HostAnswerSerializer(allow_null=True))
    def get_answer(self, row: Recommendation) -> object:
        answer = last_answer(row)
        return None if answer is None else HostAnswerSerializer(answer).data

    @extend_schema_field(AssessmentSerializer(allow_null=True))
    def get_assessment(self, row: Recommendation) -> object:
        found = last_assessment(row)
        return None if found is None else AssessmentSerializer(found).data


class AdviceChangeInput(InputSerializer):
    """What a recommendation says, whole: it takes the place of what it said."""

    example = {
        "texts": {"en": "Publish results by polling station."},
        "addressee": "commission",
        "is_priority": True,
    }

    number = serializers.IntegerField(
        min_value=1,
        max_value=_LARGEST_NUMBER,
        required=False,
        allow_null=True,
        default=None,
        help_text="Its rank in the report; left out: as it is, and for a new one the next.",
    )
    texts = serializers.DictField(
        child=serializers.CharField(max_length=4000), allow_empty=False, help_text="By language (ISO 639-1)."
    )
    addressee = serializers.ChoiceField(choices=Addressee.choices)
    is_priority = serializers.BooleanField(required=False, default=False)
    legal_reference = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")

    def validate_texts(self, texts: dict[str, str]) -> dict[str, str]:
        if len(texts) > _MOST_LANGUAGES:
            raise serializers.ValidationError(f"At most {_MOST_LANGUAGES} languages.", code="max_length")
        return texts


class AdviceInput(AdviceChangeInput):
    """A new recommendation of an own report."""

    example = {"report": 12, "texts": {"en": "Publish results by polling station."}, "addressee": "commission"}

    report = serializers.IntegerField(min_value=1, max_value=_LARGEST_ID, help_text="The id of an own report.")


class RemovalInput(InputSerializer):
    """Why; needed once the report is public, and published with nothing else."""

    example = {"reason": "It stands in the report twice."}

    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class RankInput(InputSerializer):
    """All recommendations of the report, the first one first."""

    example = {"order": [33, 31, 32]}

    order = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=_LARGEST_ID),
        max_length=_LARGEST_NUMBER,
        help_text="The ids of the recommendations.",
    )
