"""Lists of people who cannot observe: one by one, by file with what was found in it, and taken off again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.contrib.filters.admin import ChoicesCheckboxFilter
from unfold.decorators import action
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextInputWidget,
)

from accreditation.errors import ListRefusedError
from accreditation.models import ListedPerson
from accreditation.permissions import can_keep_lists
from accreditation.services.list_files import ListedDraft
from accreditation.services.listed import (
    ListPreview,
    add_listed_person,
    import_listed,
    preview_listed,
    remove_listed_person,
)
from accreditation.states import ListKind
from accreditation.vetting.facts import weak_name
from missions.admin.additions import AddingAdmin
from missions.admin.file_choices import DATE_ORDER_CHOICES, ENCODING_CHOICES
from missions.admin.moves import Move, ReasonForm
from missions.admin.pages import DAY_FORMAT, column, local_text, moment
from missions.kernel.errors import DomainError
from missions.kernel.spreadsheets.values import DateOrder
from missions.kernel.text import TextRefusedError, clean_name
from missions.kernel.web.forms import PlainForm, show_on_form
from missions.models import Election, User

_LIST = "admin:accreditation_listedperson_changelist"
#: Findings that one page shows; the count tells of the rest.
_SHOWN = 200


class _NameField(forms.CharField):
    """A name by the rules that files are read by."""

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        try:
            return clean_name(text).text
        except TextRefusedError as refused:
            raise forms.ValidationError(refused.message, code=refused.code) from None


class _ElectionForm(PlainForm):
    election = forms.ModelChoiceField(
        Election.objects.order_by("-e_day"),
        label=_("Election"),
        initial=lambda: Election.objects.order_by("-e_day").values_list("pk", flat=True).first(),
        empty_label=None,
        widget=UnfoldAdminSelectWidget(),
    )


class ListedForm(_ElectionForm):
    """Asks for one person."""

    kind = forms.ChoiceField(label=_("Status"), choices=ListKind.choices, widget=UnfoldAdminSelectWidget())
    surname = _NameField(label=_("Surname"), widget=UnfoldAdminTextInputWidget())
    given_names = _NameField(label=_("Given names"), required=False, widget=UnfoldAdminTextInputWidget())
    birth_date = forms.DateField(
        label=_("Date of birth"),
        required=False,
        widget=UnfoldAdminSingleDateWidget(),
        help_text=_("Without it everybody of this name is only a possible match."),
    )
    source = forms.CharField(label=_("Source"), max_length=200, required=False, widget=UnfoldAdminTextInputWidget())


class ListFileForm(_ElectionForm):
    """Asks for a file, and for what its rows do not say."""

    file = forms.FileField(
        label=_("File"),
        widget=UnfoldAdminFileFieldWidget(),
        help_text=_("Excel (.xlsx) or text (.csv) with surname, given names, date of birth, status, source."),
    )
    kind = forms.ChoiceField(
        label=_("Status"),
        choices=[("", _("As each row says")), *ListKind.choices],
        required=False,
        widget=UnfoldAdminSelectWidget(),
    )
    origin = forms.CharField(label=_("Source"), max_length=200, required=False, widget=UnfoldAdminTextInputWidget())
    encoding = forms.ChoiceField(
        label=_("Encoding of a text file"), choices=ENCODING_CHOICES, required=False, widget=UnfoldAdminSelectWidget()
    )
    date_order = forms.ChoiceField(
        label=_("Dates"), choices=DATE_ORDER_CHOICES, required=False, widget=UnfoldAdminSelectWidget()
    )


def _remove(person: ListedPerson, answers: Mapping[str, Any], by: User, at: datetime) -> None:
    remove_listed_person(person=person, reason=answers["reason"], by=by, at=at)


REMOVE: Move[ListedPerson] = Move(
    name="remove",
    label=_("Take off the list"),
    sentence=_("The entry goes. Applications under way are vetted again; the history keeps who it was and why."),
    may=can_keep_lists,
    fits=lambda person, user: True,
    run=_remove,
    form=ReasonForm,
    tone="danger",
    in_bulk=True,
    back=lambda person: reverse(_LIST),
)


@admin.register(ListedPerson)
class ListedPersonAdmin(AddingAdmin):
    addition_form = ListedForm
    addition_label = _("Add a person")
    addition_sentence = _("Applications of people with this name are vetted again.")
    page_template = "desk/facts.html"
    upload_template = "desk/list_upload.html"
    page_select_related = ("election", "added_by")
    moves: ClassVar[tuple[Move[ListedPerson], ...]] = (REMOVE,)
    list_filter_submit = True
    list_display = ("surname", "given_names", "birth_date", "kind", "source", "added", "added_by")
    list_filter = (("kind", ChoicesCheckboxFilter), "election", "source")
    list_select_related = ("election", "added_by")
    search_fields = ("surname", "given_names", "source")
    actions_list = ("upload",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return can_keep_lists(request.user)

    def has_upload_permission(self, request: HttpRequest) -> bool:
        return can_keep_lists(request.user)

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Any]", search_term: str
    ) -> tuple["QuerySet[Any]", bool]:
        """Names are also found as vetting finds them: by sound, in Latin and in Cyrillic letters."""
        found, duplicates = super().get_search_results(request, queryset, search_term)
        if key := weak_name(search_term, ""):
            found = found | queryset.filter(weak_key__contains=key)
        return found, duplicates

    @column(_("added"), ordering="added_at")
    def added(self, person: ListedPerson) -> str:
        return local_text(person.added_at, person.election.zone)

    def add(self, answers: Mapping[str, Any], by: User, at: datetime) -> ListedPerson:
        draft = ListedDraft(
            kind=ListKind(answers["kind"]),
            surname=answers["surname"],
            given_names=answers["given_names"],
            birth_date=answers["birth_date"],
            source=answers["source"],
        )
        return add_listed_person(election=answers["election"], draft=draft, by=by, at=at)

    def get_page_context(self, request: HttpRequest, obj: ListedPerson) -> dict[str, Any]:
        facts = (
            (_("Surname"), obj.surname),
            (_("Given names"), obj.given_names),
            (_("Date of birth"), date_format(obj.birth_date, DAY_FORMAT) if obj.birth_date else ""),
            (_("Status"), obj.get_kind_display()),
            (_("Election"), obj.election),
            (_("Source"), obj.source),
            (_("Added"), local_text(obj.added_at, obj.election.zone)),
            (_("Added by"), obj.added_by),
        )
        return {"facts": facts, "moves": self.moves_for(request, obj), "zone": obj.election.time_zone}

    @action(description=_("Upload a list"), url_path="upload", permissions=["upload"], icon="upload_file")  # type: ignore[untyped-decorator]  # unfold is untyped
    def upload(self, request: HttpRequest) -> HttpResponse:
        """Check a file, or take it in; what was found stands on the same page."""
        if not self.has_upload_permission(request):
            raise PermissionDenied
        form = ListFileForm(request.POST or None, request.FILES or None)
        preview: ListPreview | None = None
        if form.is_valid():
            try:
                preview = self._read(request, form.cleaned_data)
            except ListRefusedError:
                preview = preview_listed(**self._told(form.cleaned_data))
            except DomainError as error:
                show_on_form(form, error)
            else:
                if "commit" in request.POST and preview.ok:
                    text = ngettext(
                        "%(added)d new person; %(known)d listed already.",
                        "%(added)d new people; %(known)d listed already.",
                        preview.added,
                    )
                    messages.success(request, text % {"added": preview.added, "known": preview.known})
                    return HttpResponseRedirect(reverse(_LIST))
        return self.render_page(
            request,
            self.upload_template,
            title=_("Upload a list"),
            form=form,
            preview=preview,
            findings=preview.findings[:_SHOWN] if preview else (),
            back=reverse(_LIST),
            status=422 if form.errors else 200,
        )

    def _read(self, request: HttpRequest, answers: Mapping[str, Any]) -> ListPreview:
        """One service call: a look, or the import of a file without errors."""
        told = self._told(answers)
        if "commit" in request.POST:
            return import_listed(**told, by=self.actor(request), at=moment(request))
        return preview_listed(**told)

    @staticmethod
    def _told(answers: Mapping[str, Any]) -> dict[str, Any]:
        file = answers["file"]
        file.seek(0)  # a refused file is read once more, to show what was found
        return {
            "source": file,
            "file_name": file.name,
            "election": answers["election"],
            "kind": ListKind(answers["kind"]) if answers["kind"] else None,
            "origin": answers["origin"],
            "encoding": answers["encoding"] or None,
            "date_order": DateOrder(answers["date_order"]) if answers["date_order"] else None,
        }
