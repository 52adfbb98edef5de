"""What of the previous plan can stand, which team continues which, and what had to change."""

from dataclasses import dataclass

import numpy as np

from stations.deployment.optimizer.crews import barred_zones, works_at_home
from stations.deployment.optimizer.nearness import neighbours
from stations.deployment.optimizer.pairs import canonical_order, may_pair, traits_of
from stations.deployment.optimizer.params import Params
from stations.deployment.optimizer.problem import NONE, Flags, Ints, Problem
from stations.deployment.optimizer.solution import Change, OverseasPlan, Replan


@dataclass(frozen=True, slots=True)
class Standing:
    """Which previous teams [q] can stay as they are.

    abroad: everybody is there and may serve at that station; pair: the two are there, may work together and one of
    them lives at home (or they had an area, or a pin says so).
    """

    abroad: Flags
    pair: Flags


def standing(problem: Problem, params: Params) -> Standing:
    """Return what can stand of the previous plan; each team is judged alone, because no person is in two."""
    before = problem.previous
    first, second = before.observer[:, 0], before.observer[:, 1]
    both = (first >= 0) & (second >= 0)
    fits = both & may_pair(traits_of(problem.observers, params), first, second) if len(before) else both
    pair = fits & (before.overseas == NONE)
    rows = np.flatnonzero(pair)
    wanted = before.pair_pinned | before.held | (before.area >= 0)
    pair[rows] = works_at_home(problem, params, before.observer[rows]) | wanted[rows]
    return Standing(abroad=_stays_abroad(problem, params, fits), pair=pair)


def _stays_abroad(problem: Problem, params: Params, fits: Flags) -> Flags:
    """R24: near the country unless a pin says so, never its nationals; alone only where the mission allows it."""
    people, before = problem.observers, problem.previous
    stays: Flags = np.zeros(len(before), np.bool_)
    rows = np.flatnonzero((before.overseas >= 0) & (before.observer >= 0).any(1))
    if not len(rows):
        return stays
    crew = -np.sort(-before.observer[rows], axis=1)  # who is left alone comes first
    there = crew >= 0
    where = problem.overseas.country[before.overseas[rows]]
    country = np.unique(problem.overseas.country)
    near = neighbours(problem, params, country)
    residence = people.residence[crew]
    lives_near = near[np.searchsorted(country, where)[:, None], residence] & (residence >= 0)
    lives_near |= before.held[rows][:, None]
    national = (people.nationality[crew] == where[:, None, None]).any(2)
    alone = ~there[:, 1] & problem.missions.solo_ok[people.mission[crew[:, 0]]]
    stays[rows] = ((lives_near & ~national) | ~there).all(1) & (fits[rows] | alone)
    return stays


def origin_of(problem: Problem) -> Ints:
    """Return the previous team of every observer [n], or NONE."""
    before = problem.previous
    origin = np.full(len(problem.observers), NONE)
    row = np.repeat(np.arange(len(before)), 2)
    member = before.observer.ravel()
    origin[member[member >= 0]] = row[member >= 0]
    return origin


def former_places(problem: Problem) -> Ints:
    """Return a number [n] for the former place of every observer: equal for the same area, NONE for no place."""
    before, origin = problem.previous, origin_of(problem)
    if not len(before):
        return origin
    place = np.where(before.overseas >= 0, len(problem.areas) + before.overseas, before.area)
    return np.where(origin >= 0, place[origin], NONE)


def continued(problem: Problem, crew: Ints) -> Ints:
    """Return the previous team that each crew [t,2] continues, or NONE; no two continue the same.

    Whoever stayed with the partner continues their team. Where members come from two teams, the one with a place at
    home is continued; where a team was parted, one of its members continues it.
    """
    before = problem.previous
    if not len(before) or not len(crew):
        return np.full(len(crew), NONE)
    came = np.where(crew >= 0, origin_of(problem)[crew], NONE)
    together = (came[:, 0] == came[:, 1]) | (crew[:, 1] < 0)
    place = np.where(before.area >= 0, before.area, len(problem.areas))
    rank = np.where(came >= 0, place[came], len(problem.areas) + 1)
    better = np.where((rank[:, 1] < rank[:, 0])[:, None], came[:, ::-1], came)
    row = _once(np.where(together, came[:, 0], better[:, 0]), together)
    left = np.where((row == NONE) & ~np.isin(better[:, 1], row), better[:, 1], NONE)
    return np.where(row == NONE, _once(left, together), row)


