"""The shape of a constituency on a map: the hull of its stations. Nothing better is known of its borders."""

from collections.abc import Sequence

import numpy as np
from scipy.spatial import ConvexHull, QhullError

Point = tuple[float, float]


def hull(points: Sequence[Point]) -> tuple[Point, ...]:
    """The corners of the smallest convex shape around the points, in order around it.

    Of points at one place or on one line the first and the last: there is nothing to go around.
    """
    ordered = sorted(set(points))
    if len(ordered) < 3:
        return tuple(ordered)
    try:
        corners = ConvexHull(np.array(ordered)).vertices
    except QhullError:
        return (ordered[0], ordered[-1])
    return tuple(ordered[corner] for corner in corners)
