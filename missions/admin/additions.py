"""Adding an object by a service: a page that asks, one service call, and the page of what was made."""

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

from missions.admin.moves import MovesAdmin
from missions.admin.pages import moment
from missions.kernel.errors import DomainError, Text
from missions.kernel.web.forms import show_on_form
from missions.kernel.web.once import claim_form, token_of_form
from missions.models import User


class AddingAdmin(MovesAdmin):
    """Whoever has the model's right to add gets a form of ours; what the form says goes to a service.

    The query of the address fills the form in beforehand.
    """

    addition_form: ClassVar[type[forms.Form]]
    addition_label: ClassVar[Text]
    addition_sentence: ClassVar[Text]
    #: Why an empty list is empty, for whoever may not add to it.
    empty_sentence: ClassVar[Text] = ""

    def add(self, answers: Mapping[str, Any], by: User, at: datetime) -> Model:
        """The service call; returns what was made."""
        raise NotImplementedError

    def open_form(self, request: HttpRequest) -> forms.Form:
        """The form of this request; for those whose choices depend on the person, or that take a file."""
        return self.addition_form(request.POST if request.method == "POST" else None, initial=request.GET.dict())

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(f"{self.opts.app_label}.add_{self.opts.model_name}")

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = self.open_form(request)
        back = reverse(f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_changelist")
        if form.is_valid() and (address := self._add_once(request, form, back)):
            return HttpResponseRedirect(address)
        return self.render_page(
            request,
            self.confirmation_template,
            title=self.addition_label,
            move={"label": self.addition_label, "sentence": self.addition_sentence, "tone": "primary"},
            form=form,
            form_token=token_of_form(request),
            back=back,
            status=422 if form.errors else 200,
        )

    def _add_once(self, request: HttpRequest, form: forms.Form, back: str) -> str:
        """Add what the form says, and return where to go; empty if it was refused. Sent twice it is added once."""
        at = moment(request)
        claim = claim_form(request, at=at)
        if not claim.is_first:
            messages.info(request, gettext("This form was sent already."))
            return claim.address or back
        try:
            made = self.add(form.cleaned_data, self.actor(request), at)
        except DomainError as error:
            claim.give_back()
            show_on_form(form, error)
            return ""
        except BaseException:
            claim.give_back()
            raise
        address = self.page_url(made)
        claim.keep(address)
        messages.success(request, gettext("Done: %(act)s.") % {"act": self.addition_label})
        return address
