"""What the JSON columns of plans and runs hold: stages of solves, their progress, who and what was left out."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

from stations.deployment.states import LeftOutReason

#: The two solves of a plan: they share nobody.
LONG_TERM, SHORT_TERM = "long_term", "short_term"
#: A limit of ours among those of the optimizer: measured ways that could not be used.
TRAVEL_OUTDATED: Final = "travel-outdated"
#: What may be left out of a plan.
OBSERVER, STATION, OVERSEAS_STATION = "observer", "station", "overseas_station"


@dataclass(frozen=True, slots=True)
class StageSummary:
    """What one stage reached: `bound` is proven, `gap` is the share missing to it; `term` says which solve it was.

    Of the `before` teams of the version that was re-planned `changed` differ after this stage, and `forced` is proven
    to be the least that could.
    """

    term: str
    stage: str
    status: str
    objective: int
    bound: int
    gap: float
    seconds: float
    before: int = 0
    changed: int = 0
    forced: int = 0


@dataclass(frozen=True, slots=True)
class StageProgress:
    """How far a running solve is with a stage: `done` of `of` parts."""

    term: str
    stage: str
    done: int
    of: int


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Observers or stations that are not in a plan for one reason: `what` they are, and their keys."""

    what: str
    reason: LeftOutReason
    ids: tuple[int, ...]

    @property
    def count(self) -> int:
        return len(self.ids)

    @property
    def sentence(self) -> str:
        """The reason in words."""
        return str(self.reason.label)


@dataclass(frozen=True, slots=True)
class BindingRecord:
    """One reason why a plan is not better, in keys of ours: `limit` is that of the optimizer, `count` how many short.

    `region` and `languages` are those of the place, `places` constituencies, `mission_id` is None for pairs from two
    missions. `stratum` is the code of a stratum. What does not apply is empty.
    """

    term: str
    limit: str
    count: int
    points: int = 0
    region: str = ""
    places: tuple[int, ...] = ()
    mission_id: int | None = None
    country: str = ""
    languages: tuple[str, ...] = ()
    stratum: str = ""


def stages_to_json(stages: Iterable[StageSummary]) -> list[dict[str, object]]:
    """Return what `DeploymentPlan.stages` keeps."""
    return [asdict(stage) for stage in stages]


def stages_from_json(rows: Iterable[dict[str, object]]) -> tuple[StageSummary, ...]:
    """Return the stages of a plan's row."""
    return tuple(stage_from_json(row) for row in rows)


def stage_from_json(row: Mapping[str, Any]) -> StageSummary:
    """Return one stage. What older rows say beside it is left out, and what they do not say is 0."""
    return StageSummary(**{field.name: row[field.name] for field in fields(StageSummary) if field.name in row})


def left_out_to_json(rows: Iterable[LeftOut]) -> list[dict[str, object]]:
    """Return what `DeploymentPlan.left_out` keeps."""
    return [{"what": row.what, "reason": row.reason.value, "ids": list(row.ids)} for row in rows]


def left_out_from_json(rows: Iterable[dict[str, object]]) -> tuple[LeftOut, ...]:
    """Return who and what the plan of that row left out."""
    return tuple(
        LeftOut(str(row["what"]), LeftOutReason(str(row["reason"])), tuple(row["ids"]))  # type: ignore[arg-type]  # ours
        for row in rows
    )


def progress_from_json(rows: Iterable[dict[str, object]]) -> tuple[StageProgress, ...]:
    """Return how far the run of that row is."""
    return tuple(StageProgress(**row) for row in rows)  # type: ignore[arg-type]  # written by services.solving


def bindings_to_json(rows: Iterable[BindingRecord]) -> list[dict[str, object]]:
    """Return what `DeploymentPlan.bindings` keeps."""
    return [asdict(row) for row in rows]


def bindings_from_json(rows: Iterable[dict[str, Any]]) -> tuple[BindingRecord, ...]:
    """Return what binds the plan of that row."""
    return tuple(
        BindingRecord(**{**row, "places": tuple(row["places"]), "languages": tuple(row["languages"])}) for row in rows
    )
