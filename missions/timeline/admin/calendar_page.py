"""What the page of the election calendar shows: every instant in the host's zone, voting abroad by both clocks."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from missions.admin.pages import DAY_FORMAT, NOTHING, local_text
from missions.countries import country_name
from missions.kernel.errors import Text
from missions.law.rules import Unknown
from missions.timeline.election_calendar import (
    AirtimeGrid,
    CalendarLine,
    ElectionCalendar,
    Phase,
    PollingLine,
    minutes_text,
)
from missions.timeline.zones import zone_or_utc

PHASES: dict[Phase, tuple[Text, str]] = {
    Phase.PAST: (gettext_lazy("past"), ""),
    Phase.RUNNING: (gettext_lazy("now"), "success"),
    Phase.NEXT: (gettext_lazy("next"), "warning"),
    Phase.COMING: (gettext_lazy("to come"), "info"),
}
_HOURS = "H:i"
#: More zones than this are not written out on a line.
_ZONES_SHOWN = 6


@dataclass(frozen=True, slots=True)
class LegalDay:
    """One line of the law."""

    label: str
    title: str
    at: str
    source: str
    phase: Text
    tone: str


@dataclass(frozen=True, slots=True)
class VotingLine:
    """Stations that open and close together, by their own clocks, the host's and UTC."""

    where: str
    zones: str
    offset: str
    local: str
    host: str
    utc: str
    stations: int
    phase: Text
    tone: str


@dataclass(frozen=True, slots=True)
class BroadcasterDays:
    """One broadcaster with the days of its broadcasts."""

    name: str
    hour: str
    minutes: int
    days: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SlotLine:
    """A contestant's place in every broadcast: how far into it the slot begins."""

    number: int
    contestant: str
    begins: str


def legal_days(calendar: ElectionCalendar) -> list[LegalDay]:
    """The days of the law, each marked as past, next or to come."""
    zone = zone_or_utc(calendar.election.time_zone)
    return [
        LegalDay(line.label, line.title, _when(line, zone), line.source, *PHASES[line.phase]) for line in calendar.lines
    ]


def _when(line: CalendarLine, zone: ZoneInfo) -> str:
    if line.local_time is not None:
        return local_text(line.at, zone)
    return _("%s, the whole day") % date_format(line.day, DAY_FORMAT)


def silence_text(calendar: ElectionCalendar) -> tuple[str, str]:
    """The time of silence in words, and why it is not known if it is not."""
    if isinstance(calendar.silence, Unknown):
        return "", calendar.silence.note
    zone = zone_or_utc(calendar.election.time_zone)
    names = {
        "begins": local_text(calendar.silence.begins_at, zone),
        "ends": local_text(calendar.silence.ends_at, zone),
    }
    return _("from %(begins)s to %(ends)s") % names, ""


def voting_lines(calendar: ElectionCalendar, language: str) -> list[VotingLine]:
    """Home and abroad by the instant of opening."""
    host = zone_or_utc(calendar.election.time_zone)
    return [_voting_line(line, host, language) for line in calendar.polling]


def _voting_line(line: PollingLine, host: ZoneInfo, language: str) -> VotingLine:
    where = _("At home") if not line.is_abroad else ", ".join(country_name(code, language) for code in line.countries)
    shown = ", ".join(line.zones[:_ZONES_SHOWN])
    more = len(line.zones) - _ZONES_SHOWN
    return VotingLine(
        where=where,
        zones=_("%(zones)s and %(more)d more") % {"zones": shown, "more": more} if more > 0 else shown,
        offset=_offset_text(round(line.utc_offset.total_seconds() / 60)),
        local=f"{time_format(line.opens, _HOURS)}–{time_format(line.closes, _HOURS)}",
        host=_span(line.opens_at, line.closes_at, host),
        utc=_span(line.opens_at, line.closes_at, zone_or_utc("UTC")),
        stations=line.stations,
        phase=PHASES[line.phase][0],
        tone=PHASES[line.phase][1],
    )


def _offset_text(minutes: int) -> str:
    hours, rest = divmod(abs(minutes), 60)
    return f"{'+' if minutes >= 0 else '−'}{hours}" + (f":{rest:02d}" if rest else "")


def _span(begins_at: datetime, ends_at: datetime, zone: ZoneInfo) -> str:
    """From when to when, with the day of each end where it is not one day."""
    begins, ends = begins_at.astimezone(zone), ends_at.astimezone(zone)
    until = date_format(ends, "H:i") if begins.date() == ends.date() else date_format(ends, "j M, H:i")
    return f"{date_format(begins, 'j M, H:i')} – {until}"


def broadcaster_days(grid: AirtimeGrid, language: str) -> list[BroadcasterDays]:
    """Every broadcaster with its days."""
    by_code = sorted(grid.broadcasts, key=lambda row: (row.broadcaster.code, row.day))
    found = []
    for _code, group in groupby(by_code, key=lambda row: row.broadcaster.code):
        rows = list(group)
        who = rows[0].broadcaster
        found.append(
            BroadcasterDays(
                name=who.title.text(language),
                hour=time_format(who.local_time, _HOURS) if who.local_time else "",
                minutes=who.minutes,
                days=tuple(date_format(row.day, "D j M") for row in rows),
            )
        )
    return found


def slot_lines(grid: AirtimeGrid) -> list[SlotLine]:
    """The slots of every broadcast in the order of the draw."""
    return [
        SlotLine(number, slot.contestant, minutes_text(slot.after) if slot.after else NOTHING)
        for number, slot in enumerate(grid.slots, start=1)
    ]
