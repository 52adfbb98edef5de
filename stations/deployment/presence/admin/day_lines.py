"""The words of the page "On the day": each team with its last report, what comes next, and each visit."""

import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from missions.countries import country_name
from stations.deployment.models import Team
from stations.deployment.presence.models import PresenceReport
from stations.deployment.presence.selectors import TeamDay, VisitLine
from stations.deployment.presence.services.clocks import is_far_off
from stations.deployment.presence.states import PresenceKind, VisitStanding
from stations.models import PollingStation

_S = VisitStanding
TONES = {_S.DONE: "success", _S.THERE: "success", _S.LATE: "warning", _S.MISSED: "danger", _S.UNPLANNED: "info"}
_NO_TIME = "–"


@dataclass(frozen=True, slots=True)
class VisitWords:
    """One visit: the station, the hours as planned and as it was (of the station's own clock), what became of it."""

    code: str
    name: str
    planned: str
    actual: str
    standing: str
    tone: str


@dataclass(frozen=True, slots=True)
class ReportButton:
    """One report that can be made with one touch; the nonce makes a second touch the same report."""

    kind: str
    label: str
    station_id: int | None
    nonce: str


@dataclass(frozen=True, slots=True)
class TeamWords:
    """One team as the page tells it; `buttons` are empty for those who may not report."""

    key: int
    title: str
    place: str
    last: str
    clock: str
    next: str
    labels: tuple[tuple[str, str], ...]
    visits: tuple[VisitWords, ...]
    buttons: tuple[ReportButton, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter of the page with its count."""

    key: str
    title: str
    count: int
    chosen: bool


def is_behind(day: TeamDay) -> bool:
    """Whether the team should be somewhere by now, or should have been."""
    return bool(day.counts[_S.LATE] or day.counts[_S.MISSED])


_FILTERS: dict[str, Callable[[TeamDay], bool]] = {
    "behind": is_behind,
    "silent": lambda day: day.last is None,
    "unplanned": lambda day: bool(day.counts[_S.UNPLANNED]),
    "all": lambda day: True,
}


def choices_of(days: Sequence[TeamDay], asked: str) -> list[Choice]:
    """The filters of the page; without another choice all teams are shown."""
    titles = {
        "all": _("All teams"),
        "behind": _("Late or missed a visit"),
        "silent": _("Never reported"),
        "unplanned": _("Were where nobody planned"),
    }
    chosen = asked if asked in titles else "all"
    return [
        Choice(key, title, sum(1 for day in days if _FILTERS[key](day)), key == chosen) for key, title in titles.items()
    ]


def chosen_days(days: Iterable[TeamDay], choices: Iterable[Choice]) -> list[TeamDay]:
    """The teams of the chosen filter, those that are behind first."""
    key = next(choice.key for choice in choices if choice.chosen)
    return sorted(filter(_FILTERS[key], days), key=lambda day: (not is_behind(day), day.team.number))


def totals_of(days: Iterable[TeamDay]) -> list[tuple[int, str, str]]:
    """How many visits of all teams stand how: count, words and tone."""
    counts: Counter[VisitStanding] = Counter()
    for day in days:
        counts.update(day.counts)
    return [(counts[standing], str(standing.label), TONES.get(standing, "calm")) for standing in VisitStanding]


def words_of(day: TeamDay, zone: ZoneInfo, *, may_report: bool) -> TeamWords:
    """One team in words; instants without a station by the host's clock."""
    return TeamWords(
        key=day.team.pk,
        title=str(day.team),
        place=_place(day.team),
        last=_last(day.last, zone),
        clock=_clock(day.last),
        next=_next(day),
        labels=tuple(
            (TONES.get(standing, "calm"), f"{count} {standing.label}")
            for standing, count in sorted(day.counts.items(), key=lambda row: list(VisitStanding).index(row[0]))
        ),
        visits=tuple(map(_visit, day.lines)),
        buttons=_buttons(day) if may_report else (),
    )


def _place(team: Team) -> str:
    if team.constituency is not None:
        return f"{team.constituency.number} {team.constituency.name}"
    return country_name(team.country, get_language() or "en") if team.country else ""


def _last(report: PresenceReport | None, zone: ZoneInfo) -> str:
    if report is None:
        return _("Nothing reported yet")
    station = report.station
    facts = {
        "what": report.get_kind_display(),
        "where": "" if station is None else f" {station.code}",
        "time": _hour(report.happened_at, station.zone if station is not None else zone),
    }
    return _("%(time)s: %(what)s%(where)s") % facts


def _clock(report: PresenceReport | None) -> str:
    """Said only of clocks that are far off."""
    if report is None or not is_far_off(report.skew_seconds):
        return ""
    minutes = round(abs(report.skew_seconds) / 60)
    if report.skew_seconds > 0:
        return _("The clock of the device is %(minutes)d minutes ahead; the time is corrected.") % {"minutes": minutes}
    return _("The clock of the device is %(minutes)d minutes behind; the time is corrected.") % {"minutes": minutes}


def _next(day: TeamDay) -> str:
    line = day.next
    if line is None or line.arrives_at is None:
        has_route = any(one.arrives_at is not None for one in day.lines)
        return _("no more visits planned") if has_route else _("no visits planned")
    return f"{_hour(line.arrives_at, line.station.zone)} {line.station.code}"


def _visit(line: VisitLine) -> VisitWords:
    zone, standing, late = line.station.zone, line.standing.standing, line.standing.minutes_late
    words = str(standing.label)
    if late:
        words = _("%(standing)s, %(minutes)d minutes late") % {"standing": words, "minutes": late}
    return VisitWords(
        code=line.station.code,
        name=line.station.name,
        planned=_span(line.arrives_at, line.leaves_at, zone),
        actual=_span(line.arrived_at, line.left_at, zone),
        standing=words,
        tone=TONES.get(standing, "calm"),
    )


def _buttons(day: TeamDay) -> tuple[ReportButton, ...]:
    """Leaving where the team is, arriving where it goes next, and being in the area."""
    buttons = []
    here = next((line for line in day.lines if line.standing.standing is _S.THERE), None)
    unfinished = next((line for line in day.lines if line.arrived_at is not None and line.left_at is None), here)
    if unfinished is not None:
        buttons.append(_button(PresenceKind.LEFT, _("Left %(code)s"), unfinished.station))
    if day.next is not None:
        buttons.append(_button(PresenceKind.ARRIVED, _("Arrived at %(code)s"), day.next.station))
    buttons.append(ReportButton(PresenceKind.IN_AREA, _("In the area"), None, str(uuid.uuid4())))
    return tuple(buttons)


def _button(kind: PresenceKind, label: str, station: PollingStation) -> ReportButton:
    return ReportButton(kind, label % {"code": station.code}, station.pk, str(uuid.uuid4()))


def _span(begin: datetime | None, end: datetime | None, zone: ZoneInfo) -> str:
    if begin is None:
        return _NO_TIME
    return f"{_hour(begin, zone)}–{_hour(end, zone) if end is not None else ''}"


def _hour(at: datetime, zone: ZoneInfo) -> str:
    return date_format(at.astimezone(zone), "H:i")
