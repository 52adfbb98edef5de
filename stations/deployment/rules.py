"""The rules that a plan must keep before it is released: facts in, violations with their evidence out."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext as _

from missions.kernel.errors import Violation
from stations.deployment.states import TeamKind, VisitKind


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """One observer of a team. `accredited_from` is None where there is no active accreditation any more."""

    name: str
    nationalities: frozenset[str]
    languages: frozenset[str]
    accredited_from: dt.datetime | None
    arrives_on: dt.date | None
    departs_on: dt.date | None


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """One visit with the hours of its station on that day, all as instants."""

    station: str
    kind: VisitKind
    arrives_at: dt.datetime
    leaves_at: dt.datetime
    opens_at: dt.datetime
    closes_at: dt.datetime


@dataclass(frozen=True, slots=True)
class TeamFacts:
    """A team with its day. `is_supervised`: its area has a long-term team; `has_area`: it belongs to one."""

    number: int
    kind: TeamKind
    has_area: bool
    is_supervised: bool
    members: tuple[MemberFacts, ...]
    day: dt.date | None
    visits: tuple[VisitFacts, ...]


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """What the rules need to know about a plan and its election.

    `accreditations_end` is the event with which accreditations expire, if it has happened. `first_day` and
    `last_day` bound the work of short-term observers, `early` is how long before opening a team is there.
    """

    host_country: str
    host_citizens_excluded: bool
    e_day: dt.date
    e_day_begins: dt.datetime
    accreditations_end: dt.datetime | None
    first_day: dt.date
    last_day: dt.date
    early: dt.timedelta
    has_long_term_teams: bool
    teams: tuple[TeamFacts, ...]


def violations_of(plan: PlanFacts) -> list[Violation]:
    """Every broken blocking rule, team by team; the field names the team, the code begins with the rule's number."""
    return [
        Violation(f"team-{team.number}", code, detail)
        for team in plan.teams
        for rule in _RULES
        for code, detail in rule(team, plan)
    ]


_Broken = Iterator[tuple[str, str]]


def _two_observers(team: TeamFacts, _plan: PlanFacts) -> _Broken:
    """R01."""
    if len(team.members) != 2:
        yield "r01-two-observers", _("The team has %(count)d observers.") % {"count": len(team.members)}


def _different_countries(team: TeamFacts, _plan: PlanFacts) -> _Broken:
    """R02: any nationality in common counts, second ones too."""
    for first, second in pairwise(team.members):
        common = first.nationalities & second.nationalities
        if common:
            facts = {"names": _names((first, second)), "country": ", ".join(sorted(common))}
            yield "r02-common-nationality", _("%(names)s are both nationals of %(country)s.") % facts


def _no_host_nationals(team: TeamFacts, plan: PlanFacts) -> _Broken:
    """R03, where the profile has it."""
    if not plan.host_citizens_excluded:
        return
    for member in team.members:
        if plan.host_country in member.nationalities:
            yield "r03-host-national", _("%(name)s is a national of the host country.") % {"name": member.name}


def _accredited(team: TeamFacts, plan: PlanFacts) -> _Broken:
    """R07: from the first minute of the day or the first visit until the last one ends."""
    begin = min([plan.e_day_begins, *(visit.arrives_at for visit in team.visits)])
    end = max([plan.e_day_begins, *(visit.leaves_at for visit in team.visits)])
    for member in team.members:
        facts = {"name": member.name}
        if member.accredited_from is None:
            yield "r07-not-accredited", _("%(name)s has no active accreditation.") % facts
        elif member.accredited_from > begin:
            yield "r07-accredited-later", _("%(name)s is accredited only after the first visit begins.") % facts
        elif plan.accreditations_end is not None and plan.accreditations_end < end:
            yield "r07-accreditation-over", _("The accreditation of %(name)s ends before the last visit.") % facts


