"""The station register, to search and to filter. Who observes where is no part of it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin import EmptyFieldListFilter
from django.core.validators import MaxLengthValidator
from django.db.models import DateTimeField, Model, QuerySet, Value
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

from missions.admin.impact_lines import ImpactLine, impact_groups
from missions.admin.moves import Move, MovesAdmin, OptionalReasonForm, ReasonForm
from missions.admin.pages import column, history_of, local_text, moment
from missions.countries import country_name
from missions.impact import impacts_of
from missions.kernel.web.admin import ViewOnlyAdmin
from missions.models import User
from stations.changes import StationClosing
from stations.maps.pages import RegisterMapPages
from stations.models import AccessRequirement, PollingStation
from stations.services import close_station, reopen_station
from stations.states import StationKind
from stations.voting_page import VotingBoardPages


class ClosingForm(ReasonForm):
    """Asks why, in the length that the register keeps."""

    def __init__(self, *args: Any, subjects: Sequence[Model], **kwargs: Any) -> None:
        super().__init__(*args, subjects=subjects, **kwargs)
        self.fields["reason"].validators.append(MaxLengthValidator(300))


def _close(station: PollingStation, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    return close_station(station=station, reason=answers["reason"], by=by, at=at)


def _reopen(station: PollingStation, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    return reopen_station(station=station, reason=answers["reason"], by=by, at=at)


CLOSE: Move[PollingStation] = Move(
    name="close",
    label=_("Take out of use"),
    sentence=_("Nobody votes there. New plans leave the station out, and released plans show who is sent there."),
    may=lambda user: user.has_perm("stations.close_pollingstation"),
    fits=lambda station, user: not station.is_closed,
    run=_close,
    form=ClosingForm,
    tone="danger",
    in_bulk=True,
)
STATION_MOVES: tuple[Move[PollingStation], ...] = (
    CLOSE,
    Move(
        name="reopen",
        label=_("Take back into use"),
        sentence=_("People vote there after all; plans may send somebody again."),
        may=lambda user: user.has_perm("stations.close_pollingstation"),
        fits=lambda station, user: station.is_closed,
        run=_reopen,
        form=OptionalReasonForm,
        in_bulk=True,
    ),
)


@admin.register(PollingStation)
class PollingStationAdmin(VotingBoardPages, RegisterMapPages, MovesAdmin):
    page_template = "desk/facts.html"
    page_select_related = ("constituency", "election")
    moves: ClassVar[tuple[Move[PollingStation], ...]] = STATION_MOVES
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
        ("closed_at", EmptyFieldListFilter),
    )
    list_select_related = ("constituency", "election")
    search_fields = ("code", "name", "city")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        stations: QuerySet[Any] = super().get_queryset(request)
        timed: QuerySet[Any] = stations.annotate(moment=Value(moment(request), output_field=DateTimeField()))
        return timed

    def impacts_of_move(
        self, request: HttpRequest, move: Move[Any], subjects: Sequence[PollingStation]
    ) -> list[tuple[str, list[ImpactLine]]] | None:
        """Which plans lose visits when stations are closed, as far as the person may know."""
        if move is not CLOSE:
            return None
        closed: dict[int, list[int]] = defaultdict(list)
        for station in subjects:
            closed[station.election_id].append(station.pk)
        changes = [StationClosing(election, tuple(keys)) for election, keys in closed.items()]
        user, at = self.actor(request), moment(request)
        return impact_groups(impact for change in changes for impact in impacts_of(change, user=user, at=at))

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
            (station.is_closed, _now("out of use")),
        )
        return ", ".join(word for holds, word in marks if holds)

    def get_page_context(self, request: HttpRequest, obj: PollingStation) -> dict[str, Any]:
        zone = obj.election.zone
        closed = f"{local_text(obj.closed_at, zone)}: {obj.closed_reason}" if obj.is_closed else ""
        needed = (f"{row} ({row.granted_by})" for row in obj.access_requirements.all())
        facts = (
            (_now("Election"), obj.election),
            (_now("Kind"), obj.get_kind_display()),
            (_now("Constituency or country"), self.place(obj)),
            (_now("Address"), ", ".join(part for part in (obj.address, obj.city) if part)),
            (_now("Coordinates"), "" if obj.latitude is None else f"{obj.latitude}, {obj.longitude}"),
            (_now("Registered voters"), obj.voters),
            (_now("Hours (local)"), self.hours(obj)),
            (_now("Now there"), self.now_there(obj)),
            (_now("Properties"), self.flags(obj)),
            (_now("Access"), "; ".join(needed)),
            (_now("Embassy contact"), obj.embassy_contact),
            (_now("Taken out of use"), closed),
        )
        return {
            "facts": facts,
            "zone": obj.election.time_zone,
            "moves": self.moves_for(request, obj),
            "history": history_of(obj, zone),
        }


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
