"""What the routes tell the areas: where a day is too short for as many visits as a team was counted for."""

import numpy as np

from stations.deployment.optimizer.area_score import full_days
from stations.deployment.optimizer.params import Params
from stations.deployment.optimizer.problem import NONE, Flags, Ints, Problem
from stations.deployment.optimizer.routes import RouteAnswer
from stations.deployment.optimizer.solution import VisitPlan


def realised_stops(problem: Problem, params: Params, area: Ints, visits: VisitPlan) -> Ints:
    """Return how many visits [a] a team makes in each area, rounded up, where its teams made fewer than they could.

    Where they saw every station, or nobody was, it stays at what the rules allow.
    """
    stops = full_days(problem, params)
    teams = np.bincount(area[area >= 0], minlength=len(stops))
    made = np.bincount(problem.stations.area[visits.station], minlength=len(stops))
    stations = np.bincount(problem.stations.area, minlength=len(stops))
    short = made < np.minimum(stations, teams * stops)
    return np.where(short, np.maximum(1, -(-made // np.maximum(1, teams))), stops)


def touched(problem: Problem, before: Ints, after: Ints) -> Flags:
    """Return which areas [a] have other teams in `after` [t] than in `before` [t]."""
    changed: Flags = np.zeros(len(problem.areas) + 1, np.bool_)
    moved = before != after
    changed[before[moved]] = changed[after[moved]] = True
    return changed[:-1]


def merged(before: RouteAnswer, after: RouteAnswer, team_area: Ints, changed: Flags, station_area: Ints) -> RouteAnswer:
    """Return the routes of `after` for teams in the areas that changed, those of `before` for the others."""
    again = (team_area >= 0) & changed[team_area]
    kept, new = ~again[before.visits.team] & (team_area[before.visits.team] != NONE), again[after.visits.team]
    columns = {
        name: np.concatenate([getattr(before.visits, name)[kept], getattr(after.visits, name)[new]])
        for name in ("team", "station", "position", "arrive", "leave", "meal")
    }
    order = np.lexsort((columns["position"], columns["team"]))
    same = ~changed[station_area[before.unreachable]]
    return RouteAnswer(
        visits=VisitPlan(**{name: column[order] for name, column in columns.items()}),
        without_station=np.sort(
            np.concatenate([before.without_station[~again[before.without_station]], after.without_station])
        ),
        unreachable=np.sort(np.concatenate([before.unreachable[same], after.unreachable])),
        cut_short=before.cut_short or after.cut_short,
    )
