"""How a team's day runs: stages, order, length, the way between visits, rest (R15-R17, R19)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from zoneinfo import ZoneInfo

from stations.deployment.rules.facts import PlanFacts, TeamFacts, VisitFacts
from stations.deployment.rules.findings import Broken, broken
from stations.deployment.rules.limits import Limits
from stations.deployment.states import RestrictionLevel, TeamKind, VisitKind

_MINUTE = dt.timedelta(minutes=1)
_HOUR = dt.timedelta(hours=1)
_NOTHING = dt.timedelta()


def on_election_day(team: TeamFacts, plan: PlanFacts, _limits: Limits) -> Iterator[Broken]:
    """R15: the vote is seen on election day, by the calendar of the place; the day may have moved since."""
    if team.kind is not TeamKind.LONG_TERM and team.day is not None and team.day != plan.e_day:
        yield broken("r15-other-day", day=team.day, other_day=plan.e_day)


def opening_to_count(team: TeamFacts, _plan: PlanFacts, limits: Limits) -> Iterator[Broken]:
    """R15: an opening first, a closing and count last, each once."""
    if team.kind is TeamKind.LONG_TERM:
        return
    if not team.visits:
        yield broken("r15-no-visits")
        return
    first, last = team.visits[0], team.visits[-1]
    if first.kind is not VisitKind.OPENING or first.arrives_at > first.opens_at - limits.day.early:
        yield broken("r15-first-is-no-opening", stations=[first.station], station=first.station)
    ends_well = last.arrives_at < last.closes_at <= last.leaves_at
    if last.kind is not VisitKind.CLOSING_COUNT or not ends_well:
        yield broken("r15-last-is-no-count", stations=[last.station], station=last.station)
    for visit in team.visits[1:-1]:
        if visit.kind is not VisitKind.VOTING:
            yield broken("r15-stage-in-between", stations=[visit.station], station=visit.station)


def one_after_the_other(team: TeamFacts, _plan: PlanFacts, _limits: Limits) -> Iterator[Broken]:
    """R16: no two visits at a time, and time enough for the way between them."""
    for before, after in pairwise(team.visits):
        both, facts = (before.station, after.station), {"first": before.station, "second": after.station}
        free = after.arrives_at - before.leaves_at
        if free < _NOTHING:
            yield broken("r16-visits-overlap", facts, stations=both)
        elif after.drive is not None and free < after.drive:
            minutes, needed = free // _MINUTE, -(-after.drive // _MINUTE)
            yield broken("r16-no-time-to-drive", facts, stations=both, minutes=minutes, needed=needed)


def long_enough(team: TeamFacts, _plan: PlanFacts, limits: Limits) -> Iterator[Broken]:
    """R16: no visit too short, and neither too few nor too many; who stays at one station all day has one visit."""
    rules = limits.day
    for visit in team.visits:
        length = visit.leaves_at - visit.arrives_at
        if length < rules.visit:
            facts = {"station": visit.station, "minutes": length // _MINUTE, "needed": rules.visit // _MINUTE}
            yield broken("r16-short-visit", facts, stations=[visit.station])
    if team.kind is not TeamKind.SHORT_TERM or len({visit.station for visit in team.visits}) < 2:
        return
    for visits in _by_day(team).values():
        if len(visits) < rules.fewest_visits:
            yield broken("r16-few-visits", count=len(visits), limit=rules.fewest_visits)
        if len(visits) > rules.most_visits:
            yield broken("r16-many-visits", count=len(visits), limit=rules.most_visits)


def within_travel_limits(team: TeamFacts, _plan: PlanFacts, limits: Limits) -> Iterator[Broken]:
    """R17: each leg, and all of a day."""
    rules = limits.day
    for before, after in pairwise(team.visits):
        if after.drive is not None and after.drive > rules.longest_leg:
            yield broken(
                "r17-long-leg",
                stations=(before.station, after.station),
                first=before.station,
                second=after.station,
                minutes=-(-after.drive // _MINUTE),
                limit=rules.longest_leg // _MINUTE,
            )
    for day, visits in _by_day(team).items():
        driven = sum((visit.drive or _NOTHING for visit in visits), _NOTHING)
        if driven > rules.longest_drive:
            limit = rules.longest_drive // _MINUTE
            yield broken("r17-long-day", minutes=-(-driven // _MINUTE), day=day, limit=limit)


def no_night_driving(team: TeamFacts, plan: PlanFacts, limits: Limits) -> Iterator[Broken]:
    """R17: on the way between two visits, where the owner's list closes the roads at night."""
    for before, after in pairwise(team.visits):
        closed = [
            restriction.name
            for key in {before.constituency, after.constituency} - {None}
            for restriction in plan.restrictions.get(key or 0, ())
            if restriction.level is RestrictionLevel.NO_NIGHT_TRAVEL
        ]
        if closed and after.drive and _touches_night(before, after, limits):
            yield broken(
                "r17-night-driving",
                stations=(before.station, after.station),
                first=before.station,
                second=after.station,
                place=min(closed),
            )


def rested(team: TeamFacts, plan: PlanFacts, limits: Limits) -> Iterator[Broken]:
    """R19: between two days of work; the night after election day belongs to the count."""
    days = sorted(_by_day(team).items())
    for (day, visits), (next_day, next_visits) in pairwise(days):
        rest = next_visits[0].arrives_at - visits[-1].leaves_at
        if day != plan.e_day and rest < limits.stay.rest:
            yield broken(
                "r19-short-rest", day=day, other_day=next_day, hours=rest // _HOUR, limit=limits.stay.rest // _HOUR
            )


def _by_day(team: TeamFacts) -> dict[dt.date, list[VisitFacts]]:
    days: dict[dt.date, list[VisitFacts]] = defaultdict(list)
    for visit in team.visits:
        days[visit.day].append(visit)
    return days


def _touches_night(before: VisitFacts, after: VisitFacts, limits: Limits) -> bool:
    """Whether the local clock says night anywhere between the departure and the arrival. Night passes midnight."""
    zone, rules = ZoneInfo(after.time_zone), limits.day
    begin, end = before.leaves_at.astimezone(zone), after.arrives_at.astimezone(zone)
    if begin.date() != end.date():
        return True
    return begin.time() < rules.night_until or end.time() > rules.night_from
