"""From the optimizer's arrays back to people, places and instants: the whole plan as values, ready to store."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from stations.deployment.bindings import bindings_of, travel_not_used
from stations.deployment.loaded_problem import LoadedProblem, SubProblem
from stations.deployment.optimizer.params import params_to_json
from stations.deployment.optimizer.problem import NONE, Ints
from stations.deployment.optimizer.solution import Idle, Reason, Solution
from stations.deployment.optimizer.travel import leg_seconds, straight_metres
from stations.deployment.overseas_gaps import reasons_of_gaps
from stations.deployment.previous import TeamBefore
from stations.deployment.records import (
    LONG_TERM,
    OBSERVER,
    OVERSEAS_STATION,
    SHORT_TERM,
    BindingRecord,
    LeftOut,
    StageSummary,
)
from stations.deployment.rules.limits import DayRules
from stations.deployment.states import LeftOutReason, TeamKind
from stations.deployment.timetable import PlannedVisit, Stop, visits_of_route, whole_day_at

_REASONS: Mapping[Reason, LeftOutReason] = {
    Reason.NO_LANGUAGE: LeftOutReason.NO_WORKING_LANGUAGE,
    Reason.NO_PARTNER: LeftOutReason.NO_PARTNER,
    Reason.LIVES_ABROAD: LeftOutReason.TEAM_LIVES_ABROAD,
    Reason.BARRED_EVERYWHERE: LeftOutReason.BARRED_EVERYWHERE,
    Reason.NO_AREA: LeftOutReason.NO_AREA_LEFT,
    Reason.NO_STATION: LeftOutReason.NO_STATION_LEFT,
}
#: The long-term solve is about regions: nobody goes abroad, and its routes mean nothing.
_LONG_TERM_STAGES = ("teams", "areas")
#: The parts of the routes' objective that do not count the driving: what stations are worth, and strata's shares.
_NAME_LENGTH = 100


@dataclass(frozen=True, slots=True)
class MemberDraft:
    """One observer's place in a team."""

    observer_id: int
    nomination_id: int
    is_leader: bool


@dataclass(frozen=True, slots=True)
class TeamDraft:
    """A team; `area` is its position among the plan's areas, None abroad, `constituency_id` only for short-term.

    `before` is the team of the earlier version that it continues.
    """

    kind: TeamKind
    members: tuple[MemberDraft, ...]
    before: TeamBefore | None = None
    area: int | None = None
    constituency_id: int | None = None
    country: str = ""
    visits: tuple[PlannedVisit, ...] = ()


@dataclass(frozen=True, slots=True)
class AreaDraft:
    """An area of responsibility: its name and its constituencies."""

    name: str
    constituency_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """A whole plan as values. `parameters` are what the solver was given, by term."""

    areas: tuple[AreaDraft, ...]
    teams: tuple[TeamDraft, ...]
    stages: tuple[StageSummary, ...]
    left_out: tuple[LeftOut, ...]
    bindings: tuple[BindingRecord, ...]
    parameters: Mapping[str, object]
    problem_digest: str
    solution_digest: str


def draft_of(
    loaded: LoadedProblem, long_term: Solution | None, short_term: Solution | None, rules: DayRules
) -> PlanDraft:
    """Return the plan that the two solutions describe; None is a solve that nobody took part in."""
    areas, area_of_region = _areas(loaded, _regions(long_term), _regions_of_constituencies(loaded, short_term))
    teams = [
        *_long_term_teams(loaded, long_term, area_of_region),
        *_short_term_teams(loaded, short_term, area_of_region, rules),
        *_overseas_teams(loaded, short_term, rules),
    ]
    left_out = [
        *loaded.left_out,
        *_idle(loaded.long_term, long_term, ignore=Reason.NO_STATION),
        *_idle(loaded.short_term, short_term),
        *_overseas_left_out(loaded, short_term),
    ]
    solutions = [solution for solution in (long_term, short_term) if solution is not None]
    return PlanDraft(
        areas=areas,
        teams=tuple(teams),
        stages=(*_stages(LONG_TERM, long_term, _LONG_TERM_STAGES), *_stages(SHORT_TERM, short_term)),
        left_out=_merged(left_out),
        bindings=(
            *travel_not_used(loaded),
            *bindings_of(LONG_TERM, loaded, long_term),
            *bindings_of(SHORT_TERM, loaded, short_term),
        ),
        parameters={
            term: json.loads(params_to_json(part.params))
            for term, part in ((LONG_TERM, loaded.long_term), (SHORT_TERM, loaded.short_term))
        },
        problem_digest=loaded.digest(),
        solution_digest=hashlib.sha256("".join(one.digest() for one in solutions).encode()).hexdigest(),
    )


