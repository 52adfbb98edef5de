"""The page on which election day is moved: the new day, then what that would touch, then the act."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from missions.admin.impact_lines import impact_groups
from missions.admin.moves import MovesAdmin
from missions.admin.pages import DAY_FORMAT, local_text, moment
from missions.kernel.errors import DomainError
from missions.kernel.web.forms import PlainForm, show_on_form
from missions.models import Election
from missions.permissions import can_move_election
from missions.timeline.moving.services import MovePreview, move_election_day, preview_election_move


class NewDayForm(PlainForm):
    """Asks for the new election day."""

    new_day = forms.DateField(
        label=_("New election day"),
        widget=UnfoldAdminSingleDateWidget(),
        help_text=_("By the calendar of the host. The polling hours stay as they are."),
    )


class ConfirmationForm(PlainForm):
    """Why the day moves, asked beside the preview; `digest` says which preview that was.

    Who confirms types the code of the election, so that nobody moves the wrong one; and says that the steps that have
    happened are known, where there are any.
    """

    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=_("Kept in the history: the decree or decision that names the new day."),
    )
    despite_done = forms.BooleanField(
        label=_("These steps have happened and stay as they are"), required=False, widget=UnfoldBooleanWidget()
    )
    code = forms.CharField(label=_("Code of the election"), widget=UnfoldAdminTextInputWidget())
    digest = forms.CharField(widget=forms.HiddenInput())

    def __init__(self, *args: Any, election: Election, has_done: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._code = election.code
        self.fields["code"].help_text = gettext("Type %(code)s to confirm.") % {"code": election.code}
        if not has_done:
            del self.fields["despite_done"]

    def clean_code(self) -> str:
        typed: str = self.cleaned_data["code"].strip()
        if typed != self._code:
            raise forms.ValidationError(gettext("This is not the code of the election."))
        return typed


class ElectionMovePages(MovesAdmin):
    """Adds to the page of an election the way to move its day."""

    move_template = "desk/election_move.html"
    move_preview_template = "desk/election_move_preview.html"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.election_move_view)
        return [path("<path:object_id>/move/", view, name="missions_election_move"), *super().get_urls()]

    def moves_for(self, request: HttpRequest, obj: Any) -> list[dict[str, Any]]:
        moves = super().moves_for(request, obj)
        if can_move_election(request.user) and obj.results_published_at is None:
            url = reverse(f"{self.admin_site.name}:missions_election_move", args=(obj.pk,))
            moves.append({"label": _("Move election day"), "tone": "danger", "url": self.keep_filters(request, url)})
        return moves

    def election_move_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask for the day, show what it would touch, and make the move that was shown."""
        election: Election = self.find_or_404(request, object_id)
        if not can_move_election(request.user):
            raise PermissionDenied
        step = request.POST.get("step", "")
        form = NewDayForm(request.POST if step in ("preview", "confirm") else None, initial=request.POST.dict())
        if form.is_valid():
            try:
                preview = self._preview(request, election, form.cleaned_data["new_day"])
            except DomainError as error:
                show_on_form(form, error)
            else:
                if step == "confirm" and preview.refusal is None:
                    return self._confirmed(request, election, preview)
                return self._previewed(request, election, preview, self._confirmation_of(election, preview))
        return self.render_page(
            request,
            self.move_template,
            title=_("Move election day"),
            original=election,
            e_day=date_format(election.e_day, DAY_FORMAT),
            form=form,
            back=self.page_url(election),
            status=422 if form.errors else 200,
        )

    def _confirmed(self, request: HttpRequest, election: Election, preview: MovePreview) -> HttpResponse:
        """Make it; what has changed since the preview, or is refused, is shown in a new preview."""
        form = ConfirmationForm(request.POST, election=election, has_done=bool(preview.done))
        if form.is_valid():
            try:
                move_election_day(
                    election=election,
                    new_day=preview.to_day,
                    reason=form.cleaned_data["reason"],
                    digest=form.cleaned_data["digest"],
                    despite_done=form.cleaned_data.get("despite_done", False),
                    by=self.actor(request),
                    at=moment(request),
                )
            except DomainError as error:
                show_on_form(form, error)
                preview = self._preview(request, election, preview.to_day)
            else:
                told = {"day": date_format(preview.to_day, DAY_FORMAT)}
                messages.success(request, gettext("Election day is %(day)s now.") % told)
                return HttpResponseRedirect(self.page_url(election))
        form.data = {**request.POST.dict(), "digest": preview.digest}
        return self._previewed(request, election, preview, form, status=422)

    def _preview(self, request: HttpRequest, election: Election, new_day: date) -> MovePreview:
        return preview_election_move(election=election, new_day=new_day, by=self.actor(request), at=moment(request))

    def _confirmation_of(self, election: Election, preview: MovePreview) -> ConfirmationForm:
        return ConfirmationForm(election=election, has_done=bool(preview.done), initial={"digest": preview.digest})

    def _previewed(
        self,
        request: HttpRequest,
        election: Election,
        preview: MovePreview,
        form: ConfirmationForm,
        *,
        status: int = 200,
    ) -> HttpResponse:
        return self.render_page(
            request,
            self.move_preview_template,
            title=_("What this touches"),
            original=election,
            preview=preview,
            groups=impact_groups(preview.impacts),
            from_day=date_format(preview.from_day, DAY_FORMAT),
            to_day=date_format(preview.to_day, DAY_FORMAT),
            new_day=preview.to_day.isoformat(),
            done=[
                (
                    step.milestone,
                    local_text(step.happened_at, step.milestone.time_zone),
                    local_text(step.would_be_at, step.milestone.time_zone),
                )
                for step in preview.done
            ],
            form=form,
            back=self.page_url(election),
            status=status,
        )
