"""What a version keeps of its solve as JSON, and the way back: parts with bounds, repair, first come, left out."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class PartRecord:
    """One part of the objective: what was reached, and what no programme can better."""

    value: int
    bound: int

    @property
    def gap(self) -> float:
        """Distance to the bound as a share of the value."""
        return abs(self.value - self.bound) / max(1, abs(self.value))


@dataclass(frozen=True, slots=True)
class ServedRecord:
    """What first come, first served would have given; `failed`: musts without a place."""

    booked: int
    granted: int
    delay: int
    failed: int


@dataclass(frozen=True, slots=True)
class RepairRecord:
    """Against the released version. `fewest`: proven, no repair of this kind changes less. Ids of requests."""

    changed: tuple[int, ...]
    forced: tuple[int, ...]
    cancelled: tuple[int, ...]
    new: tuple[int, ...]
    fewest: int
    weight_before: int


@dataclass(frozen=True, slots=True)
class SolutionRecord:
    """Of one solve. `asked`: the weight of all requests together; `seconds`: of the whole run.

    `is_in_turn`: time ended before the search had a whole programme, so that requests were served in turn.
    """

    asked: int
    granted: PartRecord
    delay: PartRecord
    idle: PartRecord
    idle_before: int
    seconds: float
    first_come: ServedRecord | None = None
    repair: RepairRecord | None = None
    is_in_turn: bool = False


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A request without a place: `code` is "no-room", or why it fits nowhere (loading.Unfit)."""

    request_id: int
    code: str


NO_ROOM = "no-room"


def solution_to_json(solution: SolutionRecord) -> dict[str, Any]:
    """As it is stored."""
    return asdict(solution)


def solution_from_json(stored: Mapping[str, Any]) -> SolutionRecord | None:
    """As it was; None before the solve."""
    if not stored:
        return None
    repair, first_come = stored["repair"], stored["first_come"]
    return SolutionRecord(
        asked=stored["asked"],
        granted=PartRecord(**stored["granted"]),
        delay=PartRecord(**stored["delay"]),
        idle=PartRecord(**stored["idle"]),
        idle_before=stored["idle_before"],
        seconds=stored["seconds"],
        first_come=ServedRecord(**first_come) if first_come else None,
        repair=_repair(repair) if repair else None,
        is_in_turn=stored.get("is_in_turn", False),  # older versions do not say
    )


def left_out_to_json(rows: Iterable[LeftOut]) -> list[dict[str, Any]]:
    """As it is stored."""
    return [asdict(row) for row in rows]


def left_out_from_json(stored: Iterable[Mapping[str, Any]]) -> tuple[LeftOut, ...]:
    """As it was."""
    return tuple(LeftOut(**row) for row in stored)


def _repair(stored: Mapping[str, Any]) -> RepairRecord:
    ids = {name: tuple(stored[name]) for name in ("changed", "forced", "cancelled", "new")}
    return RepairRecord(**ids, fewest=stored["fewest"], weight_before=stored["weight_before"])
