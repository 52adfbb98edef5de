"""Area allocation: every team gets one area, by a min-cost flow whose optimum is proven."""

from dataclasses import dataclass

import numpy as np

from stations.deployment.optimizer.engines import EngineError, Network, flow
from stations.deployment.optimizer.params import Params
from stations.deployment.optimizer.problem import NONE, Flags, Ints, Problem
from stations.deployment.optimizer.score import area_marginals, fair_shares, team_languages, team_missions
from stations.deployment.optimizer.solution import Reason


@dataclass(frozen=True, slots=True)
class AreaAnswer:
    """area [t] or NONE; optimum: the proven most points; taking_part: rows of the pairs that could be placed."""

    area: Ints
    optimum: int
    taking_part: Ints


@dataclass(frozen=True, slots=True)
class _Types:
    """Teams that are alike for this stage: one sample row each, how many, and the type of every team."""

    sample: Ints
    count: Ints
    of_team: Ints


def allocate_areas(problem: Problem, params: Params, pairs: Ints, *, exact_library: bool = True) -> AreaAnswer:
    """Place pairs [t,2] in areas so that the points are greatest.

    No team enters a zone that the mission of either member bars (R18); no area takes more teams than it has
    stations. Pairs that both live abroad stay out unless `abroad_pairs`. Always optimal.
    `exact_library=False` uses the fallback solver: the same optimum, perhaps another plan.
    """
    taking_part = _taking_part(problem, params, pairs)
    area = np.full(len(pairs), NONE)
    if not len(taking_part) or not len(problem.stations):
        return AreaAnswer(area=area, optimum=0, taking_part=taking_part)
    area[taking_part], optimum = _solve(problem, params, pairs[taking_part], exact_library)
    return AreaAnswer(area=area, optimum=optimum, taking_part=taking_part)


def barred_zones(problem: Problem, pairs: Ints) -> Flags:
    """Return [t,z]: zones barred by the mission of either member."""
    mission = problem.observers.mission[pairs]
    barred = problem.missions.barred
    return np.asarray(barred[mission[:, 0]] | barred[mission[:, 1]], np.bool_)


def why_unplaced(problem: Problem, answer: AreaAnswer, pairs: Ints) -> tuple[Ints, tuple[Reason, ...]]:
    """Return the teams without area and the reason of each."""
    rows = np.flatnonzero(answer.area == NONE)
    has_area = np.bincount(problem.areas.zone, minlength=len(problem.zones)) > 0
    nowhere = ~(~barred_zones(problem, pairs[rows]) & has_area).any(1)
    took_part = np.isin(rows, answer.taking_part)
    reasons = [
        Reason.LIVES_ABROAD if not part else Reason.BARRED_EVERYWHERE if blocked else Reason.NO_AREA
        for part, blocked in np.stack([took_part, nowhere], axis=1).tolist()
    ]
    return rows, tuple(reasons)


def _taking_part(problem: Problem, params: Params, pairs: Ints) -> Ints:
    if params.areas.abroad_pairs:
        return np.arange(len(pairs))
    return np.flatnonzero((problem.observers.residence[pairs] < 0).any(1))


def _solve(problem: Problem, params: Params, pairs: Ints, exact_library: bool) -> tuple[Ints, int]:
    types = _team_types(problem, pairs)
    builder = _Builder(problem, params, pairs, types)
    network = builder.network()
    amount, cost = flow(network, exact_library=exact_library)
    return builder.read_areas(network, amount), -cost


def _team_types(problem: Problem, pairs: Ints) -> _Types:
    """Group teams by mission, barred zones and which sets of zone languages they can speak to."""
    language = team_languages(problem, pairs)
    speaks = (language[:, None] & np.unique(problem.zones.language)[None, :]) != 0
    mission = team_missions(problem, pairs)
    bits = [np.packbits(speaks, axis=1), np.packbits(barred_zones(problem, pairs), axis=1)]
    key = np.concatenate([mission.astype(">i8")[:, None].view(np.uint8), *bits], axis=1)
    rows = np.ascontiguousarray(key).view(np.dtype((np.void, key.shape[1]))).ravel()
    _, sample, of_team, count = np.unique(rows, return_index=True, return_inverse=True, return_counts=True)
    return _Types(sample=sample, count=count, of_team=of_team.ravel())


