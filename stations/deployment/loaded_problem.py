"""A deployment as the optimizer's arrays, with an index that leads back to people and places. Values only."""

import hashlib
from dataclasses import dataclass

from stations.deployment.optimizer.params import Params, params_to_json
from stations.deployment.optimizer.problem import Ints, Problem
from stations.deployment.previous import TeamBefore
from stations.deployment.records import LeftOut
from stations.deployment.timetable import PollingDay


@dataclass(frozen=True, slots=True)
class OverseasPlace:
    """One row of OverseasStations: the station and its own polling day."""

    station_id: int
    country: str
    day: PollingDay


@dataclass(frozen=True, slots=True)
class ProblemIndex:
    """What the rows of the arrays stand for: keys of stations and constituencies, names of regions and countries.

    `region_of` is the region of each constituency; `languages` are the codes by bit, `strata` those of the targets.
    """

    stations: Ints
    constituencies: Ints
    regions: tuple[str, ...]
    region_of: Ints
    countries: tuple[str, ...]
    languages: tuple[str, ...]
    strata: tuple[str, ...]
    overseas: tuple[OverseasPlace, ...]
    home_day: PollingDay


@dataclass(frozen=True, slots=True)
class SubProblem:
    """One solve: its arrays and parameters, and what stands behind the rows of Observers, Missions and Previous."""

    problem: Problem
    params: Params
    observer_ids: Ints
    nomination_ids: Ints
    mission_ids: tuple[int, ...]
    before: tuple[TeamBefore, ...]

    def __len__(self) -> int:
        return len(self.observer_ids)


@dataclass(frozen=True, slots=True)
class LoadedProblem:
    """The deployment of one mission or pool.

    Long-term observers pair among themselves and are given regions (areas are regions, stations are constituencies);
    short-term ones pair among themselves and are given stations. `people` counts all whom the accreditation lets
    deploy, `left_out` names those of them and those stations that are in neither problem. Stations abroad are the
    task of the pool, and of a mission that has people who live there (`staffs_overseas`). `outdated_travel` are the
    constituencies whose measured ways lack a station by now, so that the great circle counts there.
    """

    long_term: SubProblem
    short_term: SubProblem
    index: ProblemIndex
    people: int
    staffs_overseas: bool
    left_out: tuple[LeftOut, ...]
    outdated_travel: tuple[int, ...] = ()

    def digest(self) -> str:
        """The SHA-256 of all arrays and parameters."""
        sha = hashlib.sha256()
        for part in (self.long_term, self.short_term):
            sha.update(params_to_json(part.params).encode())
            sha.update(part.problem.digest().encode())
        return sha.hexdigest()
