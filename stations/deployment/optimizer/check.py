"""Every hard rule of these stages, checked on a finished plan without trusting the solver."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from stations.deployment.optimizer.crews import barred_zones
from stations.deployment.optimizer.matrices import NO_ROAD
from stations.deployment.optimizer.nearness import neighbours
from stations.deployment.optimizer.pairs import same_nationality, traits_of
from stations.deployment.optimizer.params import Params
from stations.deployment.optimizer.problem import NONE, Flags, Ints, Problem
from stations.deployment.optimizer.solution import Solution
from stations.deployment.optimizer.travel import leg_seconds, legs


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken rule: its number, a stable code, and the rows concerned.

    index holds team rows, or observer, overseas or station rows as the code says: `observer-*` observers,
    `team-*` rows of TeamPlan, `overseas-*` rows of OverseasPlan, `station-*` stations, `area-*` areas,
    `visit-*` rows of VisitPlan.
    """

    rule: str
    code: str
    index: tuple[int, ...]


_Check = Callable[[Problem, Params, Solution], list[Violation]]


def violations(problem: Problem, params: Params, solution: Solution) -> list[Violation]:
    """Return every broken hard rule of a plan for this problem; an empty list means that it may be released.

    Expects a valid problem. Rows that point nowhere are reported alone, because nothing else can be judged.
    """
    broken = _indexes(problem, params, solution)
    if broken:
        return broken
    return [found for check in _CHECKS for found in check(problem, params, solution)]


def _report(rule: str, code: str, bad: Flags) -> list[Violation]:
    return [Violation(rule=rule, code=code, index=(row,)) for row in np.flatnonzero(bad).tolist()]


def _indexes(problem: Problem, params: Params, solution: Solution) -> list[Violation]:
    people, teams, visits = len(problem.observers), solution.teams, solution.visits
    away = solution.overseas
    outside = [
        ("team-observer-unknown", _outside(teams.observer, people).any(1)),
        ("team-area-unknown", _outside(teams.area + 1, len(problem.areas) + 1)),
        (
            "overseas-observer-unknown",
            _outside(away.observer[:, 0], people) | _outside(away.observer[:, 1] + 1, people + 1),
        ),
        ("overseas-station-unknown", _outside(away.station, len(problem.overseas))),
        ("visit-team-unknown", _outside(visits.team, len(teams.mission))),
        ("visit-station-unknown", _outside(visits.station, len(problem.stations))),
    ]
    return [found for code, bad in outside for found in _report("R01", code, np.asarray(bad, np.bool_))]


def _outside(index: Ints, size: int) -> Flags:
    return np.asarray((index < 0) | (index >= size), np.bool_)


def _people_once(problem: Problem, params: Params, solution: Solution) -> list[Violation]:
    """R08: nobody is in two teams, at home or abroad."""
    away = solution.overseas.observer
    used = np.concatenate([solution.teams.observer.ravel(), away[away >= 0]])
    return _report("R08", "observer-twice", np.bincount(used, minlength=len(problem.observers)) > 1)


def _pairs(problem: Problem, params: Params, solution: Solution) -> list[Violation]:
    """R02 and R12 for teams at home and pairs abroad."""
    traits = traits_of(problem.observers, params)
    found = []
    away = solution.overseas.observer
    for name, pairs in (("team", solution.teams.observer), ("overseas", away)):
        two = pairs[:, 1] >= 0
        first, second = pairs[:, 0], pairs[:, 1]
        found += _report("R02", f"{name}-same-nationality", two & same_nationality(traits, first, second))
        shared = (traits.working[first] & traits.working[second]) != 0
        found += _report("R12", f"{name}-no-shared-language", two & ~shared)
    return found


def _places_abroad(problem: Problem, params: Params, solution: Solution) -> list[Violation]:
    """R24: residents near the country, never its nationals; one team a station; alone only where allowed."""
    plan, people = solution.overseas, problem.observers
    there = plan.observer >= 0
    national = (people.nationality[plan.observer] == plan.country[:, None, None]).any(2) & there
    country = np.unique(problem.overseas.country)
    near = neighbours(problem, params, country)
    residence = people.residence[plan.observer]
    row = np.searchsorted(country, problem.overseas.country[plan.station])
    lives_near = near[row[:, None], residence] & (residence >= 0)
    lives_near |= _held_abroad(problem, solution)[:, None]
    solo_ok = problem.missions.solo_ok[people.mission[plan.observer[:, 0]]]
    alone = ~there[:, 1] & ~solo_ok
    times = np.bincount(plan.station, minlength=len(problem.overseas))
    listed = problem.overseas.country[plan.station]
    taken = np.asarray(times[plan.station] > 1, np.bool_)
    return [
        *_report("R24", "overseas-national", np.asarray(national.any(1), np.bool_)),
        *_report("R24", "overseas-not-resident-near", np.asarray((there & ~lives_near).any(1), np.bool_)),
        *_report("R01", "overseas-alone", np.asarray(alone, np.bool_)),
        *_report("R24", "overseas-station-twice", taken),
        *_report("R24", "overseas-country-mismatch", np.asarray(listed != plan.country, np.bool_)),
    ]


