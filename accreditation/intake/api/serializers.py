"""Shapes of nomination files, of their rows, and of nominations that come as records."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy
from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from accreditation.intake.api import examples
from accreditation.intake.headers import HEADERS
from accreditation.intake.models import NominationImport
from accreditation.intake.schema import LIMITS
from accreditation.intake.selectors import FindingLine, RowLine
from accreditation.intake.services.records import RecordResult
from accreditation.states import Category
from missions.kernel.spreadsheets.csvfile import ENCODINGS
from missions.kernel.spreadsheets.table import RowFinding, Severity
from missions.kernel.spreadsheets.values import CellValue, DateOrder
from missions.kernel.web.codes import CodeField
from missions.kernel.web.inputs import InputSerializer

_LARGEST = 10**18
_ORDERS = [order.value for order in DateOrder]


class NoticeSerializer(serializers.Serializer[Mapping[str, str]]):
    """Something about the file as a whole."""

    code = CodeField()
    message = serializers.CharField(help_text="For people.")


@extend_schema_serializer(examples=[examples.FILE])
class NominationFileSerializer(serializers.ModelSerializer[NominationImport]):
    """A nomination file on its way in."""

    question = serializers.CharField(help_text="What must be said of the file first; empty if nothing.")
    fault = serializers.CharField(help_text="Why the file could not be read or taken in; empty if it could.")
    notices = NoticeSerializer(many=True)
    rows = serializers.IntegerField(help_text="Rows of the file, once it is read.")
    waiting = serializers.IntegerField(help_text="Rows that are neither taken in nor sent back.")
    refused = serializers.IntegerField(help_text="Those of the waiting rows that have errors.")
    staged_at = serializers.DateTimeField(allow_null=True, help_text="When it was read; null before.")
    closed_at = serializers.DateTimeField(allow_null=True, help_text="When its last row was done; null before.")

    class Meta:
        model = NominationImport
        fields = (
            "id",
            "mission",
            "category",
            "file_name",
            "state",
            "question",
            "encoding",
            "date_order",
            "fault",
            "notices",
            "rows",
            "added",
            "changed",
            "unchanged",
            "waiting",
            "refused",
            "uploaded_at",
            "staged_at",
            "closed_at",
        )
        read_only_fields = fields


class FindingLineSerializer(serializers.Serializer[FindingLine]):
    """Something that was found in a row."""

    column = serializers.CharField(help_text="The canonical name of the column; empty for the row as a whole.")
    code = CodeField()
    severity = serializers.SerializerMethodField(help_text="`error` keeps the row out, `warning` asks people to look.")
    message = serializers.CharField(help_text="For people.")
    value = serializers.CharField(help_text="What the cell shows, masked where it is secret; empty later.")

    @extend_schema_field({"type": "string", "enum": [severity.value for severity in Severity]})
    def get_severity(self, found: FindingLine | RowFinding) -> str:
        if isinstance(found, RowFinding):
            return str(found.severity.value)
        return str((Severity.ERROR if found.is_error else Severity.WARNING).value)


@extend_schema_serializer(examples=[examples.ROW])
class NominationFileRowSerializer(serializers.Serializer[RowLine]):
    """One row of a file: what taking it in would do, or what became of it."""

    number = serializers.IntegerField(help_text="As a spreadsheet counts it.")
    reference = serializers.CharField()
    name = serializers.CharField(help_text="Empty once the row was sent back.")
    action = serializers.CharField(help_text="`add`, `change`, `keep` or `refuse`.")
    outcome = serializers.SerializerMethodField(help_text="`added`, `changed`, `unchanged`, `sent_back`; empty before.")
    findings = FindingLineSerializer(many=True)

    def get_outcome(self, row: RowLine) -> str:
        return row.outcome.value if row.outcome else ""


class NominationFileInput(InputSerializer):
    """A nomination file: an Excel workbook (.xlsx), or a text file (.csv)."""

    example = {"mission": 4, "file": "(a workbook)"}

    mission = serializers.IntegerField(min_value=1, max_value=_LARGEST)
    category = serializers.ChoiceField(choices=Category.choices, default=Category.INTERNATIONAL_OBSERVER)
    file = serializers.FileField(allow_empty_file=True, help_text="At most 10 MB and 5,000 rows.")
    encoding = serializers.ChoiceField(
        choices=ENCODINGS, required=False, help_text="Of a text file that is not Unicode; never guessed."
    )
    date_order = serializers.ChoiceField(
        choices=_ORDERS, required=False, help_text="How 07/02/2024 is to be read; never guessed."
    )


class AnswerInput(InputSerializer):
    """What the file asked for."""

    example = {"date_order": "day_first"}

    encoding = serializers.ChoiceField(choices=ENCODINGS, required=False)
    date_order = serializers.ChoiceField(choices=_ORDERS, required=False)


_PERSON = {
    "reference": "PABSEC-6",
    "surname": "Sample",
    "given_names": "Ana",
    "sex": "f",
    "birth_date": "1980-05-17",
    "nationality": "UTO",
    "passport_issuer": "UTO",
    "passport_number": "L898902C3",
    "passport_expires_on": "2034-04-15",
    "role": "sto",
    "documents_on": "2024-01-18",
}


class CellField(serializers.Field[Any, Any, Any, Any]):
    """What one cell of a file could hold: text, a number, a truth value, or nothing."""

    default_error_messages = {
        "scalar_expected": gettext_lazy("Give text, a number, true, false or null."),
        "number_too_large": gettext_lazy("The number is too large."),
    }

    def to_internal_value(self, data: Any) -> CellValue:
        if not isinstance(data, str | int | float):
            self.fail("scalar_expected")
        if isinstance(data, int) and abs(data) >= _LARGEST:
            self.fail("number_too_large")
        return data


_CELL = {"type": ["string", "number", "boolean", "null"]}


class RecordField(serializers.DictField):
    """One nomination; null is a blank cell."""

    child = CellField(allow_null=True)

    def to_internal_value(self, data: Any) -> dict[str, CellValue]:
        values: dict[str, CellValue | None] = super().to_internal_value(data)
        return {name: "" if value is None else value for name, value in values.items()}


class DescribedRecord(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]  # registers itself
    """Describes a record under a name of its own, like every other shape of a request."""

    target_class = RecordField

    def get_name(self) -> str:
        return "NominationRecordRequest"

    def map_serializer_field(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        return {
            "type": "object",
            "description": (
                "One nomination by the canonical names of the columns of a file; cells are read as a file's."
            ),
            "properties": dict.fromkeys(HEADERS, _CELL),
            "additionalProperties": False,
        }


class NominationsInput(InputSerializer):
    """One nomination or several of one mission and category."""

    example = {"mission": 4, "nominations": [_PERSON]}

    mission = serializers.IntegerField(min_value=1, max_value=_LARGEST)
    category = serializers.ChoiceField(choices=Category.choices, default=Category.INTERNATIONAL_OBSERVER)
    nominations = serializers.ListField(child=RecordField(), min_length=1, max_length=LIMITS.rows)


class RecordResultSerializer(serializers.Serializer[RecordResult]):
    """What became of one nomination."""

    number = serializers.IntegerField(help_text="Its place in the request, counted from 1.")
    reference = serializers.CharField()
    outcome = serializers.SerializerMethodField(help_text="`added`, `changed`, `unchanged`; empty if it was not taken.")
    nomination = serializers.IntegerField(source="nomination_id", allow_null=True)
    findings = FindingLineSerializer(many=True)

    def get_outcome(self, result: RecordResult) -> str:
        return result.outcome.value if result.outcome else ""


@extend_schema_serializer(examples=[examples.RECORDS])
class RecordResultsSerializer(serializers.Serializer[Any]):
    """A result for every nomination of the request."""

    results = RecordResultSerializer(many=True)
