"""The history, to look at. What is private to a mission never stands in it: these pages are the host's."""

from collections.abc import Mapping
from datetime import UTC
from typing import Any, ClassVar

from django.apps import apps
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from missions.kernel.models import Event
from missions.kernel.web.admin import ViewOnlyAdmin


class KindFilter(admin.SimpleListFilter):
    """The kinds of objects that the history tells of, by the names of their pages."""

    title = _("kind")
    parameter_name = "object_type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        kinds = Event.objects.filter(is_private=False).order_by().values_list("object_type", flat=True).distinct()
        return sorted(((kind, _kind_of(kind)) for kind in kinds), key=lambda pair: pair[1].casefold())

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Event]") -> "QuerySet[Event]":
        return queryset.filter(object_type=self.value()) if self.value() else queryset


@admin.register(Event)
class EventAdmin(ViewOnlyAdmin):
    list_display = ("at_utc", "actor", "act", "object_label", "kind", "from_words", "to_words")
    list_filter = (KindFilter,)
    list_select_related = ("actor",)
    search_fields = ("object_label", "actor__email")
    told_by: ClassVar[Mapping[str, str]] = {
        "at": "at_utc",
        "verb": "act",
        "from_state": "from_words",
        "to_state": "to_words",
        "object_type": "kind",
        "changed": "changed_words",
    }

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Event]":
        return super().get_queryset(request).filter(is_private=False)

    @admin.display(description=_("at (UTC)"), ordering="at")
    def at_utc(self, event: Event) -> str:
        return date_format(event.at.astimezone(UTC), "DATETIME_FORMAT")

    @admin.display(description=_("from"), ordering="from_state")
    def from_words(self, event: Event) -> str:
        return event.from_state.replace("_", " ")

    @admin.display(description=_("to"), ordering="to_state")
    def to_words(self, event: Event) -> str:
        return event.to_state.replace("_", " ")

    @admin.display(description=_("act"), ordering="verb")
    def act(self, event: Event) -> str:
        return event.verb.replace("_", " ")

    @admin.display(description=_("kind"), ordering="object_type")
    def kind(self, event: Event) -> str:
        return _kind_of(event.object_type)

    @admin.display(description=_("changed fields"))
    def changed_words(self, event: Event) -> str:
        return ", ".join(event.changed).replace("_", " ")


def _kind_of(label: str) -> str:
    """The name of a kind of objects; the label itself of one that the product no longer has."""
    try:
        return capfirst(str(apps.get_model(label)._meta.verbose_name))
    except LookupError:
        return label
