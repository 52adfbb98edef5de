"""The election calendar: what the law dates, free airtime, and the hours of voting in every zone, at one instant."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import groupby

from django.utils.translation import gettext as _

from missions.law.airtime import Broadcast, Overrun, SlotStart, broadcasts_of, overruns_of, slots_of
from missions.law.calendar import e_offset, election_calendar, local_instant, offset_label, silence_period
from missions.law.profile import ProfileError, RuleProfile, load_profile
from missions.law.rules import Airtime, Effect, Unknown
from missions.models import Election
from missions.polling import PollingHours, polling_hours
from missions.timeline.zones import is_known_zone, zone_or_utc


class Phase(StrEnum):
    """Where an instant or a period lies, seen from the instant of the page. NEXT is the first that is to come."""

    PAST = "past"
    RUNNING = "running"
    NEXT = "next"
    COMING = "coming"


@dataclass(frozen=True, slots=True)
class CalendarLine:
    """One day of the calendar in words, and what it rests on. `local_time` is None where the whole day counts."""

    code: str
    title: str
    label: str
    day: date
    local_time: time | None
    at: datetime
    effect: Effect | None
    source: str
    phase: Phase


@dataclass(frozen=True, slots=True)
class Period:
    """From one instant to another."""

    begins_at: datetime
    ends_at: datetime
    phase: Phase


@dataclass(frozen=True, slots=True)
class AirtimeGrid:
    """Who broadcasts when, the order of slots within each broadcast, and what does not add up."""

    slot: timedelta
    slots: tuple[SlotStart, ...]
    broadcasts: tuple[Broadcast, ...]
    overruns: tuple[Overrun, ...]
    source: str


@dataclass(frozen=True, slots=True)
class PollingLine:
    """Stations that open and close at the same instants: home and abroad apart, by zones and countries (alpha-3)."""

    opens_at: datetime
    closes_at: datetime
    opens: time
    closes: time
    utc_offset: timedelta
    zones: tuple[str, ...]
    countries: tuple[str, ...]
    stations: int
    is_abroad: bool
    phase: Phase


@dataclass(frozen=True, slots=True)
class ElectionCalendar:
    """All of it. What is not known is `Unknown`, with the note that says why; `warnings` name what is amiss in data."""

    election: Election
    rules: str
    lines: tuple[CalendarLine, ...]
    silence: Period | Unknown
    airtime: AirtimeGrid | Unknown
    polling: tuple[PollingLine, ...]
    warnings: tuple[str, ...]


def calendar_of(election: Election, *, at: datetime, language: str) -> ElectionCalendar:
    """The calendar of the election as of the instant, in the language as far as the law is worded in it. One query."""
    profile = _profile_of(election)
    hours = polling_hours(election) or (_own_hours(election),)
    grid = Unknown(profile.note) if isinstance(profile, Unknown) else _airtime(profile, election.e_day)
    return ElectionCalendar(
        election=election,
        rules="" if isinstance(profile, Unknown) else profile.title.text(language),
        lines=() if isinstance(profile, Unknown) else _lines(profile, election, at, language),
        silence=profile if isinstance(profile, Unknown) else _silence(profile, election, at),
        airtime=grid,
        polling=_polling(hours, election, at),
        warnings=(*_grid_warnings(grid, language), *_zone_warnings(hours)),
    )


def _profile_of(election: Election) -> RuleProfile | Unknown:
    if not election.profile_code:
        return Unknown(_("No rules are chosen for this election."))
    try:
        return load_profile(election.profile_code)
    except ProfileError:
        return Unknown(_("The rules of this election are not there, or their file is wrong."))


def _lines(profile: RuleProfile, election: Election, at: datetime, language: str) -> tuple[CalendarLine, ...]:
    """The days of the law, and the publication of the results once it is noted."""
    entries = election_calendar(profile, election.e_day)
    coming = next((entry.code for entry in entries if entry.over_at > at), "")
    lines = [
        CalendarLine(
            code=entry.code,
            title=entry.title.text(language),
            label=entry.label,
            day=entry.day,
            local_time=entry.local_time,
            at=entry.at,
            effect=entry.effect,
            source=profile.source(entry.source).title,
            phase=Phase.PAST if entry.over_at <= at else Phase.NEXT if entry.code == coming else Phase.COMING,
        )
        for entry in entries
    ]
    published = election.results_published_at
    if published is not None:
        local = published.astimezone(zone_or_utc(election.time_zone))
        lines.append(
            CalendarLine(
                code="results_published",
                title=_("Results officially published"),
                label=offset_label(e_offset(local.date(), election.e_day)),
                day=local.date(),
                local_time=local.time().replace(second=0, microsecond=0),
                at=published,
                effect=None,
                source=_("noted by the ministry"),
                phase=Phase.PAST if published <= at else Phase.COMING,
            )
        )
    return tuple(sorted(lines, key=lambda line: line.at))


def _silence(profile: RuleProfile, election: Election, at: datetime) -> Period | Unknown:
    found = silence_period(profile, election.e_day)
    return found if isinstance(found, Unknown) else Period(*found, _phase_between(*found, at))


def _airtime(profile: RuleProfile, e_day: date) -> AirtimeGrid | Unknown:
    broadcasts = broadcasts_of(profile, e_day)
    if isinstance(broadcasts, Unknown) or not isinstance(profile.airtime, Airtime):
        return broadcasts if isinstance(broadcasts, Unknown) else Unknown("")
    grid = profile.airtime
    return AirtimeGrid(grid.slot, slots_of(grid), broadcasts, overruns_of(grid), profile.source(grid.source).title)


def _own_hours(election: Election) -> PollingHours:
    """The election's own hours, while nobody knows of any station."""
    return PollingHours(
        country=election.host_country,
        zone=election.time_zone,
        opens=election.opens_at,
        closes=election.closes_at,
        stations=0,
        is_abroad=False,
    )


