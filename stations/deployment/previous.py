"""The version that a new plan stays close to: its teams as rows, and as arrays for the optimizer."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from stations.deployment.models import DeploymentPlan, Team, TeamMember, Visit
from stations.deployment.optimizer.problem import NONE, Ints, Previous
from stations.deployment.states import TeamKind


@dataclass(frozen=True, slots=True)
class StationBefore:
    """A station of a team's route."""

    station_id: int
    code: str
    is_pinned: bool


@dataclass(frozen=True, slots=True)
class TeamBefore:
    """A team of the earlier version: its people, where it was, its stations in order, and what is pinned."""

    key: UUID
    number: int
    kind: TeamKind
    observer_ids: tuple[int, ...]
    region: str
    constituency_id: int | None
    stations: tuple[StationBefore, ...]
    is_pair_pinned: bool
    is_place_pinned: bool

    @property
    def pinned_stations(self) -> frozenset[int]:
        """The keys of the stations that the team must visit."""
        return frozenset(station.station_id for station in self.stations if station.is_pinned)


def teams_of(plan: DeploymentPlan) -> list[TeamBefore]:
    """The teams of a stored plan by number. Five queries."""
    members: dict[int, list[int]] = {}
    for team_id, observer_id in TeamMember.objects.filter(plan=plan).order_by("pk").values_list("team", "observer"):
        members.setdefault(team_id, []).append(observer_id)
    stations = _stations(plan)
    regions = _regions(plan)
    return [
        TeamBefore(
            key=team.key,
            number=team.number,
            kind=TeamKind(team.kind),
            observer_ids=tuple(members.get(team.pk, ())),
            region=regions.get(team.area_id, ""),
            constituency_id=team.constituency_id,
            stations=tuple(stations.get(team.pk, {}).values()),
            is_pair_pinned=team.is_pair_pinned,
            is_place_pinned=team.is_place_pinned,
        )
        for team in Team.objects.filter(plan=plan).order_by("number")
    ]


def _stations(plan: DeploymentPlan) -> dict[int, dict[int, StationBefore]]:
    """The stations of each team in the order of its route; one that a team sees more than once stands once."""
    found: dict[int, dict[int, StationBefore]] = {}
    visits = Visit.objects.filter(visit_plan__team__plan=plan).order_by("visit_plan__day", "order")
    for team_id, key, code, is_pinned in visits.values_list(
        "visit_plan__team", "station", "station__code", "is_pinned"
    ):
        station = StationBefore(key, code, is_pinned)
        route = found.setdefault(team_id, {})
        if station.is_pinned or station.station_id not in route:
            route[station.station_id] = station
    return found


def _regions(plan: DeploymentPlan) -> dict[int | None, str]:
    """The region that each area is led from: the one that its name begins with, or else the largest."""
    counts: dict[int, dict[str, int]] = {}
    rows = plan.areas.order_by("constituencies__number").values_list("pk", "name", "constituencies__region")
    names: dict[int, str] = {}
    for pk, name, region in rows:
        names[pk] = name
        if region is not None:
            found = counts.setdefault(pk, {})
            found[region] = found.get(region, 0) + 1
    return {
        pk: max(found, key=lambda region: (names[pk].startswith(region), found[region])) for pk, found in counts.items()
    }


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of the optimizer's tables by the keys of ours."""

    observers: Mapping[int, int]
    areas: Mapping[int | None, int]
    stations: Mapping[int, int]
    overseas: Mapping[int, int]


def visits_at_home(teams: Sequence[TeamBefore]) -> Iterator[tuple[int, int, StationBefore]]:
    """The row of the team, the place in its route, and the station, in the order of the rows of visits."""
    for number, team in enumerate(teams):
        if team.kind is TeamKind.SHORT_TERM:
            for position, station in enumerate(team.stations):
                yield number, position, station


def previous_short_term(teams: Sequence[TeamBefore], rows: Rows) -> Previous:
    """Short-term teams at home with their visits, and those abroad. Who or what is gone has no row."""
    visits = [
        (number, rows.stations.get(station.station_id, NONE), station.is_pinned, position)
        for number, position, station in visits_at_home(teams)
    ]
    return Previous(
        observer=_pairs(teams, rows),
        area=_ints(_home(team, rows) for team in teams),
        overseas=_ints(_abroad(team, rows) for team in teams),
        pair_pinned=np.array([team.is_pair_pinned for team in teams], np.bool_),
        place_pinned=np.array([team.is_place_pinned for team in teams], np.bool_),
        visit_team=_ints(row[0] for row in visits),
        visit_station=_ints(row[1] for row in visits),
        visit_pinned=np.array([row[2] for row in visits], np.bool_),
        visit_position=_ints(row[3] for row in visits),
    )


def previous_long_term(teams: Sequence[TeamBefore], rows: Rows, regions: Mapping[str, int]) -> Previous:
    """Long-term teams with the regions that they look after; they have no visits."""
    nothing = Previous.none()
    return Previous(
        observer=_pairs(teams, rows),
        area=_ints(regions.get(team.region, NONE) for team in teams),
        overseas=np.full(len(teams), NONE, np.int64),
        pair_pinned=np.array([team.is_pair_pinned for team in teams], np.bool_),
        place_pinned=np.array([team.is_place_pinned for team in teams], np.bool_),
        visit_team=nothing.visit_team,
        visit_station=nothing.visit_station,
        visit_pinned=nothing.visit_pinned,
        visit_position=nothing.visit_position,
    )


def _pairs(teams: Sequence[TeamBefore], rows: Rows) -> Ints:
    pairs = np.full((len(teams), 2), NONE, np.int64)
    for number, team in enumerate(teams):
        for place, observer_id in enumerate(team.observer_ids[:2]):
            pairs[number, place] = rows.observers.get(observer_id, NONE)
    return pairs


def _home(team: TeamBefore, rows: Rows) -> int:
    return rows.areas.get(team.constituency_id, NONE) if team.kind is TeamKind.SHORT_TERM else NONE


def _abroad(team: TeamBefore, rows: Rows) -> int:
    if team.kind is not TeamKind.OVERSEAS or not team.stations:
        return NONE
    return rows.overseas.get(team.stations[0].station_id, NONE)


def _ints(values: Iterable[int]) -> Ints:
    return np.fromiter(values, np.int64)
