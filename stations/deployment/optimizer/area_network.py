"""The min-cost flow of the areas: kinds of teams to (mission, zone) cells, to zones, to areas, to the sink."""

from dataclasses import dataclass

import numpy as np

from stations.deployment.optimizer.area_score import Former, area_marginals, fair_shares, place_values, team_counts
from stations.deployment.optimizer.crews import barred_zones, team_languages, team_missions
from stations.deployment.optimizer.engines import EngineError, Network
from stations.deployment.optimizer.params import Params
from stations.deployment.optimizer.problem import NONE, Flags, Ints, Problem

_Arcs = tuple[Ints, Ints, Ints, Ints]
"""Tail, head, capacity and cost of each arc."""


@dataclass(frozen=True, slots=True)
class Kinds:
    """Teams that are alike for this stage: one sample row each, how many, and the kind of every team."""

    sample: Ints
    count: Ints
    of_team: Ints


@dataclass(frozen=True, slots=True)
class Task:
    """What the network is laid out for.

    pairs [t,2] that take part; former: where they were (their areas are allowed); stops [a]: visits of a team.
    tied: teams that stay go by arcs of their own to their very area, and `staying` [m+1,z] of them are counted
    before the others against the share of their mission. Otherwise whoever fills the place of a former team earns its
    points: that can only gain, so the optimum is a bound.
    """

    pairs: Ints
    former: Former
    stops: Ints
    tied: bool
    staying: Ints


