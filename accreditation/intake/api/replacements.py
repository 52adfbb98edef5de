"""Swapping a person by the API: the accreditation ends and the successor is nominated, in one request."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accreditation.api.acts import HEADERS, AccreditationAct
from accreditation.api.serializers import AccreditationSerializer
from accreditation.intake.api.serializers import RecordField
from accreditation.intake.services.replacements import replace_by_record
from missions.kernel import clock
from missions.kernel.web.inputs import InputSerializer


class ReplacementInput(InputSerializer):
    """Perhaps why, and who comes instead: `null` says that nobody does, and the place is free for a nomination."""

    example = {"reason": "Called back to the parliament.", "successor": None}

    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    successor = RecordField(allow_null=True)


class ReplaceAccreditation(AccreditationAct):
    """Sending somebody else."""

    input_class = ReplacementInput

    @extend_schema(
        summary="Replace an accredited person",
        description=(
            "The accreditation ends, and the successor is nominated in its category and gets its place, both or none. "
            "The successor is checked as a row of a nomination file is. Leads only."
        ),
        parameters=HEADERS,
        request=ReplacementInput,
        responses=AccreditationSerializer,
    )
    def post(self, request: Request, id: str) -> Response:
        accreditation, answers, by = self.begin(request, id)
        replace_by_record(
            accreditation=accreditation,
            record=answers["successor"],
            reason=answers["reason"],
            by=by,
            at=clock.now(),
        )
        return self.answer(request, accreditation)
