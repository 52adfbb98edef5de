"""Travel times and distances that somebody measured, area by area, in the place of the great circle."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

NO_ROAD: Final = 86_400
"""Seconds: a leg that takes a day or longer is no road at all."""


@dataclass(frozen=True, slots=True)
class TravelMatrices:
    """Square matrices of some areas, cell by cell: one area after the other, each row by row.

    The places of an area are its base and then its stations in the order of Stations. area [c] row of Areas, rising;
    seconds [c] driven from the row's place to the column's, `NO_ROAD` or more where there is no road; metres [c].
    Back may be another way than there. Areas without a matrix are measured by the great circle.
    """

    area: Ints
    seconds: Ints
    metres: Ints

    def __len__(self) -> int:
        """Return the number of cells."""
        return len(self.area)

    @classmethod
    def none(cls) -> "TravelMatrices":
        """Return no matrix at all."""
        row = np.zeros(0, np.int64)
        return cls(area=row, seconds=row, metres=row)

    def first_wrong_area(self, stations: Ints) -> int | None:
        """Return the first area whose matrix is not square over its base and `stations[area]` stations, or None.

        Areas out of order count as wrong, as do areas that do not exist.
        """
        outside = (self.area < 0) | (self.area >= len(stations))
        if outside.any():
            return int(self.area[outside][0])
        falls = np.flatnonzero(np.diff(self.area) < 0)
        if len(falls):
            return int(self.area[falls[0] + 1])
        area, cells = np.unique(self.area, return_counts=True)
        wrong = np.flatnonzero(cells != (stations[area] + 1) ** 2)
        return int(area[wrong[0]]) if len(wrong) else None

    def first_cell(self, area: Ints) -> Ints:
        """Return where the matrix of each area begins, -1 where it has none."""
        if not len(self.area):
            return np.full(len(area), -1)
        begin = np.searchsorted(self.area, area)
        there = self.area[np.minimum(begin, len(self.area) - 1)] == area
        return np.where(there, begin, -1)
