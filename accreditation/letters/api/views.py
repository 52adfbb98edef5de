"""The resource of letters, and their files."""

from typing import cast

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from accreditation.letters.api.filters import LetterFilters
from accreditation.letters.api.serializers import LetterSerializer
from accreditation.letters.models import Letter
from accreditation.letters.selectors import with_standing
from accreditation.letters.services.reading import read_letter
from missions.api.resources import Resource
from missions.kernel import clock
from missions.models import User


class PdfRenderer(JSONRenderer):
    """Lets clients ask for a PDF; what it renders itself are the problems."""

    media_type = "application/pdf"
    format = "pdf"


@extend_schema_view(
    list=extend_schema(summary="List the letters of own missions"),
    retrieve=extend_schema(summary="Read one letter's entry"),
)
class Letters(Resource[Letter]):
    """The letters about the caller's missions and their people; all of them for the host."""

    queryset = with_standing(Letter.objects.defer("content"))
    serializer_class = LetterSerializer
    filterset_class = LetterFilters

    @extend_schema(summary="Read a letter's file", responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    @action(detail=True, renderer_classes=[PdfRenderer, JSONRenderer], filterset_class=None)
    def pdf(self, request: Request, pk: str) -> HttpResponse:
        """The letter as PDF/A. Each reading is on record."""
        file = read_letter(letter=self.get_object(), by=cast(User, request.user), at=clock.now())
        headers = {"Content-Disposition": f'attachment; filename="{file.name}"', "Cache-Control": "private, no-store"}
        return HttpResponse(file.pdf, content_type="application/pdf", headers=headers)