class _Builder:
    """Lays out the nodes: types, (mission, zone) pairs in use, zones, areas, and the sink."""

    def __init__(self, problem: Problem, params: Params, pairs: Ints, types: _Types) -> None:
        self.problem, self.params, self.types = problem, params, types
        sample = pairs[types.sample]
        self.allowed = ~barred_zones(problem, sample)
        self.speaks = (team_languages(problem, sample)[:, None] & problem.zones.language[None, :]) != 0
        missions = team_missions(problem, pairs)
        self.groups = len(problem.missions) + 1
        self.team_group = missions % self.groups
        self.shares = fair_shares(problem, params, missions)
        self.kind, self.zone = np.nonzero(self.allowed)
        code = self.team_group[types.sample][self.kind] * len(problem.zones) + self.zone
        self.code, self.cell = np.unique(code, return_inverse=True)
        self.cell = self.cell.ravel()
        self.first_cell = len(types.sample)
        self.first_zone = self.first_cell + len(self.code)
        self.first_area = self.first_zone + len(problem.zones)
        self.sink = self.first_area + len(problem.areas)

    def network(self) -> Network:
        """Return the arcs; arcs of no capacity are left out."""
        parts = [*self._team_arcs(), *self._cell_arcs(), *self._area_arcs()]
        tail, head, capacity, cost = (
            np.concatenate([np.asarray(part[k], np.int64) for part in parts]) for k in range(4)
        )
        open_arcs = capacity > 0
        supply = np.zeros(self.sink + 1, np.int64)
        supply[: self.first_cell] = self.types.count
        supply[self.sink] = -self.types.count.sum()
        return Network(
            tail=tail[open_arcs],
            head=head[open_arcs],
            capacity=capacity[open_arcs],
            cost=cost[open_arcs],
            supply=supply,
        )

    def _team_arcs(self) -> list[tuple[Ints, Ints, Ints, Ints]]:
        """Types go to their cells, with points for the language, or stay out."""
        count, kinds = self.types.count, np.arange(self.first_cell)
        points = self.params.areas.language * self.speaks[self.kind, self.zone]
        nothing = np.zeros(len(kinds), np.int64)
        return [
            (self.kind, self.first_cell + self.cell, count[self.kind], -points),
            (kinds, np.full(len(kinds), self.sink), count, nothing),
        ]

    def _cell_arcs(self) -> list[tuple[Ints, Ints, Ints, Ints]]:
        """A mission's teams in a zone: free up to the fair share, then at a cost each."""
        group, zone = np.divmod(self.code, len(self.problem.zones))
        size = np.bincount(self.team_group, minlength=self.groups)[group]
        free = np.minimum(self.shares[group, zone], size)
        tail, head = self.first_cell + np.arange(len(self.code)), self.first_zone + zone
        dear = np.full(len(tail), self.params.areas.concentration)
        return [(tail, head, free, np.zeros(len(tail), np.int64)), (tail, head, size - free, dear)]

    def _area_arcs(self) -> list[tuple[Ints, Ints, Ints, Ints]]:
        """Zones feed their areas; an area's arcs to the sink carry falling points, equal ones merged."""
        start, value = area_marginals(self.problem, self.params)
        room = np.diff(start)
        area = np.repeat(np.arange(len(room)), room)
        first = np.zeros(len(value), np.bool_)
        first[start[:-1][room > 0]] = True
        points = value + self.params.areas.first_team * first
        new_arc = first | np.r_[True, points[1:] != points[:-1]] | np.r_[False, first[:-1]]
        heads = np.flatnonzero(new_arc)
        zones = self.first_zone + self.problem.areas.zone
        areas = self.first_area + np.arange(len(room))
        sink = np.full(len(heads), self.sink)
        return [
            (zones, areas, room, np.zeros(len(room), np.int64)),
            (self.first_area + area[heads], sink, np.diff(np.r_[heads, len(value)]), -points[heads]),
        ]

    def read_areas(self, network: Network, amount: Ints) -> Ints:
        """Return the area of every team: deal the teams of a zone out to the area places that its flow fills."""
        used = amount > 0
        tail, head, amount = network.tail[used], network.head[used], amount[used]
        to_cell = (tail < self.first_cell) & (head < self.first_zone)
        order = np.lexsort((head[to_cell], tail[to_cell]))
        kind, cell = tail[to_cell][order], head[to_cell][order] - self.first_cell
        quantity = amount[to_cell][order]
        team_zone = np.repeat(self.code[cell] % len(self.problem.zones), quantity)
        team = self._members(np.repeat(kind, quantity))
        into_area = (tail >= self.first_zone) & (tail < self.first_area)
        places = np.repeat(head[into_area] - self.first_area, amount[into_area])
        places = places[np.lexsort((places, self.problem.areas.zone[places]))]
        team = team[np.lexsort((team, team_zone))]
        if len(team) != len(places):
            raise EngineError(code="flow-failed")
        area = np.full(len(self.team_group), NONE)
        area[team] = places
        return area

    def _members(self, kind: Ints) -> Ints:
        """Return one team of each kind asked for (sorted), every team at most once."""
        by_kind = np.argsort(self.types.of_team, kind="stable")
        start = np.r_[0, np.cumsum(self.types.count)]
        rank = np.arange(len(kind)) - np.searchsorted(kind, kind)
        return np.asarray(by_kind[start[kind] + rank], np.int64)