class AreaNetwork:
    """Lays out the nodes: kinds, (mission, zone) cells in use, zones, areas, and the sink."""

    def __init__(self, problem: Problem, params: Params, task: Task) -> None:
        self.problem, self.params, self.task = problem, params, task
        self.missions = team_missions(problem, task.pairs)
        self.team_area = task.former.area if task.tied else np.where(task.former.held, task.former.area, NONE)
        self.kinds = _kinds(problem, task.pairs, self.missions, self.team_area, task.former)
        sample = task.pairs[self.kinds.sample]
        self.own_area = self.team_area[self.kinds.sample]
        self.bonus = task.former.points[self.kinds.sample]
        self.held = task.former.held[self.kinds.sample]
        self.speaks = (team_languages(problem, sample)[:, None] & problem.zones.language[None, :]) != 0
        self.shares = fair_shares(problem, params, self.missions)
        self.kind, self.zone = np.nonzero(self._allowed(sample))
        code = (self.missions % len(self.shares))[self.kinds.sample][self.kind] * len(problem.zones) + self.zone
        self.code, self.cell = np.unique(code, return_inverse=True)
        self.cell = self.cell.ravel()
        self.first_cell = len(self.kinds.sample)
        self.first_zone = self.first_cell + len(self.code)
        self.first_area = self.first_zone + len(problem.zones)
        self.sink = self.first_area + len(problem.areas)

    def _allowed(self, sample: Ints) -> Flags:
        """Return [k,z]: the zones that a kind may enter by way of its cell; held ones only by their own arcs."""
        allowed = ~barred_zones(self.problem, sample)
        held = np.flatnonzero(self.held)
        allowed[held] = False
        if not self.task.tied:
            allowed[held, self.problem.areas.zone[self.own_area[held]]] = True
        return allowed

    def network(self) -> Network:
        """Return the arcs; arcs of no capacity are left out."""
        parts = [*self._team_arcs(), *self._cell_arcs(), *self._zone_arcs(), self._sink_arcs()]
        tail, head, capacity, cost = (
            np.concatenate([np.asarray(part[k], np.int64) for part in parts]) for k in range(4)
        )
        open_arcs = capacity > 0
        supply = np.zeros(self.sink + 1, np.int64)
        supply[: self.first_cell] = self.kinds.count
        supply[self.sink] = -self.kinds.count.sum()
        return Network(
            tail=tail[open_arcs],
            head=head[open_arcs],
            capacity=capacity[open_arcs],
            cost=cost[open_arcs],
            supply=supply,
        )

    def _team_arcs(self) -> list[_Arcs]:
        """Kinds go to their cells, with points for the language; or stay in their area; or stay out."""
        count, weights = self.kinds.count, self.params.areas
        free = np.flatnonzero(~self.held)
        arcs = [
            (
                self.kind,
                self.first_cell + self.cell,
                count[self.kind],
                -weights.language * self.speaks[self.kind, self.zone],
            ),
            (free, np.full(len(free), self.sink), count[free], np.zeros(len(free), np.int64)),
        ]
        if self.task.tied:
            own = np.flatnonzero(self.own_area >= 0)
            area = self.own_area[own]
            points = self.bonus[own] + weights.language * self.speaks[own, self.problem.areas.zone[area]]
            arcs.append((own, self.first_area + area, count[own], -points))
        return arcs

    def _cell_arcs(self) -> list[_Arcs]:
        """A mission's teams in a zone: free up to the fair share, then at a cost each."""
        group, zone = np.divmod(self.code, len(self.problem.zones))
        size = np.bincount(self.missions % len(self.shares), minlength=len(self.shares))[group]
        left = np.maximum(0, self.shares - self.task.staying)[group, zone]
        free = np.minimum(left, size)
        tail, head = self.first_cell + np.arange(len(self.code)), self.first_zone + zone
        dear = np.full(len(tail), self.params.areas.concentration)
        return [(tail, head, free, np.zeros(len(tail), np.int64)), (tail, head, size - free, dear)]

    def _zone_arcs(self) -> list[_Arcs]:
        """Zones feed their areas; untied, the places of former teams earn the points of staying."""
        room = np.bincount(self.problem.stations.area, minlength=len(self.problem.areas))
        arcs = []
        every = np.arange(len(room))
        if not self.task.tied:
            former = self.task.former
            for points in np.unique(former.points[former.points > 0])[::-1].tolist():
                rows = (former.points == points) & (former.area >= 0)
                places = np.minimum(room, np.bincount(former.area[rows], minlength=len(room)))
                arcs.append(self._feed(every, places, -points))
        return [*arcs, self._feed(every, room, 0)]

    def _feed(self, area: Ints, places: Ints, cost: int) -> _Arcs:
        return (
            self.first_zone + self.problem.areas.zone[area],
            self.first_area + area,
            places,
            np.full(len(area), cost),
        )

    def _sink_arcs(self) -> _Arcs:
        """Areas feed the sink for falling points, equal ones merged."""
        start, value = area_marginals(self.problem, self.params, self.task.stops)
        room = np.diff(start)
        area = np.repeat(np.arange(len(room)), room)
        first = np.zeros(len(value), np.bool_)
        first[start[:-1][room > 0]] = True
        points = value + self.params.areas.first_team * first
        new_arc = first | np.r_[True, points[1:] != points[:-1]] | np.r_[False, first[:-1]]
        heads = np.flatnonzero(new_arc)
        sink = np.full(len(heads), self.sink)
        return self.first_area + area[heads], sink, np.diff(np.r_[heads, len(value)]), -points[heads]

    def read_areas(self, network: Network, amount: Ints) -> Ints:
        """Return the area of every team: own areas first, then the places of each zone are dealt out."""
        used = amount > 0
        tail, head, amount = network.tail[used], network.head[used], amount[used]
        area = np.full(len(self.missions), NONE)
        from_kind = tail < self.first_cell
        order = np.lexsort((head, tail, ~from_kind))[: int(from_kind.sum())]
        kind, target = np.repeat(tail[order], amount[order]), np.repeat(head[order], amount[order])
        team = self._members(kind)
        own = (target >= self.first_area) & (target < self.sink)
        area[team[own]] = target[own] - self.first_area
        zoned = target < self.first_zone
        zone = self.code[target[zoned] - self.first_cell] % len(self.problem.zones)
        into_area = (tail >= self.first_zone) & (tail < self.first_area)
        places = np.repeat(head[into_area] - self.first_area, amount[into_area])
        self._deal(area, team[zoned], zone, np.sort(places))
        return area

    def _members(self, kind: Ints) -> Ints:
        """Return one team of each kind asked for (sorted), every team at most once."""
        by_kind = np.argsort(self.kinds.of_team, kind="stable")
        start = np.r_[0, np.cumsum(self.kinds.count)]
        rank = np.arange(len(kind)) - np.searchsorted(kind, kind)
        return np.asarray(by_kind[start[kind] + rank], np.int64)

    def _deal(self, area: Ints, team: Ints, zone: Ints, places: Ints) -> None:
        """Give the teams of each zone its places, so that every mission has its share of the good ones.

        All are worth the same to the plan as a whole. The missions take turns; the one whose teams have had the poorest
        places so far comes first, and the best place goes first.
        """
        start, value = area_marginals(self.problem, self.params, self.task.stops)
        taken = np.bincount(np.r_[places, area[area >= 0]], minlength=len(self.problem.areas))
        worth = place_values(start, value, taken)
        group = self.missions % len(self.shares)
        had, teams = np.zeros((2, len(self.shares)), np.int64)
        np.add.at(had, group[area >= 0], worth[area[area >= 0]])
        np.add.at(teams, group[area >= 0], 1)
        place_zone = self.problem.areas.zone[places]
        for where in np.unique(zone).tolist():
            here, open_places = np.sort(team[zone == where]), places[place_zone == where]
            if len(here) != len(open_places):
                raise EngineError(code="flow-failed")
            best_first = open_places[np.lexsort((open_places, -worth[open_places]))]
            by_group = here[np.argsort(group[here], kind="stable")]
            turn = np.arange(len(here)) - np.searchsorted(group[by_group], group[by_group])
            mean = (had // np.maximum(1, teams))[group[by_group]]
            area[by_group[np.lexsort((group[by_group], mean, turn))]] = best_first
            np.add.at(had, group[here], worth[area[here]])
            np.add.at(teams, group[here], 1)


def staying_in_zones(problem: Problem, task: Task, shares: Ints, area: Ints) -> Ints:
    """Return how many teams [m+1,z] of each mission are in their former area when teams are in area [t]."""
    stays = np.flatnonzero((area >= 0) & (area == task.former.area))
    return team_counts(shares, team_missions(problem, task.pairs[stays]), problem.areas.zone[area[stays]])


def _kinds(problem: Problem, pairs: Ints, missions: Ints, own_area: Ints, former: Former) -> Kinds:
    """Group teams by mission, barred zones, which zone languages they can speak to, and the area they are tied to."""
    language = team_languages(problem, pairs)
    speaks = (language[:, None] & np.unique(problem.zones.language)[None, :]) != 0
    tied = np.where(
        own_area >= 0, (own_area * 2 + former.held) * (int(former.points.max(initial=0)) + 1) + former.points, NONE
    )
    numbers = [column.astype(">i8")[:, None].view(np.uint8) for column in (missions, tied)]
    bits = [np.packbits(speaks, axis=1), np.packbits(barred_zones(problem, pairs), axis=1)]
    key = np.concatenate([*numbers, *bits], axis=1)
    rows = np.ascontiguousarray(key).view(np.dtype((np.void, key.shape[1]))).ravel()
    _, sample, of_team, count = np.unique(rows, return_index=True, return_inverse=True, return_counts=True)
    return Kinds(sample=sample, count=count, of_team=of_team.ravel())
