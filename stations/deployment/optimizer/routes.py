"""Station choice and day plans, one area at a time."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

import numpy as np

from stations.deployment.optimizer.clock import Deadline
from stations.deployment.optimizer.helpers import Helpers, answers
from stations.deployment.optimizer.params import Params, RouteParams
from stations.deployment.optimizer.problem import NONE, Flags, Ints, Problem
from stations.deployment.optimizer.route_day import Day, day_of, drives_of
from stations.deployment.optimizer.route_ends import Groups, groups_of, spread_ends
from stations.deployment.optimizer.route_engines import FINE, available_engines, first_routes
from stations.deployment.optimizer.route_islands import send_to_islands
from stations.deployment.optimizer.route_pins import pinned_day
from stations.deployment.optimizer.route_pool import pooled_routes
from stations.deployment.optimizer.route_search import Routes, RouteTask, improve_routes, insert_only
from stations.deployment.optimizer.solution import VisitPlan
from stations.deployment.optimizer.travel import AreaTravel, area_travel, legs

Tick = Callable[[int, int], None]
"""Called with areas done and areas in all."""

_MOST_PLACES: Final = 400
"""The search of one area looks at so many stations, or at four times as many as its teams can visit."""


@dataclass(frozen=True, slots=True)
class RouteAnswer:
    """The visits; teams [i] that have an area but no station; stations [i] in their areas without a road.

    `cut_short`: the deadline ended the search.
    """

    visits: VisitPlan
    without_station: Ints
    unreachable: Ints
    cut_short: bool


@dataclass(frozen=True, slots=True)
class Before:
    """What the teams of an area had before: `routes` and `pinned` places of each, empty for a new team.

    `shortened`: the route lost a station, so the team has to be told anyway; the rest of it stays. `settled`: neither
    teams nor stations of the area changed, so the routes stay exactly.
    """

    routes: Routes
    pinned: Routes
    shortened: list[bool]
    settled: bool


@dataclass(frozen=True, slots=True)
class Area:
    """One area to plan: rows of its teams and stations (in canonical order), its travel, and what was before."""

    teams: Ints
    stations: Ints
    travel: AreaTravel
    unreachable: Ints
    before: Before | None = None


@dataclass(frozen=True, slots=True)
class Search:
    """How the areas are searched. `hurry`: the quick way alone."""

    params: RouteParams
    engine: str = field(default_factory=lambda: available_engines()[0])
    deadline: Deadline = field(default_factory=Deadline)
    hurry: bool = False


def plan_routes(
    problem: Problem,
    params: Params,
    area: Ints,
    *,
    continues: Ints | None = None,
    deadline: Deadline,
    helpers: Helpers | None = None,
    tick: Tick | None = None,
) -> RouteAnswer:
    """Give the teams of every area their stations in order; area [t] is the area of each team or NONE.

    continues [t] is the row of Previous that a team continues, NONE (or None for all) for a new one. Where the teams
    and the stations visited are as before, the routes stay exactly; in the other areas they are changed only for a
    gain. Expects pins that `check_pinned_days` passed, and pinned teams in the area of their pins.

    Every station is visited at most once; nobody makes more than `max_stops` visits, works longer than the window or
    drives longer than allowed. A team goes without only where an area has fewer stations than teams. After the
    deadline the remaining areas are filled by insertion alone. `helpers` take some of the areas; nothing else changes.
    """
    groups = groups_of(problem)
    areas = areas_of(problem, params, area, np.full(len(area), NONE) if continues is None else continues)
    pieces = [(one, groups.take(one.stations)) for one in areas]
    search = Search(params=params.routes, deadline=deadline)
    found = answers(partial(_planned, search), pieces, helpers, tick)
    visits = timetable_of(day_of(params.routes), areas, [routes for routes, _ in found])
    placed = np.flatnonzero(area >= 0)
    return RouteAnswer(
        visits=visits,
        without_station=np.setdiff1d(placed, visits.team),
        unreachable=np.sort(np.concatenate([np.zeros(0, np.int64), *(one.unreachable for one in areas)])),
        cut_short=any(hurry for _, hurry in found),
    )


def route_area(travel: AreaTravel, teams: int, search: Search, before: Before | None = None) -> Routes:
    """Return exactly `teams` routes of places: equal for equal input on every run, in canonical order.

    With `before` the order is that of the teams, and routes that need no change have none.
    """
    day = day_of(search.params)
    if len(travel.reward) == 1:
        return [[] for _ in range(teams)]
    # the search favours coverage over short ways by as much as the caller asked for
    biased = replace(travel, reward=travel.reward * search.params.coverage_permille // 1000)
    if before is not None:
        return _changed(biased, day, search, before)
    task = RouteTask(travel=biased, day=day, fixed=np.zeros(len(travel.reward), np.bool_))
    places = np.flatnonzero(travel.within_reach)[1:]
    if search.params.quality == "best" and not search.hurry:
        routes = pooled_routes(
            task,
            teams,
            lambda ordinary: _fresh(biased, day, teams, search, places, ordinary),
            search.deadline,
            resolutions=search.engine == "vroom",
        )
    else:
        routes = _fresh(biased, day, teams, search, places)
        routes = _searched(task, routes + [[] for _ in range(teams - len(routes))], search)
    return canonical_routes(travel, day, _share_out(task, routes))


def canonical_routes(travel: AreaTravel, day: Day, routes: Iterable[list[int]]) -> Routes:
    """Return the routes sorted, each begun at its smaller end if it may be turned round, empty ones last."""
    listed = list(routes)
    turned = [_turned(travel, day, route) for route in listed if route]
    return sorted(turned) + [[] for route in listed if not route]


def _turned(travel: AreaTravel, day: Day, route: list[int]) -> list[int]:
    back = route[::-1]
    return back if back < route and travel.symmetric and day.allows(travel, back) else route


def _fresh(travel: AreaTravel, day: Day, teams: int, search: Search, places: Ints, ordinary: int = FINE) -> Routes:
    """The routes of an engine, brought inside every limit. Libraries return equal routes in an order that varies."""
    if search.hurry:
        return []
    routes = first_routes(
        travel,
        day,
        teams,
        search.engine,
        places=places,
        deadline=search.deadline,
        ordinary=ordinary,
    )
    kept = [_trimmed(travel, day, route, pinned=()) for route in routes]
    kept = send_to_islands(RouteTask(travel, day, np.zeros(len(travel.reward), np.bool_)), kept, teams)
    return canonical_routes(travel, day, [route for route in kept if route])


def _trimmed(travel: AreaTravel, day: Day, route: list[int], pinned: Iterable[int]) -> list[int]:
    """The route without its least stops, until a team can make it in a day; pinned ones stay."""
    left = list(route)
    while not day.allows(travel, left):
        spare = [place for place in left if place not in pinned]
        if not spare:
            return pinned_day(travel, day, left) or []
        left.remove(min(spare, key=lambda place: (int(travel.reward[place]), place)))
    return left


def _changed(travel: AreaTravel, day: Day, search: Search, before: Before) -> Routes:
    """Routes of an area whose teams or stations changed: those of before where they will do, and the gaps filled."""
    routes = [_trimmed(travel, day, route, pinned) for route, pinned in zip(before.routes, before.pinned, strict=True)]
    if before.settled and routes == before.routes:
        return routes
    taken = {place for route in routes for place in route}
    places = np.array([p for p in np.flatnonzero(travel.within_reach)[1:].tolist() if p not in taken], np.int64)
    idle = [index for index, route in enumerate(routes) if not route]
    for index, route in zip(idle, _fresh(travel, day, len(idle), search, places), strict=False):
        routes[index] = route
    task = RouteTask(
        travel, day, kept_places(travel, before), published_routes(before, routes), search.params.fee_of_change
    )
    return _share_out(task, _searched(task, routes, search))


def kept_places(travel: AreaTravel, before: Before | None) -> Flags:
    """Return which places stay with the team that has them: pinned ones, and the rest of a route that lost a stop."""
    fixed = np.zeros(len(travel.reward), np.bool_)
    for route, pinned, shortened in zip(before.routes, before.pinned, before.shortened, strict=True) if before else ():
        fixed[route if shortened else pinned] = True
    return fixed


def published_routes(before: Before | None, routes: Routes) -> dict[int, list[int]]:
    """Return the routes that are as before, by the number of their team; changing them would have to be told."""
    rows = zip(before.routes, before.shortened, routes, strict=True) if before else ()
    return {index: new for index, (old, lost, new) in enumerate(rows) if old and not lost and new == old}


def _searched(task: RouteTask, routes: Routes, search: Search) -> Routes:
    if search.hurry:
        return insert_only(task, routes)
    return improve_routes(task, routes, deadline=search.deadline)


def _share_out(task: RouteTask, routes: Routes) -> Routes:
    """Cut routes in two while a team has none: a team that came must have something to do."""
    shared = [list(route) for route in routes]
    for idle in [index for index, route in enumerate(shared) if not route]:
        cuts = [
            (_cut_cost(task.travel, route[at - 1], route[at]), index, at)
            for index, route in enumerate(shared)
            for at in range(1, len(route))
            if not task.fixed[route[at:]].any()
            and task.day.allows(task.travel, route[:at])
            and task.day.allows(task.travel, route[at:])
        ]
        if not cuts:
            break
        _, index, at = min(cuts)
        shared[index], shared[idle] = shared[index][:at], shared[index][at:]
    return shared


def _cut_cost(travel: AreaTravel, last: int, following: int) -> int:
    metres = travel.metres
    return int(metres[last, 0] + metres[0, following] - metres[last, following])


def areas_of(
    problem: Problem, params: Params, area: Ints, continues: Ints, visits: VisitPlan | None = None
) -> list[Area]:
    """Return the areas that have teams; area [t] and continues [t] as in `plan_routes`.

    Stations of the plan of before, and those of `visits`, are in it whatever the size of the area.
    """
    stations = problem.stations
    visited = problem.previous.visit_station
    visited = visited if visits is None else np.r_[visited, visits.station]
    order = np.lexsort((stations.lat, stations.lon, -stations.weight, stations.area))
    start = np.searchsorted(stations.area[order], np.arange(len(problem.areas) + 1))
    placed = np.flatnonzero(area >= 0)
    placed = placed[np.argsort(area[placed], kind="stable")]
    found = []
    for teams in np.split(placed, np.flatnonzero(np.diff(area[placed])) + 1) if len(placed) else []:
        where = int(area[teams[0]])
        rows = _candidates(problem, params, where, order[start[where] : start[where + 1]], len(teams), visited)
        travel = area_travel(problem, params.routes, where, rows)
        found.append(
            Area(
                teams=teams,
                stations=rows,
                travel=travel,
                unreachable=rows[~travel.within_reach[1:]],
                before=_before(problem, where, rows, continues[teams]),
            )
        )
    return found


def _candidates(problem: Problem, params: Params, area: int, rows: Ints, teams: int, visited: Ints) -> Ints:
    """All stations of an area, or of a huge one those that are worth most for their way from the base."""
    most = max(_MOST_PLACES, 4 * teams * params.routes.max_stops)
    if len(rows) <= most:
        return rows
    there, _ = legs(problem, params.routes, np.array(area), np.array(NONE), rows)
    worth = problem.stations.weight[rows] * params.routes.weight_metres * params.routes.coverage_permille // 1000
    best = np.lexsort((there, there - worth, ~np.isin(rows, visited)))[:most]
    return rows[np.sort(best)]


def _before(problem: Problem, area: int, rows: Ints, continues: Ints) -> Before | None:
    """What the teams of an area had before, as places of that area; None where everything is new."""
    previous = problem.previous
    if (continues == NONE).all():
        return None
    place = {station: number for number, station in enumerate(rows.tolist(), start=1)}
    routes: Routes = []
    pinned: Routes = []
    shortened: list[bool] = []
    whole = set(np.flatnonzero(previous.area == area).tolist()) == set(continues.tolist())
    kept = np.isin(previous.visit_team, continues) & previous.visit_pinned
    taken = set(previous.visit_station[kept].tolist())
    for team in continues.tolist():
        visits = np.flatnonzero(previous.visit_team == team) if team != NONE else np.zeros(0, np.int64)
        visits = visits[np.argsort(previous.visit_position[visits], kind="stable")]
        held = previous.visit_pinned[visits].tolist()
        stations = previous.visit_station[visits].tolist()
        # what two teams visited is lost to the second, and to whoever has no pin on it
        stops = [
            place.get(station, NONE) if pin or station not in taken else NONE
            for station, pin in zip(stations, held, strict=True)
        ]
        taken.update(stations)
        whole = whole and bool(stops) and NONE not in stops
        routes.append([stop for stop in stops if stop != NONE])
        shortened.append(NONE in stops)
        pinned.append([stop for stop, pin in zip(stops, held, strict=True) if pin and stop != NONE])
    return Before(routes=routes, pinned=pinned, shortened=shortened, settled=whole)


def _planned(search: Search, piece: tuple[Area, Groups]) -> tuple[Routes, bool]:
    """The routes of one area, whose groups are numbered as its stations; and whether time ended before they did."""
    area, groups = piece
    hurry = search.deadline.passed()
    routes = route_area(area.travel, len(area.teams), replace(search, hurry=hurry), area.before)
    if search.params.spread:
        before = area.before.routes if area.before else [[] for _ in routes]
        settled = [bool(old) and route == old for route, old in zip(routes, before, strict=True)]
        routes = spread_ends(area.travel, day_of(search.params), routes, groups, settled)
    return routes, hurry or search.deadline.passed()


def timetable_of(day: Day, areas: list[Area], planned: list[Routes]) -> VisitPlan:
    """Lay the visits out by team and position, each as early as it can be."""
    rows: list[tuple[int, int, int, int, int]] = []
    for area, routes in zip(areas, planned, strict=True):
        for team, route in zip(area.teams.tolist(), routes, strict=True):
            times = day.timetable(drives_of(area.travel, route)) if route else None
            if times is not None:
                stations = area.stations[np.array(route) - 1].tolist()
                stops = zip(stations, times.arrive, times.meal, strict=True)
                rows += [(team, station, stop, *instants) for stop, (station, *instants) in enumerate(stops)]
    table = np.array(rows, np.int64).reshape(-1, 5)
    table = table[np.lexsort((table[:, 2], table[:, 0]))]
    team, station, position, arrive, meal = (column.copy() for column in table.T)
    return VisitPlan(
        team=team,
        station=station,
        position=position,
        arrive=arrive,
        leave=arrive + day.params.service,
        meal=meal,
    )