def _polling(hours: Iterable[PollingHours], election: Election, at: datetime) -> tuple[PollingLine, ...]:
    """The stations by the instants of their opening and closing; those of a zone that is not known are left out."""
    dated = [
        (
            local_instant(election.e_day, row.opens, row.zone),
            local_instant(election.e_day, row.closes, row.zone),
            row.is_abroad,
            row,
        )
        for row in hours
        if is_known_zone(row.zone)
    ]
    dated.sort(key=lambda found: (found[:3], found[3].zone, found[3].country))
    return tuple(
        _polling_line(opens_at, closes_at, [found[3] for found in group], at)
        for (opens_at, closes_at, _abroad), group in groupby(dated, key=lambda found: found[:3])
    )


def _polling_line(opens_at: datetime, closes_at: datetime, rows: list[PollingHours], at: datetime) -> PollingLine:
    first = rows[0]
    return PollingLine(
        opens_at=opens_at,
        closes_at=closes_at,
        opens=first.opens,
        closes=first.closes,
        utc_offset=opens_at.astimezone(zone_or_utc(first.zone)).utcoffset() or timedelta(0),
        zones=tuple(dict.fromkeys(row.zone for row in rows)),
        countries=tuple(sorted({row.country for row in rows})),
        stations=sum(row.stations for row in rows),
        is_abroad=first.is_abroad,
        phase=_phase_between(opens_at, closes_at, at),
    )


def _phase_between(begins_at: datetime, ends_at: datetime, at: datetime) -> Phase:
    if at < begins_at:
        return Phase.COMING
    return Phase.RUNNING if at < ends_at else Phase.PAST


def _grid_warnings(grid: AirtimeGrid | Unknown, language: str) -> tuple[str, ...]:
    if isinstance(grid, Unknown):
        return ()
    return tuple(
        _("%(who)s: %(slots)d slots of %(slot)s need %(needed)s, but a broadcast lasts %(given)s.")
        % {
            "who": row.broadcaster.title.text(language),
            "slots": len(grid.slots),
            "slot": minutes_text(grid.slot),
            "needed": minutes_text(row.needed),
            "given": minutes_text(row.given),
        }
        for row in grid.overruns
    )


def _zone_warnings(hours: Iterable[PollingHours]) -> tuple[str, ...]:
    return tuple(
        _("%(stations)d stations lie in the zone %(zone)s, which is not known: their hours are left out.")
        % {"stations": row.stations, "zone": row.zone}
        for row in hours
        if not is_known_zone(row.zone)
    )


def minutes_text(span: timedelta) -> str:
    """A span in minutes and seconds, such as 62:39."""
    minutes, seconds = divmod(round(span.total_seconds()), 60)
    return f"{minutes}:{seconds:02d}"
