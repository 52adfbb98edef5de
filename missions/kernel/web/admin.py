"""Base of every admin class: services do the work, their refusals become messages, and state is read-only."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.db.models.constants import LOOKUP_SEP
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from unfold.admin import ModelAdmin

from missions.kernel.errors import DomainError


class KeyedPaginator(Paginator):  # type: ignore[type-arg]  # whatever the list is of
    """Finds the keys of a page, and reads and joins whole rows for these alone; sorting whole rows takes seconds."""

    def page(self, number: int | str) -> Page[Any]:
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        rows: QuerySet[Any] = self.object_list  # type: ignore[assignment]  # the admin gives no other
        keys = list(rows.values_list("pk", flat=True)[start : start + self.per_page])
        return Page(rows.filter(pk__in=keys), number, self)


class StaffAdmin(ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """Lists start at `visible_to(user)` where the model is scoped; nothing with a history is deleted."""

    compressed_fields = True
    warn_unsaved_form = True
    list_per_page = 50
    paginator = KeyedPaginator
    show_full_result_count = False
    #: Fields that only services write.
    state_fields: ClassVar[tuple[str, ...]] = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        queryset: QuerySet[Any] = super().get_queryset(request)
        if hasattr(queryset, "visible_to"):
            queryset = queryset.visible_to(request.user)
        return queryset

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return (*super().get_readonly_fields(request, obj), *self.state_fields)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """As Django's, but never by what refers to the rows, unless a filter of the list does so.

        It would tell of rows out of scope: which stations are visited by plans that nobody else may read.
        """
        name = lookup.partition(LOOKUP_SEP)[0]
        refers_here = {relation.name for relation in self.opts.related_objects}
        if name in refers_here and not any(_path_of(entry).startswith(name) for entry in self.get_list_filter(request)):
            return False
        return bool(super().lookup_allowed(lookup, value, request))

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """As Django's, but a domain error leaves its transaction first: nothing saved, one message, no log entry."""
        try:
            response: HttpResponse = super().changeform_view(request, object_id, form_url, extra_context)
        except DomainError as error:
            self.tell(request, error)
            return HttpResponseRedirect(request.get_full_path())
        return response

    def tell(self, request: HttpRequest, error: DomainError) -> None:
        """Show a domain error, with each violation, to the person."""
        lines = [error.detail, *(violation.detail for violation in error.violations)]
        messages.error(request, " ".join(dict.fromkeys(lines)))


class ViewOnlyAdmin(StaffAdmin):
    """Rows that people look at and never write by hand."""

    #: By field, the column of the list that tells it in words or by a clock, and so stands in its place on the page:
    #: bare codes, and instants of which nobody says by which clock.
    told_by: ClassVar[Mapping[str, str]] = {}

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return [self.told_by.get(name, name) for name in super().get_fields(request, obj)]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


def _path_of(entry: object) -> str:
    """The lookup path of an entry of `list_filter`; empty for a filter that looks up by itself."""
    field = entry[0] if isinstance(entry, tuple) else entry
    return field if isinstance(field, str) else ""


def require(allowed: bool) -> None:
    """Stop an admin action that the person has no right to."""
    if not allowed:
        raise PermissionDenied
