"""Staffing abroad: residents near a country, never its nationals, packed by an integer programme."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from stations.deployment.optimizer.clock import Deadline
from stations.deployment.optimizer.engines import milp
from stations.deployment.optimizer.nearness import neighbours
from stations.deployment.optimizer.pairs import Traits, may_pair, quality_points, traits_of
from stations.deployment.optimizer.params import Params
from stations.deployment.optimizer.problem import NONE, Flags, Floats, Ints, Problem
from stations.deployment.optimizer.replan import keeping_order, standing
from stations.deployment.optimizer.score import score_overseas
from stations.deployment.optimizer.solution import OverseasPlan, Status

_MAX_COLUMNS_PER_COUNTRY = 4000


@dataclass(frozen=True, slots=True)
class OverseasAnswer:
    """The plan, a proven bound of its points, and how it ended."""

    plan: OverseasPlan
    bound: int
    status: Status


@dataclass(frozen=True, slots=True)
class _Columns:
    """Possible teams: first and second observer (NONE: alone), position of the country, points."""

    first: Ints
    second: Ints
    place: Ints
    points: Ints

    def take(self, rows: Ints) -> "_Columns":
        return _Columns(
            first=self.first[rows], second=self.second[rows], place=self.place[rows], points=self.points[rows]
        )


def staff_overseas(problem: Problem, params: Params, available: Flags, *, deadline: Deadline) -> OverseasAnswer:
    """Staff the stations abroad from the available observers [n] who live abroad.

    A team is a pair allowed by R02 and R12, or one observer where the mission allows it; each lives in the
    country or in one of its `near` nearest overseas countries and is not its national (R24). Previous teams that
    can stand do so. Most points within the deadline; equal for equal input.
    """
    kept = np.flatnonzero(standing(problem, params).abroad)
    before = problem.previous
    free = available.copy()
    free[before.observer[kept][before.observer[kept] >= 0]] = False
    country = np.unique(problem.overseas.country)
    open_stations = np.setdiff1d(np.arange(len(problem.overseas)), before.overseas[kept])
    place = np.searchsorted(country, problem.overseas.country)
    need = np.bincount(place[open_stations], minlength=len(country))
    staffed = np.bincount(place[before.overseas[kept]], minlength=len(country)) > 0
    columns, cut = _all_columns(problem, params, free, country, need)
    task = _Task(need=need, bonus=params.overseas.first_team * ~staffed, seconds=params.overseas.max_seconds)
    chosen, bound, status = _choose(task, columns, cut, len(problem.observers), deadline)
    plan = _plan(problem, country, columns.take(chosen), kept)
    standing_points = score_overseas(problem, params, _plan(problem, country, columns.take(chosen[:0]), kept)).objective
    return OverseasAnswer(plan=plan, bound=standing_points + bound, status=status)


@dataclass(frozen=True, slots=True)
class _Task:
    """Stations still open per country, points for its first team (0 where one stands), most seconds to search."""

    need: Ints
    bonus: Ints
    seconds: int


def _choose(task: _Task, columns: _Columns, cut: bool, people: int, deadline: Deadline) -> tuple[Ints, int, Status]:
    """Return the rows of the columns chosen, the bound of their points, and how it ended."""
    if not len(columns.points):
        return np.zeros(0, np.int64), 0, Status.EMPTY
    ceiling = _ceiling(task, columns)
    rows = _best_columns(columns, len(task.need)) if cut else np.arange(len(columns.points))
    chosen, bound, status = _pack(task, columns.take(rows), people, deadline)
    return rows[chosen], ceiling if cut else min(bound, ceiling), Status.FEASIBLE if cut else status


def _all_columns(
    problem: Problem, params: Params, available: Flags, country: Ints, need: Ints
) -> tuple[_Columns, bool]:
    people = problem.observers
    abroad = keeping_order(problem, np.flatnonzero(available & (people.residence >= 0)))
    near = neighbours(problem, params, country)
    traits = traits_of(people, params)
    parts = []
    for place in np.flatnonzero(need).tolist():
        where = int(country[place])
        national = (people.nationality[abroad] == where).any(1)
        rows = abroad[near[place, people.residence[abroad]] & ~national]
        parts += [_solo(problem, params, rows, place, where), _pairs(problem, params, traits, rows, place, where)]
    joined = _Columns(
        *(
            np.concatenate([np.zeros(0, np.int64), *(getattr(part, name) for part in parts)])
            for name in ("first", "second", "place", "points")
        )
    )
    most = int(np.bincount(joined.place).max()) if len(joined.place) else 0
    return joined, most > _MAX_COLUMNS_PER_COUNTRY


def _solo(problem: Problem, params: Params, rows: Ints, place: int, where: int) -> _Columns:
    people, weights = problem.observers, params.overseas
    alone = rows[problem.missions.solo_ok[people.mission[rows]]]
    points = weights.solo + weights.resident * (people.residence[alone] == where)
    return _Columns(alone, np.full(len(alone), NONE), np.full(len(alone), place), points.astype(np.int64))


def _pairs(problem: Problem, params: Params, traits: Traits, rows: Ints, place: int, where: int) -> _Columns:
    people, weights = problem.observers, params.overseas
    one, two = np.triu_indices(len(rows), 1)
    first, second = rows[one], rows[two]
    fits = may_pair(traits, first, second)
    first, second = first[fits], second[fits]
    resident = (people.residence[first] == where) | (people.residence[second] == where)
    points = weights.pair + weights.resident * resident
    points = points + quality_points(traits, first, second)
    points = points + weights.same_mission * (people.mission[first] == people.mission[second])
    return _Columns(first, second, np.full(len(first), place), points)


def _ceiling(task: _Task, columns: _Columns) -> int:
    """The best team for every station, as if people could be in many places."""
    best = np.zeros(len(task.need), np.int64)
    np.maximum.at(best, columns.place, columns.points)
    return int((best * task.need + task.bonus * (best > 0)).sum())


def _best_columns(columns: _Columns, places: int) -> Ints:
    order = np.lexsort((-columns.points, columns.place))
    kept = [rows[:_MAX_COLUMNS_PER_COUNTRY] for rows in _by_place(columns.place[order], order, places)]
    return np.sort(np.concatenate(kept))


def _by_place(place: Ints, order: Ints, places: int) -> list[Ints]:
    return np.split(order, np.searchsorted(place, np.arange(1, places)))


def _pack(task: _Task, columns: _Columns, people: int, deadline: Deadline) -> tuple[Ints, int, Status]:
    """Choose columns: each observer once, no more teams than stations, a bonus per staffed country."""
    gain, rows, upper = _programme(task, columns, people)
    answer = milp(gain, rows, upper, seconds=deadline.remaining(at_most=task.seconds))
    bound = int(np.floor(answer.bound + 1e-6))
    greedy = _pack_greedily(task, columns)
    count = len(columns.points)
    if answer.x is None or answer.value < _value(task, columns.take(greedy)):
        return greedy, bound, Status.DEADLINE
    chosen = np.flatnonzero(answer.x[:count] > 0.5)
    return chosen, bound, Status.OPTIMAL if answer.optimal else Status.DEADLINE


def _programme(task: _Task, columns: _Columns, people: int) -> tuple[Floats, csr_array, Floats]:
    """Variables: the columns, then one per country that says it is staffed."""
    count, places = len(columns.points), len(task.need)
    column, country = np.arange(count), np.arange(places)
    two = columns.second >= 0
    row = [columns.first, columns.second[two], people + columns.place, people + places + columns.place]
    entry = [column, column[two], column, column]
    value = [np.ones(count), np.ones(int(two.sum())), np.ones(count), -np.ones(count)]
    row, entry, value = (
        [*row, people + places + country],
        [*entry, count + country],
        [*value, np.ones(places)],
    )
    shape = (people + 2 * places, count + places)
    matrix = csr_array((np.concatenate(value), (np.concatenate(row), np.concatenate(entry))), shape=shape)
    used = np.flatnonzero(np.diff(matrix.indptr))
    upper = np.r_[np.ones(people), task.need, np.zeros(places)]
    gain = np.r_[columns.points, task.bonus].astype(np.float64)
    return gain, matrix[used], upper[used]


def _pack_greedily(task: _Task, columns: _Columns) -> Ints:
    """First a team for every country without one, then the further stations, best points first."""
    busy: set[int] = set()
    left, waiting = task.need.copy(), task.bonus > 0
    chosen: list[int] = []
    order = np.argsort(-columns.points, kind="stable").tolist()
    for further in (False, True):
        for column in order:
            place = int(columns.place[column])
            crew = {int(columns.first[column]), int(columns.second[column])} - {NONE}
            if left[place] == 0 or not (waiting[place] or further) or crew & busy:
                continue
            busy |= crew
            left[place] -= 1
            waiting[place] = False
            chosen.append(column)
    return np.array(sorted(chosen), np.int64)


def _value(task: _Task, columns: _Columns) -> int:
    return int(columns.points.sum()) + int(task.bonus[np.unique(columns.place)].sum())


def _plan(problem: Problem, country: Ints, columns: _Columns, kept: Ints) -> OverseasPlan:
    """Sort the teams by country: those that stand at their stations, then the others, each at the next one open."""
    before = problem.previous
    open_stations = np.setdiff1d(np.arange(len(problem.overseas)), before.overseas[kept])
    by_country = open_stations[np.argsort(problem.overseas.country[open_stations], kind="stable")]
    order = np.lexsort((_low(columns.first, columns.second), columns.place))
    new = columns.take(order)
    rank = np.arange(len(new.place)) - np.searchsorted(new.place, new.place)
    start = np.searchsorted(problem.overseas.country[by_country], country)
    station = np.r_[before.overseas[kept], by_country[start[new.place] + rank]]
    crew = np.sort(np.concatenate([before.observer[kept], np.stack([new.first, new.second], axis=1)]), axis=1)
    crew = np.where(crew[:, :1] == NONE, crew[:, ::-1], crew)
    where = problem.overseas.country[station]
    order = np.lexsort((station, where))
    return OverseasPlan(observer=crew[order], country=where[order], station=station[order])


def _low(first: Ints, second: Ints) -> Ints:
    return np.where(second >= 0, np.minimum(first, second), first)