def _merged(rows: Iterable[LeftOut]) -> tuple[LeftOut, ...]:
    """One row per kind and reason."""
    found: dict[tuple[str, LeftOutReason], tuple[int, ...]] = {}
    for row in rows:
        key = (row.what, row.reason)
        found[key] = (*found.get(key, ()), *row.ids)
    return tuple(LeftOut(what, reason, ids) for (what, reason), ids in found.items())


def _regions(solution: Solution | None) -> list[int]:
    """The regions that have a long-term team."""
    if solution is None:
        return []
    return sorted({region for region in solution.teams.area.tolist() if region != NONE})


def _regions_of_constituencies(loaded: LoadedProblem, solution: Solution | None) -> list[int]:
    """The regions that have a short-term team."""
    if solution is None:
        return []
    return sorted(set(loaded.index.region_of[solution.teams.area[_working(solution)]].tolist()))


def _working(solution: Solution) -> Ints:
    """The teams at home that have visits."""
    return np.unique(solution.visits.team)


def _areas(
    loaded: LoadedProblem, supervised: Sequence[int], visited: Sequence[int]
) -> tuple[tuple[AreaDraft, ...], dict[int, int]]:
    """One area per region with teams; a region without a long-term team joins the nearest that has one."""
    heads = {region: _nearest(loaded, region, supervised) for region in sorted({*supervised, *visited})}
    position = {head: number for number, head in enumerate(sorted(set(heads.values())))}
    names, region_of = loaded.index.regions, loaded.index.region_of
    areas = []
    for head in position:
        regions = [head, *(region for region in heads if heads[region] == head and region != head)]
        areas.append(
            AreaDraft(
                name=" + ".join(names[region] for region in regions)[:_NAME_LENGTH],
                constituency_ids=tuple(loaded.index.constituencies[np.isin(region_of, regions)].tolist()),
            )
        )
    return tuple(areas), {region: position[head] for region, head in heads.items()}


def _nearest(loaded: LoadedProblem, region: int, supervised: Sequence[int]) -> int:
    """The region itself if it has a long-term team or nobody has one, else the nearest that has."""
    if not supervised or region in supervised:
        return region
    lon, lat = loaded.long_term.problem.areas.lon, loaded.long_term.problem.areas.lat
    others = np.array(supervised)
    metres = straight_metres(lon[region], lat[region], lon[others], lat[others])
    return int(others[np.argmin(metres)])


def _long_term_teams(
    loaded: LoadedProblem, solution: Solution | None, area_of_region: Mapping[int, int]
) -> Iterator[TeamDraft]:
    """Long-term teams look after their region; on election day they have no route of their own."""
    if solution is None:
        return
    placed = np.flatnonzero(solution.teams.area != NONE)
    for team in placed[np.argsort(solution.teams.area[placed], kind="stable")].tolist():
        region = int(solution.teams.area[team])
        members = _members(loaded.long_term, solution.teams.observer[team])
        before = _before(loaded.long_term, solution.replan.team, team)
        yield TeamDraft(TeamKind.LONG_TERM, members, before, area=area_of_region[region])


def _short_term_teams(
    loaded: LoadedProblem, solution: Solution | None, area_of_region: Mapping[int, int], rules: DayRules
) -> Iterator[TeamDraft]:
    if solution is None:
        return
    index = loaded.index
    working, visits = _working(solution), solution.visits
    start = np.searchsorted(visits.team, working)
    stop = np.searchsorted(visits.team, working, side="right")
    for row in np.argsort(solution.teams.area[working], kind="stable").tolist():
        team = int(working[row])
        area = int(solution.teams.area[team])
        route = slice(int(start[row]), int(stop[row]))
        stops = _stops(loaded.short_term, index.stations, visits.station[route])
        yield TeamDraft(
            TeamKind.SHORT_TERM,
            _members(loaded.short_term, solution.teams.observer[team]),
            _before(loaded.short_term, solution.replan.team, team),
            area=area_of_region[int(index.region_of[area])],
            constituency_id=int(index.constituencies[area]),
            visits=tuple(visits_of_route(stops, index.home_day, rules)),
        )


