"""Shapes of reports. The host reads of the contents only what everybody may read."""

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from missions.kernel.web.inputs import InputSerializer, InstantField
from missions.reports.models import Report, ReportFile
from missions.reports.permissions import can_read_contents
from missions.reports.states import ReportKind

_LARGEST_ID = 10**18 - 1
_FILE = {
    "language": "en",
    "size": 184320,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "uploaded_at": "2031-02-07T20:11:00Z",
}
_EXAMPLE = OpenApiExample(
    "A report",
    value={
        "id": 5,
        "election": 1,
        "mission": 4,
        "kind": "preliminary",
        "title": "Statement of preliminary findings",
        "state": "registered",
        "number": 2,
        "embargo_wished": "2031-02-08T11:00:00Z",
        "embargo_until": "2031-02-08T11:00:00Z",
        "publication": "embargoed",
        "files": [_FILE],
        "submitted_at": "2031-02-07T20:15:00Z",
        "registered_at": "2031-02-08T05:00:00Z",
        "retracted_at": None,
        "retraction_reason": "",
        "version": 4,
    },
)


@extend_schema_serializer(examples=[OpenApiExample("A file", value=_FILE)])
class ReportFileSerializer(serializers.ModelSerializer[ReportFile]):
    """A file of a report, and not its bytes."""

    language = serializers.CharField(help_text="ISO 639-1.")
    uploaded_at = serializers.DateTimeField(source="created_at")

    class Meta:
        model = ReportFile
        fields = ("language", "size", "sha256", "uploaded_at")
        read_only_fields = fields


@extend_schema_serializer(examples=[_EXAMPLE])
class ReportSerializer(serializers.ModelSerializer[Report]):
    """A report in the register, or on its way there."""

    title = serializers.SerializerMethodField(help_text="Null for the host until the report is public.")
    number = serializers.IntegerField(allow_null=True, help_text="In the election; null before registration.")
    embargo_wished = serializers.DateTimeField(allow_null=True, help_text="What the mission asks for.")
    embargo_until = serializers.DateTimeField(allow_null=True, help_text="Public from then on.")
    publication = serializers.CharField(
        help_text="`embargoed`, `public`, `retracted`, `never`; empty before registration. By the server's clock."
    )
    files = ReportFileSerializer(many=True)
    submitted_at = serializers.DateTimeField(allow_null=True, help_text="When it was last handed in.")
    registered_at = serializers.DateTimeField(allow_null=True, help_text="When it got its number.")
    retracted_at = serializers.DateTimeField(allow_null=True, help_text="When it was taken back.")
    retraction_reason = serializers.CharField(help_text="Empty unless it was taken back.")
    version = serializers.IntegerField(help_text="Grows with each change; the ETag.")

    class Meta:
        model = Report
        fields = (
            "id",
            "election",
            "mission",
            "kind",
            "title",
            "state",
            "number",
            "embargo_wished",
            "embargo_until",
            "publication",
            "files",
            "submitted_at",
            "registered_at",
            "retracted_at",
            "retraction_reason",
            "version",
        )
        read_only_fields = fields

    def get_title(self, report: Report) -> str | None:
        return report.title if can_read_contents(self.context["request"].user, report) else None


class ReportChangeInput(InputSerializer):
    """Title, and from when on the mission wants it to be public."""

    example = {"title": "Preliminary statement", "embargo_wished": "2031-02-08T15:00:00+04:00"}

    title = serializers.CharField(max_length=300)
    embargo_wished = InstantField(required=False, allow_null=True, default=None)


class ReportInput(ReportChangeInput):
    """A new report of one mission."""

    example = {"mission": 4, "kind": "preliminary", "title": "Preliminary statement"}

    mission = serializers.IntegerField(min_value=1, max_value=_LARGEST_ID)
    kind = serializers.ChoiceField(choices=ReportKind.choices)


class ReportFileInput(InputSerializer):
    """The report as a PDF in one language. The file's own name is ignored."""

    example = {"language": "en", "file": "(a PDF)"}

    language = serializers.CharField(max_length=2, help_text="ISO 639-1.")
    file = serializers.FileField(allow_empty_file=True, help_text="A PDF of at most 20 MB.")


class NoReportInput(InputSerializer):
    """An act that asks nothing."""