def _once(row: Ints, first: Flags) -> Ints:
    """Keep each row once: for those marked first, else for the first in order."""
    order = np.lexsort((np.arange(len(row)), ~first))
    _, kept = np.unique(row[order], return_index=True)
    out = np.full(len(row), NONE)
    out[order[kept]] = row[order[kept]]
    return out


def freed(problem: Problem, stands: Standing) -> Flags:
    """Return whom [n] no pair at home holds that stands."""
    free: Flags = np.ones(len(problem.observers), np.bool_)
    free[problem.previous.observer[stands.pair].ravel()] = False
    return free


def keeping_order(problem: Problem, rows: Ints) -> Ints:
    """Return the rows sorted by all attributes and by former place, so that the input's order does not matter."""
    former = former_places(problem)
    ordered = rows[np.argsort(former[rows], kind="stable")]
    return canonical_order(problem.observers, ordered)


def replan_of(problem: Problem, params: Params, away: OverseasPlan, pairs: Ints, area: Ints) -> Replan:
    """Compare the new plan with the previous one."""
    before = problem.previous
    team, overseas = _apart(problem, continued(problem, pairs), continued(problem, away.observer))
    if not len(before):
        return Replan(team=team, overseas=overseas, changes=())
    stands = standing(problem, params)
    abroad, at_home = before.overseas >= 0, before.area >= 0
    stayed = _same_people(problem, away.observer, overseas)
    stayed[overseas[overseas >= 0]] &= (away.station == before.overseas[overseas])[overseas >= 0]
    together = _same_people(problem, pairs, team)
    moved = together.copy()
    moved[team[team >= 0]] &= (area != before.area[team])[team >= 0]
    closed = ~abroad & ~at_home & ~together
    placed = stands.pair & at_home
    return Replan(
        team=team,
        overseas=overseas,
        changes=(
            _change("overseas", abroad, abroad & ~stayed, abroad & ~stands.abroad),
            _change("teams", at_home | closed, closed | (at_home & ~together), closed | (at_home & ~stands.pair)),
            Change(
                stage="areas",
                teams=int(placed.sum()),
                changed=int((placed & moved).sum()),
                forced=int(placed.sum()) - _most_that_stay(problem, placed),
            ),
        ),
    )


def _apart(problem: Problem, team: Ints, overseas: Ints) -> tuple[Ints, Ints]:
    """Where members of one former team are now at home and abroad, it is continued on the side where it was."""
    both = np.intersect1d(team[team >= 0], overseas[overseas >= 0])
    was_abroad = problem.previous.overseas[both] >= 0
    return (
        np.where(np.isin(team, both[was_abroad]), NONE, team),
        np.where(np.isin(overseas, both[~was_abroad]), NONE, overseas),
    )


def _change(stage: str, teams: Flags, changed: Flags, forced: Flags) -> Change:
    return Change(stage=stage, teams=int(teams.sum()), changed=int(changed.sum()), forced=int(forced.sum()))


def _same_people(problem: Problem, crew: Ints, row: Ints) -> Flags:
    """Return which previous teams [q] are found among the crews [t,2] that continue row [t] with the same people."""
    same: Flags = np.zeros(len(problem.previous), np.bool_)
    known = row >= 0
    former = np.sort(problem.previous.observer[row[known]], axis=1)
    same[row[known]] = (np.sort(crew[known], axis=1) == former).all(1)
    return same


def _most_that_stay(problem: Problem, placed: Flags) -> int:
    """Count how many of these previous teams can stay in their areas at once: areas fill up, zones may be barred.

    Each wants one area only, so the greatest flow is the sum of what every area can take.
    """
    before = problem.previous
    rows = np.flatnonzero(placed)
    pairs, area = before.observer[rows], before.area[rows]
    barred = barred_zones(problem, pairs)[np.arange(len(rows)), problem.areas.zone[area]]
    wanted = np.bincount(area[~barred], minlength=len(problem.areas))
    room = np.bincount(problem.stations.area, minlength=len(problem.areas))
    return int(np.minimum(wanted, room).sum())
