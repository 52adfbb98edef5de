"""Pages on which one question makes one new row."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext

from accreditation.letters.permissions import can_issue_letter
from missions.admin.moves import MovesAdmin
from missions.admin.pages import moment
from missions.kernel.errors import DomainError, Text
from missions.models import User


class AskingAdmin(MovesAdmin):
    """New rows come by one question and one service call, on the page that the moves have too."""

    asking_label: ClassVar[Text]
    asking_sentence: ClassVar[Text]

    def asking_form(self, request: HttpRequest) -> forms.Form:
        raise NotImplementedError

    def answer(self, answers: Mapping[str, Any], by: User, at: datetime) -> Model:
        raise NotImplementedError

    def has_add_permission(self, request: HttpRequest) -> bool:
        return can_issue_letter(request.user)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Ask, then do; a refusal is shown beside the answers that were typed."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = self.asking_form(request)
        if form.is_valid():
            try:
                made = self.answer(form.cleaned_data, self.actor(request), moment(request))
            except DomainError as error:
                form.add_error(None, error.detail)
            else:
                messages.success(request, gettext("Done: %(act)s.") % {"act": self.asking_label})
                return HttpResponseRedirect(self.page_url(made))
        return self.render_page(
            request,
            self.confirmation_template,
            title=self.asking_label,
            original=None,
            move={"label": self.asking_label, "sentence": self.asking_sentence, "tone": "primary"},
            form=form,
            back=reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"),
            status=422 if form.errors else 200,
        )
