"""The one objective, in integers, with its parts: what every stage maximises and every page explains."""

from dataclasses import dataclass

import numpy as np

from stations.deployment.optimizer.crews import team_languages, team_missions
from stations.deployment.optimizer.pairs import traits_of
from stations.deployment.optimizer.params import Params
from stations.deployment.optimizer.problem import NONE, Ints, Problem
from stations.deployment.optimizer.route_ends import groups_of, surplus
from stations.deployment.optimizer.solution import OverseasPlan, Term, VisitPlan
from stations.deployment.optimizer.travel import legs


@dataclass(frozen=True, slots=True)
class Score:
    """An objective value and the terms that add up to it."""

    objective: int
    terms: tuple[Term, ...]


def _score(*terms: Term) -> Score:
    return Score(objective=sum(term.points for term in terms), terms=terms)


def _counted(name: str, count: int, points: int) -> Term:
    return Term(name=name, count=count, points=count * points)


def score_teams(problem: Problem, params: Params, pairs: Ints) -> Score:
    """Return the points of teams at home, pairs [t,2]."""
    weights = params.teams
    traits = traits_of(problem.observers, params)
    first, second = pairs[:, 0], pairs[:, 1]
    inside = int((traits.mission[first] == traits.mission[second]).sum())
    return _score(
        _counted("in_mission", inside, weights.in_mission),
        _counted("pooled", len(pairs) - inside, weights.pooled),
        *_quality(problem, params, first, second),
    )


def _quality(problem: Problem, params: Params, first: Ints, second: Ints) -> tuple[Term, ...]:
    people, weights = problem.observers, params.teams
    local = (people.language & params.languages.local) != 0
    return (
        _counted("local_language", int((local[first] | local[second]).sum()), weights.local_language),
        _counted(
            "experienced", int((people.experienced[first] | people.experienced[second]).sum()), weights.experienced
        ),
        _counted("mixed_gender", int((people.female[first] ^ people.female[second]).sum()), weights.mixed_gender),
    )


def score_overseas(problem: Problem, params: Params, plan: OverseasPlan) -> Score:
    """Return the points of staffing abroad."""
    weights, people = params.overseas, problem.observers
    two = plan.observer[:, 1] >= 0
    first, second = plan.observer[two, 0], plan.observer[two, 1]
    at_home = people.residence[plan.observer] == plan.country[:, None]
    residents = int((at_home & (plan.observer >= 0)).any(1).sum())
    same = int((people.mission[first] == people.mission[second]).sum())
    return _score(
        _counted("country_staffed", len(np.unique(plan.country)), weights.first_team),
        _counted("pair", len(first), weights.pair),
        _counted("solo", len(two) - len(first), weights.solo),
        _counted("resident", residents, weights.resident),
        _counted("same_mission", same, weights.same_mission),
        *_quality(problem, params, first, second),
    )


def area_marginals(problem: Problem, params: Params) -> tuple[Ints, Ints]:
    """Return start [a+1] and value: value[start[i]:start[i+1]] are the points of the 1st, 2nd, ... team of area i.

    A team is worth `deploy` plus the best visits that the earlier ones left: each station once at its weight,
    again at its revisit share. Never rising. An area takes as many teams as it has stations.
    """
    stations, areas = problem.stations, len(problem.areas)
    count = np.bincount(stations.area, minlength=areas)
    start = np.r_[0, np.cumsum(count)]
    shares = np.array(params.areas.revisit_permille, np.int64)
    visit_value = (stations.weight[:, None] * shares).ravel()
    visit_area = np.repeat(stations.area, len(shares))
    order = np.lexsort((-visit_value, visit_area))
    visit_value, visit_area = visit_value[order], visit_area[order]
    rank = np.arange(len(order)) - start[visit_area] * len(shares)
    team = rank // params.routes.max_stops
    kept = team < count[visit_area]
    slot = start[visit_area[kept]] + team[kept]
    value = np.zeros(len(stations), np.int64)
    np.add.at(value, slot, visit_value[kept])
    return start, params.areas.deploy + value // 1000


def fair_shares(problem: Problem, params: Params, missions: Ints) -> Ints:
    """Return [m+1,z]: how many of its teams a mission may have in a zone at no cost; the last row is MIXED.

    missions [t] is the mission of every team that takes part. The share is proportional to the zone's number
    of areas, times `fair_share_permille`, rounded up.
    """
    groups = len(problem.missions) + 1
    size = np.bincount(missions % groups, minlength=groups)
    zone_areas = np.bincount(problem.areas.zone, minlength=len(problem.zones))
    whole = max(1, len(problem.areas)) * 1000
    return np.asarray(-(-(size[:, None] * zone_areas * params.areas.fair_share_permille) // whole), np.int64)


def score_areas(problem: Problem, params: Params, pairs: Ints, area: Ints, taking_part: Ints) -> Score:
    """Return the points of placing pairs [t,2] in area [t] (NONE: not placed).

    taking_part holds the rows of pairs that could be placed; they define the fair shares.
    """
    weights = params.areas
    start, value = area_marginals(problem, params)
    placed = np.flatnonzero(area >= 0)
    teams = np.bincount(area[placed], minlength=len(problem.areas))
    rank = np.arange(len(value)) - np.repeat(start[:-1], np.diff(start))
    covered = int(value[rank < np.repeat(teams, np.diff(start))].sum()) - weights.deploy * len(placed)
    zone = problem.areas.zone[area[placed]]
    speaks = (team_languages(problem, pairs[placed]) & problem.zones.language[zone]) != 0
    mission = team_missions(problem, pairs)
    shares = fair_shares(problem, params, mission[taking_part])
    held = np.zeros_like(shares)
    np.add.at(held, (mission[placed] % len(shares), zone), 1)
    excess = int(np.maximum(0, held - shares).sum())
    return _score(
        Term(name="coverage", count=int(np.minimum(teams, np.diff(start)).sum()), points=covered),
        _counted("deployed", len(placed), weights.deploy),
        _counted("area_reached", int((teams > 0).sum()), weights.first_team),
        _counted("zone_language", int(speaks.sum()), weights.language),
        _counted("concentration", excess, -weights.concentration),
    )


def score_visits(problem: Problem, params: Params, area: Ints, visits: VisitPlan) -> Score:
    """Return the points of the visits, in metres: what the stations are worth, less the way driven.

    area [t] is the area of every team. A team drives from its area's base to its stations and back. Openings and
    closings that are more than the share of their place or stratum cost `spread` each.
    """
    stations = problem.stations
    first = np.r_[True, visits.team[1:] != visits.team[:-1]] if len(visits.team) else np.zeros(0, np.bool_)
    last = np.r_[first[1:], True] if len(first) else first
    base = area[visits.team]
    start = np.where(first, NONE, np.roll(visits.station, 1))
    there, _ = legs(problem, params.routes, base, start, visits.station)
    back, _ = legs(problem, params.routes, base[last], visits.station[last], np.full(int(last.sum()), NONE))
    metres = int(there.sum() + back.sum())
    worth = int(stations.weight[visits.station].sum()) * params.routes.weight_metres
    terms = [
        Term(name="visits", count=len(visits.station), points=worth),
        Term(name="metres", count=metres, points=-metres),
    ]
    if params.routes.spread:
        groups, teams = groups_of(problem), np.bincount(base[first], minlength=len(problem.areas))
        ends = sum(surplus(groups, visits.station[end], teams[base[end]]) for end in (first, last))
        terms.append(_counted("ends_together", ends, -params.routes.spread))
    return _score(*terms)
