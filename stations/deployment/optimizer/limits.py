"""What binds a plan: of what there was too little, counted on the finished plan."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from stations.deployment.optimizer.area_score import area_marginals, fair_shares, former_areas, team_counts
from stations.deployment.optimizer.crews import barred_zones, team_languages, team_missions
from stations.deployment.optimizer.pairs import same_nationality, traits_of
from stations.deployment.optimizer.params import Params
from stations.deployment.optimizer.problem import NONE, Flags, Ints, Problem
from stations.deployment.optimizer.solution import MIXED, Binding, Limit, OverseasPlan
from stations.deployment.optimizer.strata import planned_visits


@dataclass(frozen=True, slots=True)
class Placed:
    """The finished plan as far as limits are read from it.

    pairs [t,2] with area [t] or NONE; taking_part: rows of those that could be placed; stops [a] visits of a team;
    idle [i]: rows of Observers without a team; visited [v]: the stations visited; no_road [u]: those of the areas with
    teams that no road leads to.
    """

    overseas: OverseasPlan
    pairs: Ints
    area: Ints
    taking_part: Ints
    stops: Ints
    idle: Ints
    visited: Ints
    no_road: Ints


def limits_of(problem: Problem, params: Params, placed: Placed) -> tuple[Binding, ...]:
    """Return every reason of `Limit` that applies, in the order of the stages."""
    return (
        *_countries(problem, placed.overseas),
        *_partners(problem, params, placed.idle),
        *_languages(problem, params, placed),
        *_shares(problem, params, placed),
        *_areas(problem, params, placed),
        *_roads(problem, placed.no_road),
        *_targets(problem, placed.visited),
    )


def _roads(problem: Problem, no_road: Ints) -> Iterator[Binding]:
    cut_off = np.bincount(problem.stations.area[no_road], minlength=len(problem.areas))
    for area in np.flatnonzero(cut_off).tolist():
        yield Binding(limit=Limit.NO_ROAD, count=int(cut_off[area]), area=area)


def _countries(problem: Problem, plan: OverseasPlan) -> Iterator[Binding]:
    size = len(problem.countries)
    missing = np.bincount(problem.overseas.country, minlength=size) - np.bincount(plan.country, minlength=size)
    for country in np.flatnonzero(missing > 0).tolist():
        yield Binding(limit=Limit.COUNTRY_EMPTY, count=int(missing[country]), country=country)


def _partners(problem: Problem, params: Params, idle: Ints) -> Iterator[Binding]:
    """For each who is left: no common language with anybody, or with nobody of another nationality, or one is odd."""
    traits = traits_of(problem.observers, params).take(idle)
    columns = np.column_stack([traits.mission, traits.nationality, traits.working])
    _, sample, size = np.unique(columns, axis=0, return_index=True, return_counts=True)
    alike = traits.take(sample)
    every = np.arange(len(sample))
    found: Counter[tuple[Limit, int]] = Counter()
    for row, count in enumerate(size.tolist()):
        others = every if count > 1 else np.delete(every, row)
        speaks = (alike.working[others] & alike.working[row]) != 0
        akin = same_nationality(alike, np.full(len(others), row), others)
        if alike.working[row] == 0 or (len(others) and not speaks.any()):
            limit = Limit.PARTNER_LANGUAGE
        else:
            limit = Limit.PARTNER_NATIONALITY if len(others) and akin[speaks].all() else Limit.PARTNER
        found[limit, int(alike.mission[row])] += count
    for (limit, mission), count in sorted(found.items()):
        yield Binding(limit=limit, count=count, mission=mission)


def _languages(problem: Problem, params: Params, placed: Placed) -> Iterator[Binding]:
    """Teams in a zone that speak none of its languages; a zone without any is nobody's failing."""
    there = np.flatnonzero(placed.area >= 0)
    zone = problem.areas.zone[placed.area[there]]
    language = problem.zones.language[zone]
    silent = (language != 0) & ((team_languages(problem, placed.pairs[there]) & language) == 0)
    count = np.bincount(zone[silent], minlength=len(problem.zones))
    for where in np.flatnonzero(count).tolist():
        yield Binding(
            limit=Limit.ZONE_LANGUAGE,
            count=int(count[where]),
            points=params.areas.language,
            zone=where,
            language=int(problem.zones.language[where]),
        )


