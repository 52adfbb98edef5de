"""The answer as frozen dataclasses of numpy arrays, its digest and its file form (.npz, no pickle)."""

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import numpy as np

from stations.deployment.optimizer.problem import NONE, Ints

MIXED: Final = -1
"""The mission of a team whose two members come from different missions of the pool."""


class Status(StrEnum):
    """How far a stage got."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    DEADLINE = "deadline"
    EMPTY = "empty"


class Reason(StrEnum):
    """Why an observer or a team has nothing to do."""

    NO_LANGUAGE = "no-working-language"
    NO_PARTNER = "no-partner"
    LIVES_ABROAD = "team-lives-abroad"
    BARRED_EVERYWHERE = "barred-everywhere"
    NO_AREA = "no-area-left"
    NO_STATION = "no-station-left"


@dataclass(frozen=True, slots=True)
class Term:
    """One part of an objective: how often it counted and its points in all (negative for a cost)."""

    name: str
    count: int
    points: int


@dataclass(frozen=True, slots=True)
class StageResult:
    """What a stage reached. `bound` is proven: no plan of this stage on the same input exceeds it."""

    stage: str
    status: Status
    objective: int
    bound: int
    seconds: float
    bound_seconds: float
    terms: tuple[Term, ...]

    @property
    def gap(self) -> float:
        """Return what is missing to the bound, as a share of the bound (0 when the bound is 0)."""
        return (self.bound - self.objective) / self.bound if self.bound > 0 else 0.0


@dataclass(frozen=True, slots=True)
class OverseasPlan:
    """k rows: observer [k,2] (second NONE when alone), country [k], station [k] row of OverseasStations."""

    observer: Ints
    country: Ints
    station: Ints


@dataclass(frozen=True, slots=True)
class TeamPlan:
    """t teams at home: observer [t,2], mission [t] or MIXED, area [t] or NONE when the team has no area."""

    observer: Ints
    mission: Ints
    area: Ints


@dataclass(frozen=True, slots=True)
class VisitPlan:
    """v visits ordered by team and position: team [v], station [v], position [v] from 0.

    arrive [v] and leave [v] are seconds after local midnight of the earliest timetable; meal [v] is when the team
    begins its meal on the way to this visit, NONE where it has none there.
    """

    team: Ints
    station: Ints
    position: Ints
    arrive: Ints
    leave: Ints
    meal: Ints


@dataclass(frozen=True, slots=True)
class Idle:
    """Rows without a task and why: index [i] with reason [i]."""

    index: Ints
    reason: tuple[Reason, ...]


class Limit(StrEnum):
    """What binds: of what there was too little."""

    ZONE_LANGUAGE = "zone-language"
    ZONE_SHARE = "zone-share"
    ZONE_BARRED = "zone-barred"
    AREA_EMPTY = "area-without-team"
    AREA_FULL = "area-full"
    COUNTRY_EMPTY = "country-without-team"
    PARTNER_NATIONALITY = "partner-nationality"
    PARTNER_LANGUAGE = "partner-language"
    PARTNER = "partner"
    TARGET = "stratum-target"
    NO_ROAD = "station-without-road"


@dataclass(frozen=True, slots=True)
class Binding:
    """One reason why the plan is not better, as indexes that the caller turns into words; NONE does not apply.

    `count` says how many are short:
    `zone-language` teams in `zone` that speak none of its languages (`language`, a bit set);
    `zone-share` teams of `mission` (MIXED: of pairs from two missions) in `zone` beyond its fair share;
    `zone-barred` teams with a national of `country` that would gain by going to `zone`, where none is sent;
    `area-without-team` teams missing in `area` (always 1) and `area-full` teams that would gain by going there;
    `country-without-team` stations abroad in `country` without a team;
    `partner-nationality`, `partner-language`, `partner` people of `mission` left without a partner: because all others
    left over share a nationality with them, because no language is common, because an odd one is always left;
    `station-without-road` stations of `area` that no road joins to its base;
    `stratum-target` visits missing in `stratum`.
    `points` is what one more of it would gain, where that is known (0 else).
    """

    limit: Limit
    count: int
    points: int = 0
    zone: int = NONE
    area: int = NONE
    mission: int = NONE
    country: int = NONE
    stratum: int = NONE
    language: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """What re-planning changed in a stage: of `teams` previous ones `changed` differ, and `forced` had to.

    `forced` is proven: no plan that keeps the rules leaves fewer of them as they were.
    """

    stage: str
    teams: int
    changed: int
    forced: int


@dataclass(frozen=True, slots=True)
class Replan:
    """How the plan continues the previous one.

    team [t] and overseas [k]: the row of Previous that a team continues (one or both members), or NONE for a new one.
    Each previous team counts as changed in one stage at most: abroad in `overseas`, a pair parted (or one whose place
    is gone) in `teams`, a pair that stayed together in `areas`. No changes for a fresh plan.
    """

    team: Ints
    overseas: Ints
    changes: tuple[Change, ...]

    @property
    def changed(self) -> int:
        """Return how many previous teams differ in people or place."""
        return sum(change.changed for change in self.changes)

    @property
    def forced(self) -> int:
        """Return how many of them no plan could have kept."""
        return sum(change.forced for change in self.changes)


@dataclass(frozen=True, slots=True)
class Solution:
    """The whole plan. Every observer is in exactly one of overseas, teams and idle_observers.

    `bindings` say what limited it, `replan` what became of the previous plan.
    """

    overseas: OverseasPlan
    teams: TeamPlan
    visits: VisitPlan
    idle_observers: Idle
    idle_teams: Idle
    stages: tuple[StageResult, ...]
    replan: Replan
    bindings: tuple[Binding, ...]

    def digest(self) -> str:
        """Return the SHA-256 of all arrays and reasons. Times and statuses do not count."""
        sha = hashlib.sha256()
        for name, array in sorted(self._arrays().items()):
            sha.update(f"{name}{array.shape}".encode())
            sha.update(np.ascontiguousarray(array, np.dtype("<i8")).tobytes())
        sha.update(",".join([*self.idle_observers.reason, "|", *self.idle_teams.reason]).encode())
        return sha.hexdigest()

    def save(self, path: Path) -> None:
        """Write the plan as one .npz that `load_solution` reads without pickle."""
        extra = {
            "stages": [asdict(stage) for stage in self.stages],
            "idle_observers": self.idle_observers.reason,
            "idle_teams": self.idle_teams.reason,
            "changes": [asdict(change) for change in self.replan.changes],
            "bindings": [asdict(binding) for binding in self.bindings],
        }
        text = np.frombuffer(json.dumps(extra).encode(), np.uint8)
        with path.open("wb") as file:
            np.savez(file, allow_pickle=False, text=text, **self._arrays())

    def _arrays(self) -> dict[str, Ints]:
        tables: dict[str, OverseasPlan | TeamPlan | VisitPlan] = {
            "overseas": self.overseas,
            "teams": self.teams,
            "visits": self.visits,
        }
        arrays: dict[str, Ints] = {
            f"{name}.{field.name}": getattr(table, field.name)
            for name, table in tables.items()
            for field in fields(table)
        }
        arrays["idle_observers.index"] = self.idle_observers.index
        arrays["idle_teams.index"] = self.idle_teams.index
        arrays["replan.team"] = self.replan.team
        arrays["replan.overseas"] = self.replan.overseas
        return arrays


def load_solution(path: Path) -> Solution:
    """Read what `Solution.save` wrote; for our own files only, any other raises what numpy raises."""
    with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
        arrays = {key: file[key] for key in file.files}
    text = json.loads(arrays.pop("text").tobytes().decode())

    def columns(name: str) -> dict[str, Any]:
        return {k.split(".")[1]: v for k, v in arrays.items() if k.startswith(f"{name}.")}

    def idle(name: str) -> Idle:
        return Idle(index=arrays[f"{name}.index"], reason=tuple(Reason(r) for r in text[name]))

    return Solution(
        overseas=OverseasPlan(**columns("overseas")),
        teams=TeamPlan(**columns("teams")),
        visits=VisitPlan(**columns("visits")),
        idle_observers=idle("idle_observers"),
        idle_teams=idle("idle_teams"),
        stages=tuple(_stage(row) for row in text["stages"]),
        replan=Replan(**columns("replan"), changes=tuple(Change(**row) for row in text["changes"])),
        bindings=tuple(Binding(**{**row, "limit": Limit(row["limit"])}) for row in text["bindings"]),
    )


def _stage(row: dict[str, Any]) -> StageResult:
    terms = tuple(Term(**term) for term in row["terms"])
    return StageResult(**{**row, "status": Status(row["status"]), "terms": terms})