def _held_abroad(problem: Problem, solution: Solution) -> Flags:
    """Return which teams abroad [k] a pin holds where they are: then it is for whoever set it how they get there."""
    before, row = problem.previous, solution.replan.overseas
    held: Flags = np.zeros(len(row), np.bool_)
    known = np.flatnonzero(row >= 0)
    same = before.overseas[row[known]] == solution.overseas.station[known]
    held[known] = before.held[row[known]] & same
    return held


def _areas(problem: Problem, params: Params, solution: Solution) -> list[Violation]:
    """R04: no barred zone; R15: no more teams in an area than it has stations."""
    teams = solution.teams
    placed = teams.area >= 0
    barred = np.zeros(len(placed), np.bool_)
    zone = problem.areas.zone[teams.area[placed]]
    barred[placed] = barred_zones(problem, teams.observer[placed])[np.arange(len(zone)), zone]
    held = np.bincount(teams.area[placed], minlength=len(problem.areas))
    room = np.bincount(problem.stations.area, minlength=len(problem.areas))
    return [*_report("R04", "team-barred-zone", barred), *_report("R15", "area-overfull", held > room)]


def _stations(problem: Problem, params: Params, solution: Solution) -> list[Violation]:
    """R22: a station is visited once; R13: by a team of its area."""
    visits = solution.visits
    times = np.bincount(visits.station, minlength=len(problem.stations))
    outside = problem.stations.area[visits.station] != solution.teams.area[visits.team]
    return [*_report("R22", "station-twice", times > 1), *_report("R13", "visit-outside-area", outside)]


def _days(problem: Problem, params: Params, solution: Solution) -> list[Violation]:
    """R16: visits long enough, in order, with time to drive between them, inside the window, not too many."""
    visits, rules = solution.visits, params.routes
    count = np.bincount(visits.team, minlength=len(solution.teams.mission))
    following, rest = _between(solution), np.zeros(len(visits.team), np.int64)
    expected = np.where(following, np.roll(visits.position, 1) + 1, 0)
    rows = np.flatnonzero(following)
    rest[rows] = visits.arrive[rows] - visits.leave[rows - 1] - np.where(visits.meal[rows] != NONE, rules.meal, 0)
    late = rest < _driven(problem, params, solution)
    outside = (visits.arrive < rules.window_start) | (visits.leave > rules.window_end)
    return [
        *_report("R16", "team-too-many-visits", count > rules.max_stops),
        *_report("R16", "visit-order", visits.position != expected),
        *_report("R16", "visit-too-short", visits.leave - visits.arrive < rules.service),
        *_report("R16", "visit-no-time-to-drive", late),
        *_report("R16", "visit-outside-window", outside),
    ]


def _drives(problem: Problem, params: Params, solution: Solution) -> list[Violation]:
    """R17: there is a road, no leg and no day of driving is too long."""
    team, rules = solution.visits.team, params.routes
    driven = _driven(problem, params, solution)
    day = np.bincount(team, driven, len(solution.teams.mission))
    base = np.full(len(team), NONE)
    station, area = solution.visits.station, solution.teams.area[team]
    there, back = (legs(problem, rules, area, *ends)[1] for ends in ((base, station), (station, base)))
    no_road = (there >= NO_ROAD) | (back >= NO_ROAD)
    return [
        *_report("R17", "visit-without-road", no_road | (driven >= NO_ROAD)),
        *_report("R17", "visit-leg-too-long", (driven > rules.max_leg) & (rules.max_leg > 0)),
        *_report("R17", "team-drives-too-long", (day > rules.max_drive) & (rules.max_drive > 0)),
    ]


def _meals(problem: Problem, params: Params, solution: Solution) -> list[Violation]:
    """R16: a team with two visits or more has one meal, between two of them and at the hours for it."""
    visits, rules = solution.visits, params.routes
    following, taken = _between(solution), visits.meal != NONE
    leave = np.where(following, np.roll(visits.leave, 1), visits.arrive)
    begin, end = np.maximum(leave, rules.meal_earliest), np.minimum(visits.arrive, rules.meal_latest)
    wrong = taken & (~following | (visits.meal < begin) | (visits.meal + rules.meal > end))
    teams = len(solution.teams.mission)
    meals = np.bincount(visits.team, taken, teams)
    due = np.minimum(1, np.bincount(visits.team, following, teams)) if rules.meal else np.zeros(teams)
    return [*_report("R16", "visit-meal", wrong), *_report("R16", "team-meals", meals != due)]


def _between(solution: Solution) -> Flags:
    """Return which visits follow another of the same team."""
    team = solution.visits.team
    following = np.zeros(len(team), np.bool_)
    following[1:] = team[1:] == team[:-1]
    return following


def _driven(problem: Problem, params: Params, solution: Solution) -> Ints:
    """Return the seconds of driving from the visit before, 0 for the first of a team."""
    station, rows = solution.visits.station, np.flatnonzero(_between(solution))
    driven = np.zeros(len(station), np.int64)
    driven[rows] = leg_seconds(problem, params.routes, station[rows - 1], station[rows])
    return driven


_CHECKS: tuple[_Check, ...] = (_people_once, _pairs, _places_abroad, _areas, _stations, _days, _drives, _meals)
