"""The documents of applications: uploaded, opened, looked at beside the person, and photos by the archive."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.defaultfilters import filesizeformat
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesCheckboxFilter
from unfold.decorators import action
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminSelectWidget, UnfoldAdminSingleDateWidget

from accreditation import rules
from accreditation.models import Application, Document
from accreditation.papers.checks import JPEG, MAX_BYTES
from accreditation.permissions import can_nominate_observers, can_read_document_file, can_upload_document
from accreditation.services.documents import (
    FileContent,
    PhotoResult,
    read_file,
    receive_file,
    receive_photos,
)
from accreditation.states import DocumentKind
from missions.admin.mission_field import MissionField
from missions.admin.pages import DAY_FORMAT, PageAdmin, column, history_of, linked, local_text, moment
from missions.kernel.errors import DomainError
from missions.kernel.web.downloads import private_download, private_picture
from missions.kernel.web.forms import PlainForm, show_on_form
from missions.models import Mission, User

_LIST = "admin:accreditation_document_changelist"


class UploadForm(PlainForm):
    """Asks for a file and what it is."""

    kind = forms.ChoiceField(label=_("Document"), choices=DocumentKind.choices, widget=UnfoldAdminSelectWidget())
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        widget=UnfoldAdminFileFieldWidget(),
        help_text=_("At most 8 MB. A photo is a JPEG, PNG or WebP picture; other papers may be PDF too."),
    )
    signed_on = forms.DateField(
        label=_("Signed on"),
        required=False,
        widget=UnfoldAdminSingleDateWidget(),
        help_text=_("Of a pledge or a statement of conflicts of interest."),
    )


class PhotosForm(PlainForm):
    """Asks for a mission and an archive of its people's photos."""

    mission = MissionField(
        Mission.objects.select_related("election").order_by("-election__e_day", "code"),
        label=_("Mission"),
        widget=UnfoldAdminSelectWidget(),
    )
    file = forms.FileField(
        label=_("Archive"),
        widget=UnfoldAdminFileFieldWidget(),
        help_text=_("A ZIP of at most 300 photos and 100 MB, each photo named by the reference of its person."),
    )


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One kind of document as the page of an application tells it; `open_url` is empty where there is nothing."""

    title: str
    received_on: str
    signed_on: str
    file: str
    open_url: str


@dataclass(frozen=True, slots=True)
class Papers:
    """What the page shows of the documents: all kinds, the photo, and where to upload; the addresses may be empty."""

    lines: tuple[PaperLine, ...]
    photo_url: str
    upload_url: str


def papers_of(request: HttpRequest, application: Application) -> Papers:
    """Every kind of document with what has arrived of it. Addresses stand for what this person may do.

    One query, and one more for somebody who is not of the host.
    """
    documents = application.documents.select_related("file", "application__nomination")
    by_kind = {document.kind: document for document in documents}
    photo = by_kind.get(DocumentKind.PHOTO)
    takes = application.state in rules.TAKES_PAPERS and can_upload_document(request.user, application)
    return Papers(
        lines=tuple(_line(request, kind, by_kind.get(kind)) for kind in DocumentKind),
        photo_url=_url(request, "picture", photo) if photo else "",
        upload_url=reverse("admin:accreditation_document_upload", args=(application.pk,)) if takes else "",
    )


def _line(request: HttpRequest, kind: DocumentKind, document: Document | None) -> PaperLine:
    if document is None:
        return PaperLine(str(kind.label), "", "", "", "")
    return PaperLine(
        title=str(kind.label),
        received_on=date_format(document.received_on, DAY_FORMAT),
        signed_on=_day(document.signed_on),
        file=_file_text(document),
        open_url=_url(request, "file", document),
    )


def _url(request: HttpRequest, name: str, document: Document) -> str:
    if document.file_id is None or not can_read_document_file(request.user, document):
        return ""
    return reverse(f"admin:accreditation_document_{name}", args=(document.pk,))


def _day(day: date | None) -> str:
    return date_format(day, DAY_FORMAT) if day else ""


def _file_text(document: Document) -> str:
    if document.file is None:
        return gettext("on paper")
    kind = "JPEG" if document.file.media_type == JPEG else "PDF"
    return f"{kind}, {filesizeformat(document.file.size)}"


@admin.register(Document)
class DocumentAdmin(PageAdmin):
    """Papers over all applications; the page of one tells who has opened its file."""

    page_template = "desk/facts.html"
    upload_template = "desk/upload.html"
    photos_template = "desk/photos.html"
    page_select_related = (
        "application__election",
        "application__observer",
        "application__nomination__mission",
        "file__uploaded_by",
    )
    ordering = ("-received_on", "-pk")
    list_display = ("application", "mission", "kind", "received_on", "signed_on", "file_text")
    list_filter = (("kind", ChoicesCheckboxFilter), ("file", admin.EmptyFieldListFilter))
    list_filter_submit = True
    list_select_related = ("application__observer", "application__nomination__mission", "file")
    search_fields = ("application__observer__surname", "application__nomination__reference")
    actions_list = ("photos",)

    def get_urls(self) -> list[URLPattern]:
        views = (
            ("upload/<int:application_id>/", self.upload_view, "upload"),
            ("<path:object_id>/file/", self.file_view, "file"),
            ("<path:object_id>/picture/", self.picture_view, "picture"),
        )
        own = (
            path(route, self.admin_site.admin_view(view), name=f"accreditation_document_{name}")
            for route, view, name in views
        )
        return [*own, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        documents: QuerySet[Any] = super().get_queryset(request)
        return documents.defer("application__observer__passport_number", "application__observer__mrz")

    def has_photos_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accreditation.add_nomination")

    @column(_("mission"), ordering="application__nomination__mission__code")
    def mission(self, document: Document) -> str:
        return document.application.nomination.mission.code

    @column(_("file"))
    def file_text(self, document: Document) -> SafeString | str:
        return _file_text(document)

    def get_page_context(self, request: HttpRequest, obj: Document) -> dict[str, Any]:
        application, file = obj.application, obj.file
        facts = (
            (_("Document"), obj.get_kind_display()),
            (_("Application"), linked(request, application)),
            (_("Mission"), linked(request, application.nomination.mission)),
            (_("Received on"), date_format(obj.received_on, DAY_FORMAT)),
            (_("Signed on"), _day(obj.signed_on)),
            (_("File"), _file_text(obj)),
            (_("Uploaded"), local_text(file.created_at, application.election.zone) if file else ""),
            (_("Uploaded by"), file.uploaded_by if file else ""),
        )
        zone = application.election
        return {"facts": facts, "history": history_of(obj, zone.zone), "zone": zone.time_zone}

    def file_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The file, as an attachment and never as a page."""
        content = self._content(request, object_id)
        return private_download(content.data, media_type=content.media_type, name=content.name)

    def picture_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The photo, to stand beside the person. No other paper is shown in a page."""
        content = self._content(request, object_id, only=DocumentKind.PHOTO)
        return private_picture(content.data, media_type=content.media_type)

    def _content(self, request: HttpRequest, object_id: str, only: DocumentKind | None = None) -> FileContent:
        document: Document = self.find_or_404(request, object_id)
        if only and document.kind != only:
            raise Http404
        if not can_read_document_file(request.user, document):
            raise PermissionDenied
        try:
            return read_file(document=document, by=_person(request), at=moment(request))
        except DomainError as error:  # a paper that came on paper, or a file that is lost
            raise Http404(error.detail) from error

    def upload_view(self, request: HttpRequest, application_id: int) -> HttpResponse:
        """Ask for a file, and take it in."""
        visible = Application.objects.visible_to(request.user).select_related(
            "election", "observer", "nomination__mission"
        )
        application = visible.filter(pk=application_id).first()
        if application is None or not self.has_view_permission(request):
            raise Http404
        if not can_upload_document(request.user, application):
            raise PermissionDenied
        back = reverse("admin:accreditation_application_change", args=(application.pk,))
        form = UploadForm(request.POST or None, request.FILES or None, initial={"kind": request.GET.get("kind")})
        if form.is_valid() and self._take_in(request, application, form):
            return HttpResponseRedirect(back)
        return self.render_page(
            request,
            self.upload_template,
            title=gettext("Upload a document: %(person)s") % {"person": application},
            sentence=_(
                "The file is checked by its content. A newer file replaces the former of its kind, which is erased. "
                "Every look at a file is kept in the history."
            ),
            form=form,
            back=back,
            status=422 if form.errors else 200,
        )

    def _take_in(self, request: HttpRequest, application: Application, form: UploadForm) -> bool:
        """Whether the file was taken; if not, the form says why."""
        answers = form.cleaned_data
        try:
            receipt = receive_file(
                application=application,
                kind=DocumentKind(answers["kind"]),
                data=answers["file"].read(MAX_BYTES + 1),
                signed_on=answers["signed_on"],
                by=_person(request),
                at=moment(request),
            )
        except DomainError as error:
            show_on_form(form, error)
            return False
        title = receipt.document.get_kind_display()
        messages.success(request, gettext("Taken in: %(document)s.") % {"document": title})
        for notice in receipt.notices:
            messages.warning(request, notice)
        return True

    @action(description=_("Photos from an archive"), url_path="photos", permissions=["photos"], icon="photo_library")  # type: ignore[untyped-decorator]  # unfold is untyped
    def photos(self, request: HttpRequest) -> HttpResponse:
        """Take in an archive of photos; what became of each stands on the same page."""
        if not self.has_photos_permission(request):
            raise PermissionDenied
        form = PhotosForm(request.POST or None, request.FILES or None)
        results: Sequence[PhotoResult] = ()
        if form.is_valid():
            mission = form.cleaned_data["mission"]
            if not can_nominate_observers(request.user, mission):
                raise PermissionDenied
            try:
                results = receive_photos(
                    mission=mission, archive=form.cleaned_data["file"], by=_person(request), at=moment(request)
                )
            except DomainError as error:
                show_on_form(form, error)
        return self.render_page(
            request,
            self.photos_template,
            title=_("Photos from an archive"),
            form=form,
            results=results,
            taken=sum(not result.code for result in results),
            back=reverse(_LIST),
            status=422 if form.errors else 200,
        )


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
