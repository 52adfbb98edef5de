"""Area allocation: every team gets one area, by a min-cost flow whose optimum is proven."""

from dataclasses import dataclass, replace

import numpy as np

from stations.deployment.optimizer.area_network import AreaNetwork, Task, staying_in_zones
from stations.deployment.optimizer.area_score import (
    Former,
    fair_shares,
    former_areas,
    full_days,
    score_areas,
    team_counts,
)
from stations.deployment.optimizer.crews import barred_zones, team_missions, works_at_home
from stations.deployment.optimizer.engines import flow
from stations.deployment.optimizer.params import Params
from stations.deployment.optimizer.problem import NONE, Ints, Problem
from stations.deployment.optimizer.solution import Reason

_ROUNDS = 3
"""How often the share of those who stay is corrected; the second round nearly always confirms the first."""


@dataclass(frozen=True, slots=True)
class AreaAnswer:
    """area [t] or NONE; optimum: the proven most points; taking_part: rows of the pairs that could be placed."""

    area: Ints
    optimum: int
    taking_part: Ints


def allocate_areas(
    problem: Problem, params: Params, pairs: Ints, *, stops: Ints | None = None, exact_library: bool = True
) -> AreaAnswer:
    """Place pairs [t,2] in areas so that the points are greatest.

    No team enters a zone that is barred to a nationality of either member (R04); no area takes more teams than it has
    stations. Pairs that both live abroad stay out unless `abroad_pairs` or they had an area. Pinned teams are where the
    pin says. stops [a]: how many visits a team makes in each area, when fewer than the rules allow.
    Without a previous plan always optimal; with one, `optimum` is a bound that the points nearly always reach.
    `exact_library=False` uses the fallback solver: the same optimum, perhaps another plan.
    """
    former = former_areas(problem, params, pairs)
    taking_part = np.flatnonzero(works_at_home(problem, params, pairs) | (former.area >= 0))
    area = np.full(len(pairs), NONE)
    if not len(taking_part) or not len(problem.stations):
        return AreaAnswer(area=area, optimum=0, taking_part=taking_part)
    shares = fair_shares(problem, params, team_missions(problem, pairs[taking_part]))
    task = Task(
        pairs=pairs[taking_part],
        former=_allowed(problem, pairs[taking_part], _take(former, taking_part)),
        stops=full_days(problem, params) if stops is None else stops,
        tied=False,
        staying=np.zeros_like(shares),
    )
    placed, optimum = _solve(problem, params, task, exact_library)
    if (task.former.area >= 0).any():
        placed = _keep(problem, params, task, optimum, exact_library)
    area[taking_part] = placed
    return AreaAnswer(area=area, optimum=optimum, taking_part=taking_part)


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


def _keep(problem: Problem, params: Params, task: Task, optimum: int, exact_library: bool) -> Ints:
    """Place the teams, those who stay by arcs of their own; return the best of a few rounds.

    Their share of the zones has to be known beforehand: first as if all of them stayed, then as many as did.
    """
    every = np.arange(len(task.pairs))
    everybody = np.flatnonzero(task.former.area >= 0)
    mission = team_missions(problem, task.pairs[everybody])
    staying = team_counts(task.staying, mission, problem.areas.zone[task.former.area[everybody]])
    best, most = np.full(len(every), NONE), NONE
    for _ in range(_ROUNDS):
        area, _points = _solve(problem, params, replace(task, tied=True, staying=staying), exact_library)
        points = score_areas(problem, params, task.pairs, area, every, stops=task.stops).objective
        if points > most:
            best, most = area, points
        stayed = staying_in_zones(problem, task, staying, area)
        if most == optimum or (stayed == staying).all():
            break
        staying = stayed
    return best


def _solve(problem: Problem, params: Params, task: Task, exact_library: bool) -> tuple[Ints, int]:
    builder = AreaNetwork(problem, params, task)
    network = builder.network()
    amount, cost = flow(network, exact_library=exact_library)
    return builder.read_areas(network, amount), -cost


def _take(former: Former, rows: Ints) -> Former:
    return Former(area=former.area[rows], points=former.points[rows], held=former.held[rows])


def _allowed(problem: Problem, pairs: Ints, former: Former) -> Former:
    """Forget former areas that are barred now or have no station any more, and all where staying earns nothing."""
    known = former.area >= 0
    rows = np.flatnonzero(known)
    barred = barred_zones(problem, pairs[rows])[np.arange(len(rows)), problem.areas.zone[former.area[rows]]]
    room = np.bincount(problem.stations.area, minlength=len(problem.areas))
    known[rows] = ~barred & (room[former.area[rows]] > 0)
    known &= former.held | (former.points > 0)
    return Former(area=np.where(known, former.area, NONE), points=former.points * known, held=former.held & known)
