"""The history, to look at. What is private to a mission never stands in it: these pages are the host's."""

from collections.abc import Mapping
from datetime import UTC
from typing import ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from missions.kernel.models import Event
from missions.kernel.web.admin import ViewOnlyAdmin


@admin.register(Event)
class EventAdmin(ViewOnlyAdmin):
    list_display = ("at_utc", "actor", "act", "object_label", "object_type", "from_words", "to_words")
    list_filter = ("object_type",)
    list_select_related = ("actor",)
    search_fields = ("object_label", "actor__email")
    told_by: ClassVar[Mapping[str, str]] = {
        "at": "at_utc",
        "verb": "act",
        "from_state": "from_words",
        "to_state": "to_words",
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