def _shares(problem: Problem, params: Params, placed: Placed) -> Iterator[Binding]:
    """Teams of a mission beyond its share of a zone; a mission that is planned alone shares with nobody."""
    if not params.areas.concentration or len(problem.missions) < 2:
        return
    mission = team_missions(problem, placed.pairs)
    there = np.flatnonzero(placed.area >= 0)
    shares = fair_shares(problem, params, mission[placed.taking_part])
    beyond = team_counts(shares, mission[there], problem.areas.zone[placed.area[there]]) - shares
    for group, zone in np.argwhere(beyond > 0).tolist():
        yield Binding(
            limit=Limit.ZONE_SHARE,
            count=int(beyond[group, zone]),
            points=params.areas.concentration,
            zone=zone,
            mission=group if group < len(problem.missions) else MIXED,
        )


def _areas(problem: Problem, params: Params, placed: Placed) -> Iterator[Binding]:
    """Areas without a team, nationalities that may not help there, and areas with more takers than stations."""
    start, value = area_marginals(problem, params, placed.stops)
    room = np.diff(start)
    teams = np.bincount(placed.area[placed.area >= 0], minlength=len(room))
    empty = (room > 0) & (teams == 0)
    for area in np.flatnonzero(empty).tolist():
        points = params.areas.first_team + int(value[start[area]])
        yield Binding(limit=Limit.AREA_EMPTY, count=1, points=points, area=area)
    yield from _barred(problem, placed, empty, teams)
    short = _turned_away(problem, params, placed, room, teams)
    for area in np.flatnonzero(short).tolist():
        yield Binding(limit=Limit.AREA_FULL, count=int(short[area]), area=area)


def _barred(problem: Problem, placed: Placed, empty: Flags, teams: Ints) -> Iterator[Binding]:
    """Teams that are not alone in their area and might go to an empty one, were they not barred from its zone."""
    spare = placed.pairs[(placed.area >= 0) & (teams[placed.area] > 1)]
    nationality = problem.observers.nationality[spare].reshape(len(spare), 4)
    for zone in np.unique(problem.areas.zone[empty]).tolist():
        for country in np.flatnonzero(problem.countries.barred[:, zone]).tolist():
            count = int((nationality == country).any(1).sum())
            if count:
                yield Binding(limit=Limit.ZONE_BARRED, count=count, zone=zone, country=country)


def _turned_away(problem: Problem, params: Params, placed: Placed, room: Ints, teams: Ints) -> Ints:
    """Return [a] how many teams a full area could not take: of those without area, and of those that were there."""
    short = np.zeros(len(room), np.int64)
    if not len(room):
        return short
    full = (room > 0) & (teams >= room)
    out = placed.taking_part[placed.area[placed.taking_part] == NONE]
    open_to = ~barred_zones(problem, placed.pairs[out])[:, problem.areas.zone] & full
    able = open_to.any(1)
    np.add.at(short, open_to.argmax(1)[able], 1)
    former = former_areas(problem, params, placed.pairs)
    left = np.flatnonzero((former.area >= 0) & (placed.area >= 0) & (placed.area != former.area))
    np.add.at(short, former.area[left], teams[former.area[left]] >= room[former.area[left]])
    return short


def _targets(problem: Problem, visited: Ints) -> Iterator[Binding]:
    goal = problem.targets
    missing = goal.wanted - planned_visits(problem, visited)
    for stratum in np.flatnonzero(missing > 0).tolist():
        points = int(goal.points[stratum])
        yield Binding(limit=Limit.TARGET, count=int(missing[stratum]), points=points, stratum=stratum)
