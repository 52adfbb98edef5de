"""A tight proven bound for the day plans of one area: column generation over ng-routes. Needs numba.

A route may pass a place again only after it has left the neighbourhood of that place, so that the relaxation is close
to real routes and prices by labels. The Lagrangian bound of every round is proven, whatever the prices.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.optimize import linprog

from stations.deployment.optimizer.params import RouteParams
from stations.deployment.optimizer.problem import Floats, Ints
from stations.deployment.optimizer.route_search import Routes
from stations.deployment.optimizer.travel import AreaTravel

try:
    from numba import njit
except ImportError:  # not part of any installation: pip install numba
    njit = None

_NEIGHBOURS: Final = 8
_LABELS: Final = 600
_ROUNDS: Final = 200
_SMOOTH: Final = 0.6
_CLOSE: Final = 1e-4
_WORD: Final = 62


@dataclass(frozen=True, slots=True)
class _Priced:
    """The best value of any ng-route, the best route to each last place, and whether labels were lost."""

    best: float
    routes: Routes
    lost: bool


def available(travel: AreaTravel) -> bool:
    """Return whether the bound can be computed here: numba is installed and two words hold a set of the places."""
    return njit is not None and len(travel.reward) - 1 <= 2 * _WORD


def ng_bound(travel: AreaTravel, params: RouteParams, teams: int, seeds: Routes) -> float:
    """Return metres that no `teams` routes are worth more than; `seeds` are good routes to start from."""
    columns: dict[tuple[int, ...], float] = {}
    for route in seeds:
        if route:
            columns[tuple(route)] = _worth(travel, route)
    near = _neighbourhoods(travel)
    best, centre = float(travel.reward.sum()), None
    for _ in range(_ROUNDS):
        prices, value = _prices(travel, columns, teams)
        centre = prices if centre is None else centre
        fresh = 0
        for smooth in (_SMOOTH, 0.0):
            tried = smooth * centre + (1 - smooth) * prices
            priced = _price(travel, params, tried[1:], near)
            bound = float(tried[1:].sum()) + teams * max(0.0, priced.best)
            if not priced.lost and bound < best:
                best, centre = bound, tried
            fresh = _taken(travel, columns, priced, prices)
            if fresh:
                break
        if not fresh or best - value <= _CLOSE * best:
            break
    return best


def _taken(travel: AreaTravel, columns: dict[tuple[int, ...], float], priced: _Priced, prices: Floats) -> int:
    fresh = 0
    for route in priced.routes:
        gain = _worth(travel, route) - float(prices[route].sum()) - float(prices[0])
        if gain > 1e-6 and tuple(route) not in columns:
            columns[tuple(route)] = _worth(travel, route)
            fresh += 1
    return fresh


def _worth(travel: AreaTravel, route: list[int]) -> float:
    way = np.r_[0, route, 0]
    return float(travel.reward[way].sum() - travel.metres[way[:-1], way[1:]].sum())


def _prices(travel: AreaTravel, columns: dict[tuple[int, ...], float], teams: int) -> tuple[Floats, float]:
    """The duals of the master programme: entry 0 is a team's, the others those of the places; and its value."""
    many = len(travel.reward)
    rows = np.zeros((many, len(columns)))
    for number, route in enumerate(columns):
        np.add.at(rows[:, number], list(route), 1)
    rows[0] = 1
    values = np.array(list(columns.values()))
    upper = np.r_[float(teams), np.ones(many - 1)]
    answer: Any = linprog(-values, A_ub=rows, b_ub=upper, bounds=(0, None), method="highs")
    return np.asarray(-answer.ineqlin.marginals, np.float64), -float(answer.fun)


