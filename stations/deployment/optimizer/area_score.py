"""Points of placing teams in areas: what a first, second, ... team of an area is worth, shares, and the score."""

from dataclasses import dataclass

import numpy as np

from stations.deployment.optimizer.crews import team_languages, team_missions
from stations.deployment.optimizer.params import Params
from stations.deployment.optimizer.problem import NONE, Flags, Ints, Problem
from stations.deployment.optimizer.replan import continued
from stations.deployment.optimizer.score import Score
from stations.deployment.optimizer.solution import Term


@dataclass(frozen=True, slots=True)
class Former:
    """Where the teams [t] were: area or NONE; points for staying there; whether a pin holds them."""

    area: Ints
    points: Ints
    held: Flags


def former_areas(problem: Problem, params: Params, pairs: Ints) -> Former:
    """Return the former area of pairs [t,2], with all the points of staying for those who stayed together."""
    before, row = problem.previous, continued(problem, pairs)
    known = row >= 0
    area = np.full(len(pairs), NONE)
    area[known] = before.area[row[known]]
    together = np.zeros(len(pairs), np.bool_)
    together[known] = (np.sort(before.observer[row[known]], axis=1) == np.sort(pairs[known], axis=1)).all(1)
    held = np.zeros(len(pairs), np.bool_)
    held[known] = before.held[row[known]] & (area[known] >= 0)
    keep = params.areas.keep
    points = np.where(together, keep, keep // 2) * (area >= 0)
    return Former(area=area, points=points.astype(np.int64), held=held)


def full_days(problem: Problem, params: Params) -> Ints:
    """Return how many stations [a] a team can visit in each area if time allows as many as the rules."""
    return np.full(len(problem.areas), params.routes.max_stops)


def area_marginals(problem: Problem, params: Params, stops: Ints | None = None) -> tuple[Ints, Ints]:
    """Return start [a+1] and value: value[start[i]:start[i+1]] are the points of the 1st, 2nd, ... team of area i.

    A team is worth `deploy` plus the best visits that the earlier ones left: each station once at its weight,
    again at its revisit share. Never rising. An area takes as many teams as it has stations. stops [a]: how many
    visits a team makes there, as many as the rules allow unless it is given.
    """
    stations, areas = problem.stations, len(problem.areas)
    a_day = full_days(problem, params) if stops is None else stops
    count = np.bincount(stations.area, minlength=areas)
    start = np.r_[0, np.cumsum(count)]
    shares = np.array(params.areas.revisit_permille, np.int64)
    visit_value = (stations.weight[:, None] * shares).ravel()
    visit_area = np.repeat(stations.area, len(shares))
    order = np.lexsort((-visit_value, visit_area))
    visit_value, visit_area = visit_value[order], visit_area[order]
    rank = np.arange(len(order)) - start[visit_area] * len(shares)
    team = rank // a_day[visit_area]
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


def score_areas(
    problem: Problem, params: Params, pairs: Ints, area: Ints, taking_part: Ints, *, stops: Ints | None = None
) -> Score:
    """Return the points of placing pairs [t,2] in area [t] (NONE: not placed).

    taking_part holds the rows of pairs that could be placed; they define the fair shares. `stops` as in
    `area_marginals`.
    """
    weights = params.areas
    start, value = area_marginals(problem, params, stops)
    room = np.diff(start)
    placed = np.flatnonzero(area >= 0)
    teams = np.bincount(area[placed], minlength=len(problem.areas))
    rank = np.arange(len(value)) - np.repeat(start[:-1], room)
    covered = int(value[rank < np.repeat(teams, room)].sum()) - weights.deploy * len(placed)
    zone = problem.areas.zone[area[placed]]
    speaks = int(((team_languages(problem, pairs[placed]) & problem.zones.language[zone]) != 0).sum())
    mission = team_missions(problem, pairs)
    shares = fair_shares(problem, params, mission[taking_part])
    excess = int(np.maximum(0, team_counts(shares, mission[placed], zone) - shares).sum())
    former = former_areas(problem, params, pairs)
    stays = (area >= 0) & (area == former.area)
    badly_placed = _badly_placed(params, place_values(start, value, teams), mission, area)
    terms = (
        Term(name="coverage", count=int(np.minimum(teams, room).sum()), points=covered),
        _counted("deployed", len(placed), weights.deploy),
        _counted("area_reached", int((teams > 0).sum()), weights.first_team),
        _counted("zone_language", speaks, weights.language),
        _counted("concentration", excess, -weights.concentration),
        Term(name="kept", count=int(stays.sum()), points=int(former.points[stays].sum())),
        Term(name="badly_placed_missions", count=badly_placed, points=0),
    )
    return Score(objective=sum(term.points for term in terms), terms=terms)


def place_values(start: Ints, value: Ints, teams: Ints) -> Ints:
    """Return what a place in each area [a] is worth to each of its `teams` [a]: they share the marginals."""
    total = np.r_[0, np.cumsum(value)]
    taken = np.minimum(teams, np.diff(start))
    return np.asarray((total[start[:-1] + taken] - total[start[:-1]]) // np.maximum(1, taken), np.int64)


def _badly_placed(params: Params, worth: Ints, mission: Ints, area: Ints) -> int:
    """Count the missions (pairs of two missions among them as one) whose teams have poorer places than is fair."""
    placed = np.flatnonzero(area >= 0)
    if not len(placed):
        return 0
    _, group = np.unique(mission[placed], return_inverse=True)
    had = np.zeros(int(group.max()) + 1, np.int64)
    np.add.at(had, group.ravel(), worth[area[placed]])
    fair = int(worth[area[placed]].sum()) * params.areas.fair_value_permille
    return int((had * len(placed) * 1000 < np.bincount(group.ravel()) * fair).sum())


def team_counts(shares: Ints, mission: Ints, zone: Ints) -> Ints:
    """Return how many teams of each mission are in each zone, in the form of `shares` [m+1,z]."""
    count = np.zeros_like(shares)
    np.add.at(count, (mission % len(shares), zone), 1)
    return count


def _counted(name: str, count: int, points: int) -> Term:
    return Term(name=name, count=count, points=count * points)