def _shared_language(team: TeamFacts, _plan: PlanFacts) -> _Broken:
    """R12."""
    if len(team.members) > 1 and not frozenset.intersection(*(member.languages for member in team.members)):
        yield "r12-no-shared-language", _("%(names)s share no language.") % {"names": _names(team.members)}


def _supervised(team: TeamFacts, plan: PlanFacts) -> _Broken:
    """R13: a team at home belongs to one area, and a long-term team looks after it where there are any."""
    if team.kind is TeamKind.OVERSEAS:
        return
    if not team.has_area:
        yield "r13-no-area", _("The team belongs to no area of responsibility.")
    elif plan.has_long_term_teams and not team.is_supervised:
        yield "r13-area-not-supervised", _("No long-term team looks after the team's area.")


def _within_stay(team: TeamFacts, plan: PlanFacts) -> _Broken:
    """R13: short-term observers work around election day only, and everybody at home while in the country."""
    if team.day is None:
        return
    facts = {"day": team.day.isoformat()}
    if team.kind is not TeamKind.LONG_TERM and not plan.first_day <= team.day <= plan.last_day:
        yield "r13-outside-short-term", _("Short-term observers do not work on %(day)s.") % facts
    for member in team.members if team.kind is not TeamKind.OVERSEAS else ():
        late = member.arrives_on is not None and member.arrives_on > team.day
        gone = member.departs_on is not None and member.departs_on < team.day
        if late or gone:
            message = _("%(name)s is not in the country on %(day)s.")
            yield "r13-not-in-country", message % {"name": member.name, "day": facts["day"]}


def _on_election_day(team: TeamFacts, plan: PlanFacts) -> _Broken:
    """R15: the vote is seen on election day, by the calendar of the place; the day may have moved since."""
    if team.kind is not TeamKind.LONG_TERM and team.day is not None and team.day != plan.e_day:
        days = {"day": team.day.isoformat(), "e_day": plan.e_day.isoformat()}
        yield "r15-other-day", _("The visits are on %(day)s, but election day is %(e_day)s.") % days


def _opening_to_count(team: TeamFacts, plan: PlanFacts) -> _Broken:
    """R15: an opening first, a closing and count last, each once."""
    if team.kind is TeamKind.LONG_TERM:
        return
    if not team.visits:
        yield "r15-no-visits", _("The team has no visits.")
        return
    first, last = team.visits[0], team.visits[-1]
    if first.kind is not VisitKind.OPENING or first.arrives_at > first.opens_at - plan.early:
        yield (
            "r15-first-is-no-opening",
            _("The first visit, at %(station)s, is no opening from before its time.") % {"station": first.station},
        )
    ends_well = last.arrives_at < last.closes_at <= last.leaves_at
    if last.kind is not VisitKind.CLOSING_COUNT or not ends_well:
        yield (
            "r15-last-is-no-count",
            _("The last visit, at %(station)s, does not see the closing and the count.") % {"station": last.station},
        )
    between = [visit for visit in team.visits[1:-1] if visit.kind is not VisitKind.VOTING]
    for visit in between:
        yield "r15-stage-in-between", _("The visit at %(station)s is no voting visit.") % {"station": visit.station}


def _no_overlap(team: TeamFacts, _plan: PlanFacts) -> _Broken:
    """R16."""
    for before, after in pairwise(team.visits):
        if after.arrives_at < before.leaves_at:
            facts = {"first": before.station, "second": after.station}
            yield "r16-visits-overlap", _("The visits at %(first)s and %(second)s overlap.") % facts


def _names(members: Sequence[MemberFacts]) -> str:
    return ", ".join(member.name for member in members)


_RULES: tuple[Callable[[TeamFacts, PlanFacts], _Broken], ...] = (
    _two_observers,
    _different_countries,
    _no_host_nationals,
    _accredited,
    _shared_language,
    _supervised,
    _within_stay,
    _on_election_day,
    _opening_to_count,
    _no_overlap,
)