def _stops(part: SubProblem, keys: Ints, route: Ints) -> list[Stop]:
    drives = leg_seconds(part.problem, part.params.routes, route[:-1], route[1:])
    return [Stop(key, drive) for key, drive in zip(keys[route].tolist(), [0, *drives.tolist()], strict=True)]


def _overseas_teams(loaded: LoadedProblem, solution: Solution | None, rules: DayRules) -> Iterator[TeamDraft]:
    """Teams abroad stay at their one station all day, by the clocks of the place."""
    if solution is None:
        return
    for row in np.argsort(solution.overseas.station, kind="stable").tolist():
        place = loaded.index.overseas[int(solution.overseas.station[row])]
        yield TeamDraft(
            TeamKind.OVERSEAS,
            _members(loaded.short_term, solution.overseas.observer[row]),
            _before(loaded.short_term, solution.replan.overseas, row),
            country=place.country,
            visits=tuple(whole_day_at(place.station_id, place.day, rules)),
        )


def _before(part: SubProblem, continued: Ints, row: int) -> TeamBefore | None:
    earlier = int(continued[row])
    return None if earlier == NONE else part.before[earlier]


def _members(part: SubProblem, rows: Ints) -> tuple[MemberDraft, ...]:
    """The members of a team, led by the experienced one, or by the first where that decides nothing."""
    present = rows[rows != NONE]
    leader = int(np.argmax(part.problem.observers.experienced[present]))
    return tuple(
        MemberDraft(int(part.observer_ids[row]), int(part.nomination_ids[row]), number == leader)
        for number, row in enumerate(present.tolist())
    )


def _idle(part: SubProblem, solution: Solution | None, *, ignore: Reason | None = None) -> Iterator[LeftOut]:
    """Observers without a task: those without a partner, and both members of teams that could not be placed."""
    if solution is None:
        return
    for idle, rows in ((solution.idle_observers, None), (solution.idle_teams, solution.teams.observer)):
        for reason in sorted(set(idle.reason) - {ignore}):
            index = _with_reason(idle, reason)
            people = index if rows is None else rows[index].ravel()
            yield LeftOut(OBSERVER, _REASONS[reason], tuple(part.observer_ids[people].tolist()))


def _with_reason(idle: Idle, reason: Reason) -> Ints:
    return idle.index[[one == reason for one in idle.reason]]


def _overseas_left_out(loaded: LoadedProblem, solution: Solution | None) -> list[LeftOut]:
    if not loaded.staffs_overseas:
        return []
    part = loaded.short_term
    staffed = solution.overseas.station if solution is not None else np.zeros(0, np.int64)
    empty = np.setdiff1d(np.arange(len(part.problem.overseas)), staffed)
    found: dict[LeftOutReason, list[int]] = {}
    for row, reason in zip(empty.tolist(), reasons_of_gaps(part.problem, part.params, empty), strict=True):
        found.setdefault(reason, []).append(loaded.index.overseas[row].station_id)
    return [LeftOut(OVERSEAS_STATION, reason, tuple(ids)) for reason, ids in found.items()]


def _stages(term: str, solution: Solution | None, kept: Sequence[str] = ()) -> Iterator[StageSummary]:
    if solution is None:
        return
    changes = {change.stage: change for change in solution.replan.changes}
    for stage in solution.stages:
        if kept and stage.stage not in kept:
            continue
        change = changes.get(stage.stage)
        yield StageSummary(
            term=term,
            stage=stage.stage,
            status=stage.status.value,
            objective=stage.objective,
            bound=stage.bound,
            gap=stage.gap,
            seconds=round(stage.seconds, 3),
            before=change.teams if change else 0,
            changed=change.changed if change else 0,
            forced=change.forced if change else 0,
        )
