"""The station register, to search and to filter. Who observes where is no part of it."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import DateTimeField, QuerySet, Value
from django.http import HttpRequest
from django.utils.formats import date_format, time_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    AllValuesCheckboxFilter,
    BooleanRadioFilter,
    ChoicesCheckboxFilter,
    RelatedDropdownFilter,
)

from missions.admin.pages import ReadOnlyInline, column, moment
from missions.countries import country_name
from missions.kernel.web.admin import ViewOnlyAdmin
from stations.maps.pages import RegisterMapPages
from stations.models import AccessRequirement, PollingStation
from stations.states import StationKind


class AccessRequirementInline(ReadOnlyInline):
    model = AccessRequirement


@admin.register(PollingStation)
class PollingStationAdmin(RegisterMapPages):
    list_filter_submit = True
    list_fullwidth = True
    list_display = ("code", "name", "kind_label", "place", "hours", "now_there", "voters", "flags")
    list_filter = (
        ("kind", ChoicesCheckboxFilter),
        ("constituency", RelatedDropdownFilter),
        ("constituency__region", AllValuesCheckboxFilter),
        ("has_web_camera", BooleanRadioFilter),
        ("is_newly_covered", BooleanRadioFilter),
        ("is_urban", BooleanRadioFilter),
    )
    list_select_related = ("constituency", "election")
    search_fields = ("code", "name", "city")
    inlines = (AccessRequirementInline,)
    fieldsets = (
        (None, {"fields": ("election", "code", "name", "kind", "constituency")}),
        (_("Place"), {"fields": ("address", "city", "country", "latitude", "longitude")}),
        (_("Election day"), {"fields": ("hours", "now_there", "voters")}),
        (_("Properties"), {"fields": ("is_urban", "has_web_camera", "is_newly_covered")}),
        (_("Abroad"), {"fields": ("embassy_contact", "accredited_by_embassy")}),
    )
    readonly_fields = ("hours", "now_there")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        stations: QuerySet[Any] = super().get_queryset(request)
        timed: QuerySet[Any] = stations.annotate(moment=Value(moment(request), output_field=DateTimeField()))
        return timed

    @column(_("kind"), ordering="kind", tones={StationKind.OVERSEAS: "info", StationKind.SPECIAL: "warning"})
    def kind_label(self, station: PollingStation) -> tuple[str, str]:
        return station.kind, station.get_kind_display()

    @column(_("constituency or country"), ordering="constituency__number")
    def place(self, station: PollingStation) -> str:
        if station.constituency is not None:
            return f"{station.constituency} · {station.constituency.region}"
        return f"{country_name(station.country, get_language() or 'en')} · {station.city}"

    @column(_("hours (local)"), ordering="opens_at")
    def hours(self, station: PollingStation) -> str:
        hours = f"{time_format(station.opens_at, 'H:i')}–{time_format(station.closes_at, 'H:i')}"
        return f"{hours} {station.time_zone}" if station.kind == StationKind.OVERSEAS else hours

    @column(_("now there"))
    def now_there(self, station: Any) -> SafeString:
        at: datetime = station.moment
        local = at.astimezone(station.zone)
        return format_html(
            '{} <span class="desk-muted">{}</span>', date_format(local, "j M, H:i"), _voting_words(station, local)
        )

    @column(_("properties"))
    def flags(self, station: PollingStation) -> str:
        marks = (
            (station.has_web_camera, _now("camera")),
            (station.is_newly_covered, _now("newly covered")),
            (station.is_urban, _now("urban")),
        )
        return ", ".join(word for holds, word in marks if holds)


def _voting_words(station: PollingStation, local: datetime) -> str:
    """Whether voting goes on there at this local instant; nothing on other days than election day."""
    if local.date() != station.election.e_day:
        return ""
    if local.time() < station.opens_at:
        return _now("not open yet")
    return _now("voting") if local.time() < station.closes_at else _now("closed")


@admin.register(AccessRequirement)
class AccessRequirementAdmin(ViewOnlyAdmin):
    list_display = ("station", "condition", "granted_by")
    list_filter = ("condition",)
    list_select_related = ("station",)
    search_fields = ("station__code", "station__name", "granted_by")
