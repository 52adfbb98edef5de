"""Observers. The passport number is shown masked or not at all."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accreditation.models import Nomination, Observer
from missions.admin.pages import FoldedSearchMixin, ReadOnlyInline, column
from missions.countries import country_name
from missions.kernel.web.admin import ViewOnlyAdmin


def country(code: str) -> str:
    """The name of the country in the reader's language; nothing for no code."""
    return country_name(code, get_language() or "en") if code else ""


class NominationInline(ReadOnlyInline):
    model = Nomination
    fields = ("mission", "delegation", "role", "reference", "arrives_on", "departs_on")


@admin.register(Observer)
class ObserverAdmin(FoldedSearchMixin, ViewOnlyAdmin):
    folded_field = "folded_name"
    list_display = ("full_name", "nationality_name", "birth_date", "passport_expires_on", "is_experienced")
    list_filter = ("is_experienced", "is_synthetic")
    search_fields = ("surname", "given_names")
    inlines = (NominationInline,)
    fieldsets = (
        (None, {"fields": ("surname", "given_names", "patronymic", "sex", "birth_date")}),
        (_("Nationality and passport"), {"fields": ("nationalities_named", "passport", "passport_expires_on")}),
        (_("Work"), {"fields": ("languages", "residence", "is_experienced", "is_synthetic")}),
    )
    readonly_fields = ("nationalities_named", "passport", "residence")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        observers: QuerySet[Any] = super().get_queryset(request)
        return observers.defer("passport_number", "mrz")

    @column(_("name"), ordering="surname")
    def full_name(self, observer: Observer) -> str:
        return observer.full_name

    @column(_("nationality"), ordering="nationality")
    def nationality_name(self, observer: Observer) -> str:
        return country(observer.nationality)

    @column(_("nationalities"))
    def nationalities_named(self, observer: Observer) -> str:
        return ", ".join(country(code) for code in observer.nationalities)

    @column(_("passport"))
    def passport(self, observer: Observer) -> str:
        return f"{country(observer.passport_issuer)} {observer.masked_passport}"

    @column(_("country of residence"))
    def residence(self, observer: Observer) -> str:
        return country(observer.residence_country)
