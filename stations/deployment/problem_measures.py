"""What was measured and drawn, laid for the optimizer: travel times, and the stations of the locked sample."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from missions.models import Election, Mission
from stations.deployment.crowd_selectors import bands_for
from stations.deployment.optimizer.matrices import TravelMatrices
from stations.deployment.optimizer.problem import Flags, Ints
from stations.deployment.problem_rows import ConstituencyRow
from stations.deployment.samples.selectors import sampled_stations
from stations.deployment.states import CrowdBand
from stations.travel.matrices import Matrix
from stations.travel.selectors import measured_travel

#: What a place is worth for being quiet, in thousandths of the points for a place where nobody goes.
_QUIET: Mapping[CrowdBand, int] = MappingProxyType({CrowdBand.NONE: 1_000, CrowdBand.FEW: 500})


@dataclass(frozen=True, slots=True)
class MeasuredWays:
    """The matrices that are used, and the keys of the constituencies whose matrix lacks a station by now."""

    matrices: TravelMatrices
    outdated: tuple[int, ...]


def travel_matrices(
    election: Election, mission: Mission | None, stations: Mapping[int, Sequence[int]], area: Mapping[int, int]
) -> MeasuredWays:
    """The measured ways of one mission, or of the pool (None), between these stations by constituency.

    `area` numbers the constituencies as the problem does. Where nothing was measured, or before a station came that
    the file does not know, there is no matrix. Two queries at most.
    """
    measured = measured_travel(election, mission, stations)
    return MeasuredWays(_laid(measured.matrices, area), measured.outdated)


def _laid(found: Mapping[int, Matrix], area: Mapping[int, int]) -> TravelMatrices:
    cells = sorted((area[place], place) for place in found)
    if not cells:
        return TravelMatrices.none()
    return TravelMatrices(
        area=np.concatenate([np.full(found[place].seconds.size, number) for number, place in cells]),
        seconds=np.concatenate([found[place].seconds.ravel() for _number, place in cells]),
        metres=np.concatenate([found[place].metres.ravel() for _number, place in cells]),
    )


def in_sample(election: Election, mission: Mission | None, stations: Ints) -> Flags:
    """Whether each of these stations is in the locked sample of the mission, or of the pool (None). One query."""
    sampled = sampled_stations(election, mission)
    return np.isin(stations, np.fromiter(sampled, np.int64, len(sampled)))


def quietness(mission: Mission | None, constituencies: Sequence[ConstituencyRow]) -> Ints:
    """How quiet each constituency is, in thousandths: for the pool where no mission goes, for a mission by the bands.

    A mission that did not agree to be counted by others knows of no quiet place. Two queries at most.
    """
    if mission is None:
        return np.array([1_000 * row.is_quiet for row in constituencies], np.int64)
    bands = bands_for(mission)
    known = (bands.get(row.constituency_id) for row in constituencies)
    return np.array([0 if band is None else _QUIET.get(band, 0) for band in known], np.int64)
