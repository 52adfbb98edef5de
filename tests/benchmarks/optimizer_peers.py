"""What somebody would do without an optimizer: row by row, the first or the best that fits."""

import numpy as np

from stations.deployment.optimizer.area_score import area_marginals, fair_shares
from stations.deployment.optimizer.crews import barred_zones, team_languages, team_missions
from stations.deployment.optimizer.nearness import neighbours
from stations.deployment.optimizer.pairs import Traits, may_pair, pair_value, traits_of
from stations.deployment.optimizer.params import Params
from stations.deployment.optimizer.problem import NONE, Ints, Problem
from stations.deployment.optimizer.solution import OverseasPlan


def first_fit_pairs(problem: Problem, params: Params) -> Ints:
    """Go down the list of each mission, then of all who are left, and take the first partner that fits."""
    return _pairs(problem, params, best=False)


def best_partner_pairs(problem: Problem, params: Params) -> Ints:
    """The same, but look through the list for the best partner of each."""
    return _pairs(problem, params, best=True)


def _pairs(problem: Problem, params: Params, *, best: bool) -> Ints:
    traits = traits_of(problem.observers, params)
    found: list[tuple[int, int]] = []
    pool: list[int] = []
    for mission in range(len(problem.missions)):
        pool += _pair_list(traits, params, np.flatnonzero(traits.mission == mission), found, best)
    _pair_list(traits, params, np.array(pool, np.int64), found, best)
    pairs = np.sort(np.array(found, np.int64).reshape(-1, 2), axis=1)
    return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]


def _pair_list(traits: Traits, params: Params, rows: Ints, found: list[tuple[int, int]], best: bool) -> list[int]:
    alone = []
    while len(rows):
        person, rows = int(rows[0]), rows[1:]
        fits = np.flatnonzero(may_pair(traits, np.full(len(rows), person), rows))
        if not len(fits):
            alone.append(person)
            continue
        points = pair_value(traits, params, np.full(len(fits), person), rows[fits])
        partner = int(fits[points.argmax()] if best else fits[0])
        found.append((person, int(rows[partner])))
        rows = np.delete(rows, partner)
    return alone


def best_area_rows(problem: Problem, params: Params, pairs: Ints, taking_part: Ints) -> Ints:
    """Give one team after the other the area that is worth most at that moment."""
    start, value = area_marginals(problem, params)
    room, zone = np.diff(start), problem.areas.zone
    language, barred = team_languages(problem, pairs), barred_zones(problem, pairs)
    mission = team_missions(problem, pairs)
    shares = fair_shares(problem, params, mission[taking_part])
    teams, held = np.zeros(len(room), np.int64), np.zeros_like(shares)
    area = np.full(len(pairs), NONE)
    weights = params.areas
    for team in taking_part.tolist():
        group = mission[team] % len(shares)
        worth = np.zeros(len(room), np.int64)
        open_areas = np.flatnonzero((teams < room) & ~barred[team, zone])
        if not len(open_areas):
            continue
        worth = value[start[open_areas] + teams[open_areas]] + weights.first_team * (teams[open_areas] == 0)
        worth = worth + weights.language * ((language[team] & problem.zones.language[zone[open_areas]]) != 0)
        worth = worth - weights.concentration * (held[group, zone[open_areas]] >= shares[group, zone[open_areas]])
        chosen = int(open_areas[worth.argmax()])
        area[team] = chosen
        teams[chosen] += 1
        held[group, zone[chosen]] += 1
    return area


def first_fit_abroad(problem: Problem, params: Params) -> OverseasPlan:
    """Go down the list of stations and send the best crew of those who live near and are still free."""
    people = problem.observers
    country = np.unique(problem.overseas.country)
    near, traits = neighbours(problem, params, country), traits_of(people, params)
    free = people.residence >= 0
    crews, stations = [], []
    for station, where in enumerate(problem.overseas.country.tolist()):
        national = (people.nationality == where).any(1)
        place = int(np.searchsorted(country, where))
        rows = np.flatnonzero(free & ~national)
        rows = rows[near[place, people.residence[rows]]]
        one, two = np.triu_indices(len(rows), 1)
        fits = may_pair(traits, rows[one], rows[two])
        crew = np.stack([rows[one][fits], rows[two][fits]], axis=1)
        if len(crew):
            points = traits.points[traits.kind[crew[:, 0]], traits.kind[crew[:, 1]]]
            points = points + params.overseas.resident * (people.residence[crew] == where).any(1)
            points = points + params.overseas.same_mission * (people.mission[crew[:, 0]] == people.mission[crew[:, 1]])
            chosen = crew[int(points.argmax())]
        else:
            alone = rows[problem.missions.solo_ok[people.mission[rows]]]
            if not len(alone):
                continue
            chosen = np.array([alone[0], NONE])
        free[chosen[chosen >= 0]] = False
        crews.append(chosen)
        stations.append(station)
    station_rows = np.array(stations, np.int64)
    return OverseasPlan(
        observer=np.array(crews, np.int64).reshape(-1, 2),
        country=problem.overseas.country[station_rows],
        station=station_rows,
    )
