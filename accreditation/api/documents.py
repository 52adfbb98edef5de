"""The documents of an application and their files: handed in by multipart form, handed out as attachments."""

from typing import Any, cast

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer, extend_schema_view
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accreditation.api import examples
from accreditation.models import Application, Document, StoredFile
from accreditation.papers.checks import MAX_BYTES
from accreditation.permissions import can_read_document_file, can_upload_document
from accreditation.services.documents import Receipt, read_file, receive_file
from accreditation.states import DocumentKind
from missions.api.refusals import ACTING_AND_HOST
from missions.api.resources import find_visible
from missions.kernel import clock
from missions.kernel.errors import RefusedError
from missions.kernel.web.bodies import BoundedMultiPartParser
from missions.kernel.web.downloads import private_download
from missions.kernel.web.inputs import InputSerializer
from missions.kernel.web.writes import IdempotentMixin
from missions.models import User

_APPLICATIONS = Application.objects.select_related("election", "nomination__mission")
_DOCUMENTS = Document.objects.select_related("file", "application__nomination")
_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="1 to 255 visible ASCII characters; the same key again gets the first answer again.",
)


class FileParser(BoundedMultiPartParser):
    """A form with one file: the largest paper, and some room for the other fields."""

    max_bytes = MAX_BYTES + 64 * 1024


class StoredFileSerializer(serializers.ModelSerializer[StoredFile]):
    """A file that is kept, and not its bytes."""

    uploaded_at = serializers.DateTimeField(source="created_at")

    class Meta:
        model = StoredFile
        fields = ("media_type", "size", "uploaded_at")
        read_only_fields = fields


@extend_schema_serializer(examples=[examples.DOCUMENT])
class DocumentFileSerializer(serializers.ModelSerializer[Document]):
    """A paper that has arrived, with what is known of its file."""

    signed_on = serializers.DateField(allow_null=True, help_text="Of pledges and statements of conflicts of interest.")
    file = StoredFileSerializer(allow_null=True, help_text="Null for a paper that was handed in on paper.")

    class Meta:
        model = Document
        fields = ("id", "kind", "received_on", "signed_on", "file")
        read_only_fields = fields


class FileInput(InputSerializer):
    """A file and what it is. Its own name is ignored."""

    example = {"kind": "photo", "file": "(a picture)"}

    kind = serializers.ChoiceField(choices=DocumentKind.choices)
    file = serializers.FileField(
        allow_empty_file=True,
        help_text="At most 8 MB. A photo is a JPEG, PNG or WebP picture; every other paper may be a PDF too.",
    )
    signed_on = serializers.DateField(
        required=False, help_text="The day of the signature; for pledges and statements of conflicts of interest only."
    )


@extend_schema_serializer(examples=[examples.RECEIPT])
class ReceiptSerializer(serializers.Serializer[Receipt]):
    """What became of the file."""

    document = DocumentFileSerializer()
    notices = serializers.ListField(
        child=serializers.CharField(), help_text="What a person should look at; the file was taken all the same."
    )
    application_state = serializers.CharField(source="application.state", help_text="Of the application, afterwards.")


@extend_schema_view(
    get=extend_schema(summary="List the documents of an application"),
)
class ApplicationDocuments(IdempotentMixin, ListAPIView[Document]):
    """The papers of one application that have arrived."""

    parser_classes = [FileParser]
    serializer_class = DocumentFileSerializer
    queryset = _DOCUMENTS
    application: Application

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        self.application = find_visible(_APPLICATIONS, request, kwargs["id"])
        if not can_upload_document(request.user, self.application):
            raise RefusedError(ACTING_AND_HOST)

    def get_queryset(self) -> QuerySet[Document]:
        if getattr(self, "swagger_fake_view", False):
            return Document.objects.none()
        return _DOCUMENTS.filter(application=find_visible(_APPLICATIONS, self.request, self.kwargs["id"]))

    @extend_schema(
        summary="Hand in the file of a document",
        description=(
            "The file is checked by its content; a picture is encoded anew and loses all metadata. A newer file "
            "replaces the former of its kind, which is erased. An incomplete application that is now complete is "
            "submitted again. Answers 413 for a file or picture that is too large, 415 for a type that is not "
            "taken and 422 for whatever else is wrong with it."
        ),
        parameters=[_KEY],
        request={"multipart/form-data": FileInput},
        responses={201: ReceiptSerializer},
    )
    def post(self, request: Request, id: str) -> Response:
        sent = FileInput(data=request.data)
        sent.is_valid(raise_exception=True)
        receipt = receive_file(
            application=self.application,
            kind=DocumentKind(sent.validated_data["kind"]),
            data=sent.validated_data["file"].read(MAX_BYTES + 1),
            signed_on=sent.validated_data.get("signed_on"),
            by=cast(User, request.user),
            at=clock.now(),
        )
        location = reverse("api:document-file", args=(receipt.document.pk,))
        return Response(ReceiptSerializer(receipt).data, status=201, headers={"Location": location})


class DocumentFile(APIView):
    """The file of one document."""

    @extend_schema(
        summary="Read the file of a document",
        description=(
            "For the lead of the mission and for those of the host who may open files; copies of passports for "
            "that lead and for those who vet. Each reading is kept in the history."
        ),
        responses={
            (200, "image/jpeg"): OpenApiTypes.BINARY,
            (200, "application/pdf"): OpenApiTypes.BINARY,
        },
    )
    def get(self, request: Request, id: str) -> HttpResponse:
        document = find_visible(_DOCUMENTS, request, id)
        if not can_read_document_file(request.user, document):
            raise RefusedError(_("You may not open this file."))
        content = read_file(document=document, by=cast(User, request.user), at=clock.now())
        return private_download(content.data, media_type=content.media_type, name=content.name)
