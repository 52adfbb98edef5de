"""Acts on objects: a button or a list action, a confirmation page with its form, and one service call per object."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, ClassVar, Generic, TypeVar

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget

from missions.admin.impact_lines import ImpactLine
from missions.admin.pages import PageAdmin, moment
from missions.kernel.errors import DomainError, Text
from missions.kernel.web.forms import PlainForm, show_on_form
from missions.models import User

ModelT = TypeVar("ModelT", bound=Model)
Viewer = User | AnonymousUser
#: More than this is not confirmed on one page.
BULK_LIMIT = 500
#: So many refused rows, and as many of the others, are listed one by one; the counts are always whole.
RESULTS_SHOWN = 1000


class MoveForm(PlainForm):
    """What a move asks before it is made; this one asks nothing. It knows the objects that it is about."""

    def __init__(self, *args: Any, subjects: Sequence[Model], **kwargs: Any) -> None:
        self.subjects = subjects
        super().__init__(*args, **kwargs)


class ReasonForm(MoveForm):
    """Asks for a reason, which the history keeps."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=_("Kept in the history; the mission may read it."),
    )


class OptionalReasonForm(ReasonForm):
    """Asks for a reason that may be left out."""

    def __init__(self, *args: Any, subjects: Sequence[Model], **kwargs: Any) -> None:
        super().__init__(*args, subjects=subjects, **kwargs)
        self.fields["reason"].required = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row of an act on many: done, and how it stands now, or why it was refused."""

    label: str
    refusal: str = ""
    url: str = ""
    state: str = ""


class Outcomes(tuple[Outcome, ...]):
    """What a move on one object returns if it is an act on many: a page tells what became of each row."""

    __slots__ = ()


Run = Callable[[ModelT, Mapping[str, Any], User, datetime], object]
RunTogether = Callable[[Sequence[ModelT], Mapping[str, Any], User, datetime], Outcomes | None]


@dataclass(frozen=True, slots=True)
class Move(Generic[ModelT]):
    """One act: its button, its warning sentence, who may do it and when, what it asks, and the service it calls.

    `may` looks at rights alone, `fits` at the object. `run` gets the object, the cleaned answers, the acting
    person and the instant.
    """

    name: str
    label: Text
    sentence: Text
    may: Callable[[Viewer], bool]
    fits: Callable[[ModelT, Viewer], bool]
    run: Run[ModelT]
    form: type[MoveForm] = MoveForm
    tone: str = "default"
    in_bulk: bool = False
    #: One service call for all objects of a list action. None from it: these answers mean a call for each.
    run_together: RunTogether[ModelT] | None = None
    #: Where to go afterwards; the object's own page if nothing is said.
    back: Callable[[ModelT], str] | None = field(default=None)
    #: Whether `run` returns another object of the same kind, whose page comes next: the work goes on there.
    leads_on: bool = False


class MovesAdmin(PageAdmin):
    """A page with moves: each has an address of its own, and those for many are list actions too."""

    moves: ClassVar[tuple[Move[Any], ...]] = ()
    confirmation_template = "desk/confirm.html"
    results_template = "desk/results.html"

    def get_urls(self) -> list[URLPattern]:
        return [
            *(
                path(
                    f"<path:object_id>/{move.name}/",
                    self.admin_site.admin_view(partial(self.move_view, move=move)),
                    name=self._url_name(move),
                )
                for move in self.moves
            ),
            *super().get_urls(),
        ]

    def get_actions(self, request: HttpRequest) -> dict[str, tuple[Callable[..., Any], str, Text]]:
        """The moves for many objects that this person has the right to; nothing else, never deletion."""
        return {
            move.name: (partial(_run_action, move=move), move.name, move.label)
            for move in self.moves
            if move.in_bulk and move.may(request.user)
        }

    def moves_for(self, request: HttpRequest, obj: Any) -> list[dict[str, Any]]:
        """The buttons of the page: what this person may do with this object now."""
        return [
            {"label": move.label, "tone": move.tone, "url": self.keep_filters(request, self.move_url(move, obj))}
            for move in self.open_moves(request, obj)
        ]

    def open_moves(self, request: HttpRequest, obj: Any) -> list[Move[Any]]:
        """The moves that this person has the right to and that fit the object now."""
        return [move for move in self.moves if move.may(request.user) and move.fits(obj, request.user)]

    def keep_filters(self, request: HttpRequest, url: str) -> str:
        """The address with the filters of the list that the person came from, so that the way back leads there."""
        context = {"preserved_filters": self.get_preserved_filters(request), "opts": self.opts}
        return str(add_preserved_filters(context, url))

    def move_url(self, move: Move[Any], obj: Model) -> str:
        return reverse(f"{self.admin_site.name}:{self._url_name(move)}", args=(obj.pk,))

    def page_url(self, obj: Model) -> str:
        name = f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_change"
        return reverse(name, args=(obj.pk,))

    def move_view(self, request: HttpRequest, object_id: str, *, move: Move[Any]) -> HttpResponse:
        """Ask, then do: one service call, and its refusal shown beside the answers that were typed."""
        obj = self.find_or_404(request, object_id)
        if not move.may(request.user):
            raise PermissionDenied
        back = self.keep_filters(request, move.back(obj) if move.back else self.page_url(obj))
        if not move.fits(obj, request.user):
            messages.error(request, gettext("This cannot be done here now. If it was offered, somebody was faster."))
            return HttpResponseRedirect(back)
        form = move.form(request.POST if request.method == "POST" else None, subjects=[obj])
        if form.is_valid():
            try:
                done = move.run(obj, form.cleaned_data, self.actor(request), moment(request))
            except DomainError as error:
                show_on_form(form, error)
            else:
                if isinstance(done, Outcomes):
                    return self._results(request, move, done, back=back, original=obj)
                messages.success(request, gettext("Done: %(act)s.") % {"act": move.label})
                if move.leads_on and isinstance(done, Model):
                    back = self.keep_filters(request, self.page_url(done))
                return HttpResponseRedirect(back)
        return self._confirmation(request, move, form, [obj], back=back)

    def run_for_many(self, request: HttpRequest, queryset: "QuerySet[Any]", move: Move[Any]) -> HttpResponse | None:
        """The list action: a confirmation page first, then one service call per object and a page of results."""
        if not move.may(request.user):
            raise PermissionDenied
        subjects = list(queryset.select_related(*self.page_select_related)[: BULK_LIMIT + 1])
        if len(subjects) > BULK_LIMIT:
            messages.error(request, gettext("Choose at most %d at a time.") % BULK_LIMIT)
            return None
        confirmed = "confirmed" in request.POST
        form = move.form(request.POST if confirmed else None, subjects=subjects)
        if confirmed and form.is_valid():
            try:
                outcomes = self._run_for_many(request, subjects, move, form.cleaned_data)
            except DomainError as error:
                show_on_form(form, error)
            else:
                return self._results(request, move, outcomes, back=request.get_full_path())
        return self._confirmation(request, move, form, subjects, back=request.get_full_path(), many=True)

    def impacts_of_move(
        self, request: HttpRequest, move: Move[Any], subjects: Sequence[Any]
    ) -> list[tuple[str, list[ImpactLine]]] | None:
        """What the move would touch, told before it is confirmed; None for one of which nobody asks."""
        return None

    def actor(self, request: HttpRequest) -> User:
        """The acting person; the site lets nobody in who is not signed in."""
        if not isinstance(request.user, User):
            raise PermissionDenied
        return request.user

    def _run_for_many(
        self, request: HttpRequest, subjects: Sequence[Model], move: Move[Any], answers: Mapping[str, Any]
    ) -> Outcomes:
        by, at = self.actor(request), moment(request)
        together = move.run_together(subjects, answers, by, at) if move.run_together else None
        if together is not None:
            return together
        return Outcomes(self._run_one(obj, move, answers, by, at) for obj in subjects)

    def _run_one(self, obj: Model, move: Move[Any], answers: Mapping[str, Any], by: User, at: datetime) -> Outcome:
        """The move on one of many, refused where its own page would not offer it: for the service's reason if it has
        one, and without anything being done if it has none.
        """
        refusal, state, fits = "", "", move.fits(obj, by)
        try:
            with transaction.atomic() if not fits else nullcontext():
                state = _state_of(move.run(obj, answers, by, at), obj)
                if not fits:
                    refusal = _unfit(obj)
                    transaction.set_rollback(True)
        except DomainError as error:
            refusal = error.sentence
        return Outcome(str(obj), refusal, self.page_url(obj), "" if refusal else state)

    def _results(
        self, request: HttpRequest, move: Move[Any], outcomes: Outcomes, *, back: str, original: Model | None = None
    ) -> HttpResponse:
        """What became of each row, the refused ones first."""
        refused = [outcome for outcome in outcomes if outcome.refusal]
        done = [outcome for outcome in outcomes if not outcome.refusal]
        return self.render_page(
            request,
            self.results_template,
            title=move.label,
            original=original,
            refused=refused[:RESULTS_SHOWN],
            done=done[:RESULTS_SHOWN],
            refused_count=len(refused),
            done_count=len(done),
            back=back,
        )

    def _confirmation(
        self,
        request: HttpRequest,
        move: Move[Any],
        form: MoveForm,
        subjects: Sequence[Model],
        *,
        back: str,
        many: bool = False,
    ) -> HttpResponse:
        return self.render_page(
            request,
            self.confirmation_template,
            title=move.label,
            original=None if many else subjects[0],
            move=move,
            form=form,
            subjects=subjects[:20],
            more=max(0, len(subjects) - 20),
            back=back,
            keys=[subject.pk for subject in subjects] if many else [],
            checkbox_name=ACTION_CHECKBOX_NAME,
            impacts=self.impacts_of_move(request, move, subjects),
            status=422 if form.errors else 200,
        )

    def _url_name(self, move: Move[Any]) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{move.name}"


def _state_of(done: object, obj: Model) -> str:
    """The state in which a service gave the object back, in words; nothing where it gave back something else."""
    if not isinstance(done, type(obj)) or not hasattr(done, "get_state_display"):
        return ""
    return str(done.get_state_display())


def _unfit(obj: Model) -> str:
    """Why a move does not fit the object, in words."""
    state = obj.get_state_display() if hasattr(obj, "get_state_display") else ""
    if not state:
        return gettext("This cannot be done with it as it is now.")
    return gettext("This cannot be done while it is “%(state)s”.") % {"state": state}


def _run_action(
    model_admin: MovesAdmin, request: HttpRequest, queryset: "QuerySet[Any]", *, move: Move[Any]
) -> HttpResponse | None:
    return model_admin.run_for_many(request, queryset, move)
