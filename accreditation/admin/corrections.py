"""The page on which an accredited person is corrected: the facts, then what that would touch, then the act."""

import base64
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accreditation.admin.correction_form import CorrectionForm, ReasonForm
from accreditation.changes import Fact
from accreditation.models import Accreditation
from accreditation.papers.reasons import sentence_of
from accreditation.permissions import can_correct_decision, can_correct_person, can_read_document_file
from accreditation.services.corrections import correct_accreditation, preview_correction
from accreditation.services.photos import NewPhoto
from accreditation.states import LIVE_ACCREDITATION_STATES, DocumentKind
from missions.admin.impact_lines import impact_groups
from missions.admin.moves import MovesAdmin
from missions.admin.pages import moment
from missions.kernel.errors import DomainError
from missions.kernel.files import read_file_bytes
from missions.kernel.web.forms import show_on_form


class CorrectionPages(MovesAdmin):
    """Adds to the page of an accreditation the way to correct it."""

    correction_template = "desk/correction.html"
    correction_preview_template = "desk/correction_preview.html"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.correction_view)
        own = path("<path:object_id>/correct/", view, name="accreditation_accreditation_correct")
        return [own, *super().get_urls()]

    def moves_for(self, request: HttpRequest, obj: Any) -> list[dict[str, Any]]:
        moves = super().moves_for(request, obj)
        if not _may_correct(request, obj) or obj.state not in LIVE_ACCREDITATION_STATES:
            return moves
        url = reverse(f"{self.admin_site.name}:accreditation_accreditation_correct", args=(obj.pk,))
        return [{"label": _("Correct"), "tone": "default", "url": self.keep_filters(request, url)}, *moves]

    def correction_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask for the facts, show what another one would touch, and make the correction that was shown."""
        accreditation: Accreditation = self.find_or_404(request, object_id)
        if not _may_correct(request, accreditation):
            raise PermissionDenied
        if accreditation.state not in LIVE_ACCREDITATION_STATES:
            messages.error(request, gettext("This can no longer be done here: the accreditation has ended."))
            return HttpResponseRedirect(self.page_url(accreditation))
        step = request.POST.get("step", "")
        form = CorrectionForm(
            request.POST if step in ("preview", "confirm") else None,
            request.FILES or None,
            initial=request.POST.dict() if step else _facts_of(accreditation),
            accreditation=accreditation,
            user=request.user,
            at=moment(request),
        )
        if form.is_valid():
            try:
                if step == "confirm":
                    return self._confirmed(request, accreditation, form)
                return self._previewed(request, accreditation, form)
            except DomainError as error:
                show_on_form(form, error)
        return self.render_page(
            request,
            self.correction_template,
            title=_("Correct"),
            original=accreditation,
            form=form,
            back=self.keep_filters(request, self.page_url(accreditation)),
            status=422 if form.errors else 200,
        )

    def _confirmed(self, request: HttpRequest, accreditation: Accreditation, form: CorrectionForm) -> HttpResponse:
        """Make it; what has changed since the preview, or is refused, is shown in a new preview."""
        reason = ReasonForm(request.POST)
        if not reason.is_valid():
            return self._previewed(request, accreditation, form, reason)
        try:
            present = correct_accreditation(
                accreditation=accreditation,
                correction=form.correction,
                digest=reason.cleaned_data["digest"],
                reason=reason.cleaned_data["reason"],
                by=self.actor(request),
                at=moment(request),
            )
        except DomainError as error:
            show_on_form(reason, error)
            return self._previewed(request, accreditation, form, reason)
        messages.success(request, gettext("Corrected, with everything that was shown."))
        return HttpResponseRedirect(self.keep_filters(request, self.page_url(present)))

    def _previewed(
        self, request: HttpRequest, accreditation: Accreditation, form: CorrectionForm, reason: ReasonForm | None = None
    ) -> HttpResponse:
        """The page of the preview. Raises what makes no correction at all."""
        preview = preview_correction(
            accreditation=accreditation, correction=form.correction, by=self.actor(request), at=moment(request)
        )
        if reason is not None:
            reason.data = {**request.POST.dict(), "digest": preview.digest}
        is_photo_new = any(row.fact is Fact.PHOTO for row in preview.differences)
        photo = form.correction.photo if is_photo_new else None
        return self.render_page(
            request,
            self.correction_preview_template,
            title=_("What this touches"),
            original=accreditation,
            preview=preview,
            groups=impact_groups(preview.impacts),
            carried=form.carried,
            reason=reason or ReasonForm(initial={"digest": preview.digest}),
            former_photo=_photo_url(request, accreditation) if photo else "",
            new_photo=_inline(photo) if photo else "",
            notices=[sentence_of(code) for code in photo.notices] if photo else [],
            back=self.keep_filters(request, self.page_url(accreditation)),
            status=422 if reason is not None else 200,
        )


def _may_correct(request: HttpRequest, accreditation: Accreditation) -> bool:
    return can_correct_person(request.user) or can_correct_decision(request.user, accreditation.application)


def _facts_of(accreditation: Accreditation) -> dict[str, object]:
    """What the form shows first: everything as it is."""
    observer, nomination = accreditation.observer, accreditation.application.nomination
    return {
        "surname": observer.surname,
        "given_names": observer.given_names,
        "patronymic": observer.patronymic,
        "mission": nomination.mission_id,
        "category": accreditation.category,
        "role": nomination.role,
    }


def _photo_url(request: HttpRequest, accreditation: Accreditation) -> str:
    """Where the present photo is shown; empty if there is none, or this person may not see it."""
    documents = accreditation.application.documents.filter(kind=DocumentKind.PHOTO, file__isnull=False)
    photo = documents.select_related("application__nomination").first()
    if photo is None or not can_read_document_file(request.user, photo):
        return ""
    return reverse("admin:accreditation_document_picture", args=(photo.pk,))


def _inline(photo: NewPhoto) -> str:
    """The photo that was just uploaded, within the page: it has no address of its own yet."""
    data = base64.b64encode(read_file_bytes(photo.name_in_storage)).decode()
    return f"data:{photo.media_type};base64,{data}"
