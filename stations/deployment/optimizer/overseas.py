"""Staffing abroad: residents near a country, never its nationals, packed by an integer programme."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from stations.deployment.optimizer.clock import Deadline
from stations.deployment.optimizer.engines import milp
from stations.deployment.optimizer.pairs import Traits, canonical_order, may_pair, traits_of
from stations.deployment.optimizer.params import Params
from stations.deployment.optimizer.problem import NONE, Flags, Floats, Ints, Problem
from stations.deployment.optimizer.solution import OverseasPlan, Status
from stations.deployment.optimizer.travel import straight_metres

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
    country or in one of its `near` nearest overseas countries and is not its national (R24). Most points
    within the deadline; equal for equal input.
    """
    country, need = np.unique(problem.overseas.country, return_counts=True)
    columns, cut = _all_columns(problem, params, available, country)
    if not len(columns.points):
        return OverseasAnswer(plan=_plan(problem, country, columns), bound=0, status=Status.EMPTY)
    ceiling = _ceiling(params, columns, need)
    if cut:
        columns = columns.take(_best_columns(columns, len(country)))
    chosen, bound, status = _pack(params, columns, need, len(problem.observers), deadline)
    if cut:
        bound, status = ceiling, Status.FEASIBLE
    return OverseasAnswer(plan=_plan(problem, country, columns.take(chosen)), bound=min(bound, ceiling), status=status)


def neighbours(problem: Problem, params: Params, country: Ints) -> Flags:
    """Return [k,c]: whether people who live in country c may serve in country[k]."""
    lon, lat = problem.countries.lon[country], problem.countries.lat[country]
    metres = straight_metres(lon[:, None], lat[:, None], lon[None, :], lat[None, :])
    np.fill_diagonal(metres, -1.0)
    nearest = np.argsort(metres, axis=1, kind="stable")[:, : params.overseas.near + 1]
    near = np.zeros((len(country), len(problem.countries)), np.bool_)
    near[np.arange(len(country))[:, None], country[nearest]] = True
    return near


def _all_columns(problem: Problem, params: Params, available: Flags, country: Ints) -> tuple[_Columns, bool]:
    people = problem.observers
    abroad = canonical_order(people, np.flatnonzero(available & (people.residence >= 0)))
    near = neighbours(problem, params, country)
    traits = traits_of(people, params)
    parts = []
    for place, where in enumerate(country.tolist()):
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
    points = points + traits.points[traits.kind[first], traits.kind[second]]
    points = points + weights.same_mission * (people.mission[first] == people.mission[second])
    return _Columns(first, second, np.full(len(first), place), points)


def _ceiling(params: Params, columns: _Columns, need: Ints) -> int:
    """The best team for every station, as if people could be in many places."""
    best = np.zeros(len(need), np.int64)
    np.maximum.at(best, columns.place, columns.points)
    return int((best * need + params.overseas.first_team * (best > 0)).sum())


def _best_columns(columns: _Columns, places: int) -> Ints:
    order = np.lexsort((-columns.points, columns.place))
    kept = [rows[:_MAX_COLUMNS_PER_COUNTRY] for rows in _by_place(columns.place[order], order, places)]
    return np.sort(np.concatenate(kept))


def _by_place(place: Ints, order: Ints, places: int) -> list[Ints]:
    return np.split(order, np.searchsorted(place, np.arange(1, places)))


def _pack(params: Params, columns: _Columns, need: Ints, people: int, deadline: Deadline) -> tuple[Ints, int, Status]:
    """Choose columns: each observer once, no more teams than stations, a bonus per staffed country."""
    seconds = deadline.remaining(at_most=params.overseas.max_seconds)
    gain, rows, upper = _programme(params, columns, need, people)
    answer = milp(gain, rows, upper, seconds=seconds)
    bound = int(np.floor(answer.bound + 1e-6))
    greedy = _pack_greedily(params, columns, need)
    count = len(columns.points)
    if answer.x is None or answer.value < _value(params, columns.take(greedy)):
        return greedy, bound, Status.DEADLINE
    chosen = np.flatnonzero(answer.x[:count] > 0.5)
    return chosen, bound, Status.OPTIMAL if answer.optimal else Status.DEADLINE


def _programme(params: Params, columns: _Columns, need: Ints, people: int) -> tuple[Floats, csr_array, Floats]:
    """Variables: the columns, then one per country that says it is staffed."""
    count, places = len(columns.points), len(need)
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
    upper = np.r_[np.ones(people), need, np.zeros(places)]
    gain = np.r_[columns.points, np.full(places, params.overseas.first_team)].astype(np.float64)
    return gain, matrix[used], upper[used]


def _pack_greedily(params: Params, columns: _Columns, need: Ints) -> Ints:
    """First a team for every country, then the further stations, best points first."""
    busy: set[int] = set()
    left = need.copy()
    chosen: list[int] = []
    order = np.argsort(-columns.points, kind="stable").tolist()
    for further in (False, True):
        for column in order:
            place = int(columns.place[column])
            crew = {int(columns.first[column]), int(columns.second[column])} - {NONE}
            if left[place] == 0 or (left[place] < need[place] and not further) or crew & busy:
                continue
            busy |= crew
            left[place] -= 1
            chosen.append(column)
    return np.array(sorted(chosen), np.int64)


def _value(params: Params, columns: _Columns) -> int:
    return int(columns.points.sum()) + params.overseas.first_team * len(np.unique(columns.place))


def _plan(problem: Problem, country: Ints, columns: _Columns) -> OverseasPlan:
    """Sort the teams by country and give each the next station there."""
    low = np.where(columns.second >= 0, np.minimum(columns.first, columns.second), columns.first)
    high = np.where(columns.second >= 0, np.maximum(columns.first, columns.second), NONE)
    order = np.lexsort((low, columns.place))
    place = columns.place[order]
    rank = np.arange(len(place)) - np.searchsorted(place, place)
    by_country = np.argsort(problem.overseas.country, kind="stable")
    start = np.searchsorted(problem.overseas.country[by_country], country)
    return OverseasPlan(
        observer=np.stack([low[order], high[order]], axis=1),
        country=country[place],
        station=by_country[start[place] + rank],
    )
