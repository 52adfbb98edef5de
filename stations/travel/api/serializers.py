"""Shapes of travel times: what was uploaded for which constituency, and not the cells."""

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from missions.kernel.spreadsheets.csvfile import ENCODINGS
from missions.kernel.web.inputs import InputSerializer
from stations.travel.models import TravelMatrix

_LARGEST_ID = 10**18 - 1
_MATRIX = OpenApiExample(
    "Travel times of a mission",
    value={
        "id": 6,
        "mission": 4,
        "constituency": 17,
        "constituency_number": 17,
        "stations": ["017001", "017002"],
        "file_name": "north.csv",
        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "uploaded_at": "2031-01-25T09:00:00Z",
        "removed_at": None,
        "version": 1,
    },
    response_only=True,
)


@extend_schema_serializer(examples=[_MATRIX])
class TravelMatrixSerializer(serializers.ModelSerializer[TravelMatrix]):
    """Measured seconds and metres between the places of one constituency."""

    mission = serializers.IntegerField(source="mission_id", allow_null=True, help_text="Null: the ministry's.")
    constituency_number = serializers.IntegerField(source="constituency.number")
    stations = serializers.ListField(source="codes", child=serializers.CharField(), help_text="Their codes.")
    removed_at = serializers.DateTimeField(allow_null=True, help_text="Null while it is in use.")
    version = serializers.IntegerField(help_text="Grows with each change; the ETag.")

    class Meta:
        model = TravelMatrix
        fields = (
            "id",
            "mission",
            "constituency",
            "constituency_number",
            "stations",
            "file_name",
            "sha256",
            "uploaded_at",
            "removed_at",
            "version",
        )
        read_only_fields = fields


class TravelMatrixInput(InputSerializer):
    """A file of travel times: a text file (.csv), or an Excel workbook (.xlsx)."""

    example = {"mission": 4, "constituency": 17, "file": "(a text file)"}

    mission = serializers.IntegerField(
        min_value=1, max_value=_LARGEST_ID, required=False, help_text="A self-directed mission; absent: the ministry."
    )
    constituency = serializers.IntegerField(min_value=1, max_value=_LARGEST_ID)
    file = serializers.FileField(
        allow_empty_file=True,
        help_text="Columns from, to, seconds, metres; one row for each way. At most 20 MB.",
    )
    encoding = serializers.ChoiceField(
        choices=ENCODINGS, required=False, help_text="Of a text file that is not Unicode; never guessed."
    )


class MatrixRemovalInput(InputSerializer):
    """Perhaps why; the history keeps it."""

    example = {"reason": "Measured again in winter."}

    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
