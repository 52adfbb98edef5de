"""How a solve tells how far it is; apart from the solvers, so that listening does not load them."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """A step of the solve: `done` of `of` parts of a stage (overseas, teams, areas, routes)."""

    stage: str
    done: int
    of: int


Listener = Callable[[Progress], None]
