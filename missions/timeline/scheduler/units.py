"""Which unit of a resource serves whom: told once the times are known, because it never changes them.

Equal units (desks, counters, vehicles, halls) stand for one another while a plan is made; that they suffice is the
plan's promise. Giving them out in the order of beginning then always comes out even.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Stay:
    """`amount` units from slot `start` up to `end`, for one request."""

    start: int
    end: int
    request: str
    amount: int = 1


class UnitsExhaustedError(ValueError):
    """More units are wanted at one time than there are. `request` is the first that finds too few."""

    def __init__(self, request: str) -> None:
        super().__init__(request)
        self.request = request


def give_units(
    stays: Iterable[Stay], capacity: int, *, before: Mapping[str, tuple[int, ...]] | None = None
) -> dict[str, tuple[int, ...]]:
    """The numbers (from 1) of the units of each request; those that it had `before` if they are free.

    Raises UnitsExhaustedError.
    """
    wanted = before or {}
    busy_until = dict.fromkeys(range(1, capacity + 1), -1)
    given: dict[str, tuple[int, ...]] = {}
    rows = sorted(stays)
    for stay in sorted(rows, key=lambda row: (row.start, row.request not in wanted, row.end, row.request)):
        free = [unit for unit, end in busy_until.items() if end <= stay.start]
        if len(free) < stay.amount:
            raise UnitsExhaustedError(stay.request)
        kept = [unit for unit in wanted.get(stay.request, ()) if unit in free]
        others = [unit for unit in free if unit not in kept]
        units = tuple(sorted([*kept, *others][: stay.amount]))
        given[stay.request] = units
        busy_until |= dict.fromkeys(units, stay.end)
    return given
