"""Shapes of files with plans, and of their rows."""

from collections.abc import Mapping

from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from missions.kernel.spreadsheets.csvfile import ENCODINGS
from missions.kernel.spreadsheets.table import RowFinding, Severity
from missions.kernel.web.codes import CodeField
from missions.kernel.web.inputs import InputSerializer
from stations.deployment.plan_files.models import PlanFile
from stations.deployment.plan_files.selectors import FileLine

_LARGEST_ID = 10**18 - 1
_FILE = OpenApiExample(
    "A file with one error",
    value={
        "id": 8,
        "election": 1,
        "mission": 4,
        "base": 5,
        "file_name": "plan.xlsx",
        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "state": "staged",
        "notices": [],
        "row_count": 96,
        "error_count": 1,
        "warning_count": 0,
        "uploaded_at": "2031-01-30T09:00:00Z",
        "closed_at": None,
        "plan": None,
    },
    response_only=True,
)
_ROW = OpenApiExample(
    "A row that names nobody",
    value={
        "number": 14,
        "cells": {"team": "3", "observer": "999"},
        "has_errors": True,
        "findings": [
            {
                "column": "observer",
                "code": "observer_unknown",
                "severity": "error",
                "message": "Nobody of this mission or pool is accredited under this for a task in the field.",
                "value": "999",
            }
        ],
    },
    response_only=True,
)


class PlanFileNoticeSerializer(serializers.Serializer[Mapping[str, str]]):
    """Something about the file as a whole."""

    code = CodeField()
    message = serializers.CharField(help_text="For people.")


@extend_schema_serializer(examples=[_FILE])
class PlanFileSerializer(serializers.ModelSerializer[PlanFile]):
    """A file with a plan that people made by hand, and the draft that was made of it."""

    mission = serializers.IntegerField(
        source="mission_id", allow_null=True, help_text="Null: the pool of the host-coordinated missions."
    )
    base = serializers.IntegerField(
        source="base_id", allow_null=True, help_text="The version that the file was written from."
    )
    notices = PlanFileNoticeSerializer(many=True)
    row_count = serializers.IntegerField(help_text="Rows of the file.")
    error_count = serializers.IntegerField(help_text="A file with errors is not taken in.")
    warning_count = serializers.IntegerField(help_text="What people should look at.")
    closed_at = serializers.DateTimeField(allow_null=True, help_text="When it was taken in or discarded.")
    plan = serializers.IntegerField(source="plan_id", allow_null=True, help_text="The draft that was made of it.")

    class Meta:
        model = PlanFile
        fields = (
            "id",
            "election",
            "mission",
            "base",
            "file_name",
            "sha256",
            "state",
            "notices",
            "row_count",
            "error_count",
            "warning_count",
            "uploaded_at",
            "closed_at",
            "plan",
        )
        read_only_fields = fields


class PlanFileFindingSerializer(serializers.Serializer[RowFinding]):
    """Something that was found in a row."""

    column = serializers.CharField(help_text="The canonical name of the column; empty for the row as a whole.")
    code = CodeField()
    severity = serializers.SerializerMethodField(help_text="`error` keeps the file out, `warning` asks to look.")
    message = serializers.CharField(help_text="For people.")
    value = serializers.CharField(help_text="What the cell shows.")

    @extend_schema_field({"type": "string", "enum": [severity.value for severity in Severity]})
    def get_severity(self, found: RowFinding) -> str:
        return found.severity.value


@extend_schema_serializer(examples=[_ROW])
class PlanFileRowSerializer(serializers.Serializer[FileLine]):
    """One row of a file with a plan."""

    number = serializers.IntegerField(help_text="As a spreadsheet counts it.")
    cells = serializers.DictField(child=serializers.CharField(), help_text="What its cells say, by column.")
    has_errors = serializers.BooleanField()
    findings = PlanFileFindingSerializer(many=True)


class PlanFileInput(InputSerializer):
    """A file with a plan: an Excel workbook (.xlsx), or a text file (.csv)."""

    example = {"mission": 4, "base": 5, "file": "(a workbook)"}

    mission = serializers.IntegerField(
        min_value=1, max_value=_LARGEST_ID, help_text="A self-directed mission that the caller leads."
    )
    base = serializers.IntegerField(
        min_value=1,
        max_value=_LARGEST_ID,
        required=False,
        help_text="The version that the file was written from; its teams go on under their numbers.",
    )
    file = serializers.FileField(allow_empty_file=True, help_text="At most 5 MB and 20,000 rows.")
    encoding = serializers.ChoiceField(
        choices=ENCODINGS, required=False, help_text="Of a text file that is not Unicode; never guessed."
    )


class PlanFileDiscardInput(InputSerializer):
    """Perhaps why; the history keeps it."""

    example = {"reason": "Of another day."}

    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
