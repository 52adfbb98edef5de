"""From the register to the strata of a sample: one query, plain values, whatever the size of the country."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from missions.models import Election
from stations.deployment.samples.drawing import Stratum
from stations.deployment.samples.states import FramePart, Stratifier
from stations.models import PollingStation
from stations.states import StationKind

_FIELDS = ("pk", "code", "kind", "constituency__region", "country", "is_urban", "is_newly_covered", "has_web_camera")
_Row = tuple[int, str, str, str | None, str, bool, bool, bool]


def _either(yes: str, no: str, column: int) -> Callable[[_Row], str]:
    return lambda row: yes if row[column] else no


#: The value of each stratifier for a row of `_FIELDS`; the words are part of stored frames and never change.
_VALUE: Mapping[Stratifier, Callable[[_Row], str]] = {
    Stratifier.REGION: lambda row: row[3] if row[3] is not None else row[4],
    Stratifier.SETTLEMENT: _either("urban", "rural", 5),
    Stratifier.SPECIAL: lambda row: "special" if row[2] == StationKind.SPECIAL else "ordinary",
    Stratifier.NEWLY_COVERED: _either("newly_covered", "long_covered", 6),
    Stratifier.CAMERA: _either("camera", "no_camera", 7),
    Stratifier.OVERSEAS: lambda row: "abroad" if row[2] == StationKind.OVERSEAS else "home",
}


@dataclass(frozen=True, slots=True)
class Frame:
    """The strata in the order of their values, and the key of each station by its code."""

    strata: tuple[Stratum, ...]
    station_ids: Mapping[str, int]

    def __len__(self) -> int:
        return len(self.station_ids)


def load_frame(election: Election, part: FramePart, stratifiers: Sequence[Stratifier]) -> Frame:
    """Everything that a sample of this part of the register could be drawn from. One query."""
    readers = [_VALUE[stratifier] for stratifier in stratifiers]
    found: dict[tuple[str, ...], list[str]] = defaultdict(list)
    station_ids: dict[str, int] = {}
    rows = _part_of(election, part).order_by().values_list(*_FIELDS)
    for row in rows.iterator(chunk_size=5_000):
        station_ids[row[1]] = row[0]
        found[tuple([read(row) for read in readers])].append(row[1])
    strata = (Stratum(values, tuple(sorted(codes))) for values, codes in sorted(found.items()))
    return Frame(tuple(strata), station_ids)


def _part_of(election: Election, part: FramePart) -> QuerySet[PollingStation]:
    stations = PollingStation.objects.filter(election=election).in_use()
    match part:
        case FramePart.HOME:
            return stations.domestic()
        case FramePart.OVERSEAS:
            return stations.overseas()
        case FramePart.NEWLY_COVERED:
            return stations.filter(is_newly_covered=True)
        case FramePart.SPECIAL:
            return stations.filter(kind=StationKind.SPECIAL)
    return stations
