"""What was measured and drawn, laid for the optimizer: travel times, and the stations of the locked sample."""

from collections.abc import Mapping, Sequence

import numpy as np

from missions.models import Election, Mission
from stations.deployment.optimizer.matrices import TravelMatrices
from stations.deployment.optimizer.problem import Flags, Ints
from stations.deployment.samples.selectors import sampled_stations
from stations.travel.selectors import measured_travel


def travel_matrices(
    election: Election, mission: Mission | None, stations: Mapping[int, Sequence[int]], area: Mapping[int, int]
) -> TravelMatrices:
    """The measured ways of one mission, or of the pool (None), between these stations by constituency.

    `area` numbers the constituencies as the problem does. Where nothing was measured, or before a station came that
    the file does not know, there is no matrix. Two queries at most.
    """
    found = measured_travel(election, mission, stations).matrices
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
