"""Square matrices of seconds and metres: how they are kept, and how one is put into another order. No database."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
_STORED: Final = "<i4"
#: Seconds of a leg for which there is no road, in files as in the optimizer: a day.
NO_ROAD: Final = 86_400


@dataclass(frozen=True, slots=True)
class Matrix:
    """seconds [n+1,n+1] and metres [n+1,n+1] from the row's place to the column's; place 0 is the base."""

    seconds: Ints
    metres: Ints

    def places(self) -> int:
        """How many places there are, with the base."""
        return len(self.seconds)

    def of_places(self, order: Sequence[int]) -> "Matrix":
        """The same for some places in this order."""
        places = np.asarray(order, np.int64)
        chosen = np.ix_(places, places)
        return Matrix(self.seconds[chosen], self.metres[chosen])


def pack(matrix: Matrix) -> bytes:
    """The cells as they are kept."""
    both = np.stack([matrix.seconds, matrix.metres]).astype(_STORED)
    return zlib.compress(both.tobytes())


def unpack(cells: bytes | memoryview, places: int) -> Matrix:
    """The matrix of so many places that `pack` packed. Raises ValueError for other bytes."""
    both = np.frombuffer(zlib.decompress(cells), _STORED).astype(np.int64).reshape(2, places, places)
    return Matrix(both[0], both[1])
