"""Small problems and previous plans that tests add up by hand."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from stations.deployment.optimizer.problem import NONE, Observers, Previous, Problem
from stations.deployment.optimizer.solution import Solution
from tests.benchmarks.optimizer_instance import TINY, make_instance


def plain() -> Problem:
    """Twelve people of missions 0, 1, 2 in turn, all alike; three areas in zones 0, 0, 1."""
    problem = make_instance(TINY)
    people = replace(
        problem.observers,
        mission=np.arange(12) % 3,
        language=np.ones(12, np.int64),
        female=np.zeros(12, np.bool_),
        experienced=np.zeros(12, np.bool_),
        residence=np.full(12, -1),
    )
    return replace(problem, observers=people, areas=replace(problem.areas, zone=np.array([0, 0, 1])))


def previous(
    observer: Sequence[tuple[int, int]],
    *,
    area: Sequence[int] | None = None,
    overseas: Sequence[int] | None = None,
    pair_pinned: Sequence[int] = (),
    place_pinned: Sequence[int] = (),
    visits: Sequence[tuple[int, int]] = (),
    visit_pinned: Sequence[int] = (),
) -> Previous:
    """A previous plan: `pair_pinned`, `place_pinned` and `visit_pinned` name rows, `visits` are (team, station)."""
    teams, size = len(observer), len(visits)
    table = np.array(visits, np.int64).reshape(-1, 2)
    return Previous(
        observer=np.array(observer, np.int64).reshape(-1, 2),
        area=np.full(teams, NONE) if area is None else np.array(area, np.int64),
        overseas=np.full(teams, NONE) if overseas is None else np.array(overseas, np.int64),
        pair_pinned=np.isin(np.arange(teams), pair_pinned),
        place_pinned=np.isin(np.arange(teams), place_pinned),
        visit_team=table[:, 0].copy(),
        visit_station=table[:, 1].copy(),
        visit_pinned=np.isin(np.arange(size), visit_pinned),
        visit_position=np.arange(size),
    )


def previous_of(plan: Solution) -> Previous:
    """The previous plan that says what this one does, without pins."""
    home, away, visits = plan.teams, plan.overseas, plan.visits
    return replace(
        previous(
            [*map(tuple, home.observer.tolist()), *map(tuple, away.observer.tolist())],
            area=[*home.area.tolist(), *[NONE] * len(away.station)],
            overseas=[*[NONE] * len(home.area), *away.station.tolist()],
        ),
        visit_team=visits.team,
        visit_station=visits.station,
        visit_pinned=np.zeros(len(visits.team), np.bool_),
        visit_position=visits.position,
    )


def without_people(problem: Problem, gone: Sequence[int]) -> Problem:
    """The same problem after these observers have left it and the teams of its previous plan."""
    stays = ~np.isin(np.arange(len(problem.observers)), gone)
    row = np.append(np.where(stays, np.cumsum(stays) - 1, NONE), NONE)
    people = problem.observers
    left = Observers(
        mission=people.mission[stays],
        nationality=people.nationality[stays],
        language=people.language[stays],
        female=people.female[stays],
        experienced=people.experienced[stays],
        residence=people.residence[stays],
        group=people.group[stays],
    )
    before = problem.previous
    return replace(problem, observers=left, previous=replace(before, observer=row[before.observer]))


def without_stations(problem: Problem, closed: Sequence[int]) -> Problem:
    """The same problem after these stations at home were closed."""
    stays = ~np.isin(np.arange(len(problem.stations)), closed)
    row = np.append(np.where(stays, np.cumsum(stays) - 1, NONE), NONE)
    table, before = problem.stations, problem.previous
    left = replace(
        table,
        lon=table.lon[stays],
        lat=table.lat[stays],
        area=table.area[stays],
        weight=table.weight[stays],
        new_territory=table.new_territory[stays],
    )
    return replace(problem, stations=left, previous=replace(before, visit_station=row[before.visit_station]))