def _neighbourhoods(travel: AreaTravel) -> Ints:
    """Return [n,2] the set of places, as bits, that a route remembers having passed while it is at a place."""
    order = np.argsort(travel.metres[1:, 1:], axis=1, kind="stable")[:, :_NEIGHBOURS]
    bits = np.int64(1) << (order % _WORD)
    return np.stack([np.where(order // _WORD == word, bits, 0).sum(1) for word in (0, 1)], axis=1)


def _price(travel: AreaTravel, params: RouteParams, prices: Floats, near: Ints) -> _Priced:
    best, parent, end, lost = _label(
        travel.metres.astype(np.float64),
        travel.seconds + params.service,
        travel.reward[1:] - prices,
        near,
        params.horizon,
        params.service,
        params.max_stops,
        _LABELS,
    )
    routes = []
    for last in np.argsort(-best)[:40].tolist():
        size, label = int(end[last, 0]), int(end[last, 1])
        route: list[int] = []
        at = last
        while size >= 0:
            route.append(at + 1)
            up = int(parent[size, at, label])
            size, at, label = size - 1, up // _LABELS, up % _LABELS
        routes.append(route[::-1])
    return _Priced(best=float(best.max()), routes=routes, lost=bool(lost))


def _labels(metres, seconds, gain, near, horizon, service, stops, most):  # type: ignore[no-untyped-def]  # noqa: C901 - numba compiles loops
    """Extend labels (value, time, two words of places) stop by stop; drop those that another is as good as."""
    many = len(gain)
    bit = np.zeros((many, 2), np.int64)
    for i in range(many):
        bit[i, i // _WORD] = np.int64(1) << (i % _WORD)
    value = np.empty((stops, many, most))
    time = np.empty((stops, many, most), np.int64)
    passed = np.zeros((stops, many, most, 2), np.int64)
    parent = np.full((stops, many, most), -1, np.int64)
    count = np.zeros((stops, many), np.int64)
    best = np.full(many, -1e18)
    end = np.zeros((many, 2), np.int64)
    lost = 0
    longest = seconds[1:, 1:].max()
    for i in range(many):
        value[0, i, 0], time[0, i, 0], passed[0, i, 0] = gain[i] - metres[0, i + 1], service, bit[i]
        count[0, i] = 1
    for k in range(stops):
        # from here on a day of this length is long enough for whatever may follow
        free = horizon - (stops - 2 - k) * longest
        for i in range(many):
            for a in range(count[k, i]):
                home = value[k, i, a] - metres[i + 1, 0]
                if home > best[i]:
                    best[i], end[i, 0], end[i, 1] = home, k, a
                if k == stops - 1:
                    continue
                p0, p1 = passed[k, i, a, 0], passed[k, i, a, 1]
                for j in range(many):
                    late = time[k, i, a] + seconds[i + 1, j + 1]
                    if (p0 & bit[j, 0]) | (p1 & bit[j, 1]) or late > horizon:
                        continue
                    late = max(late, free)
                    v = value[k, i, a] - metres[i + 1, j + 1] + gain[j]
                    s0 = (p0 & near[j, 0]) | bit[j, 0]
                    s1 = (p1 & near[j, 1]) | bit[j, 1]
                    c, b, worse = count[k + 1, j], 0, False
                    while b < c:
                        w, t = value[k + 1, j, b], time[k + 1, j, b]
                        q0, q1 = passed[k + 1, j, b, 0], passed[k + 1, j, b, 1]
                        if w >= v and t <= late and (q0 & ~s0) == 0 and (q1 & ~s1) == 0:
                            worse = True
                            break
                        if v >= w and late <= t and (s0 & ~q0) == 0 and (s1 & ~q1) == 0:
                            c -= 1
                            value[k + 1, j, b] = value[k + 1, j, c]
                            time[k + 1, j, b] = time[k + 1, j, c]
                            passed[k + 1, j, b, 0] = passed[k + 1, j, c, 0]
                            passed[k + 1, j, b, 1] = passed[k + 1, j, c, 1]
                            parent[k + 1, j, b] = parent[k + 1, j, c]
                            continue
                        b += 1
                    if not worse and c < most:
                        value[k + 1, j, c], time[k + 1, j, c] = v, late
                        passed[k + 1, j, c, 0], passed[k + 1, j, c, 1] = s0, s1
                        parent[k + 1, j, c] = i * most + a
                        c += 1
                    elif not worse:
                        lost += 1
                    count[k + 1, j] = c
    return best, parent, end, lost


_label: Any = njit(cache=False)(_labels) if njit is not None else _labels
