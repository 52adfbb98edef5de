"""Which hall, desk, counter or vehicles a booking gets, once it is known when. Pure.

Equal units stand for one another while a programme is made; that they suffice is the solver's promise. Giving them
out in the order of beginning then always comes out even.
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


def units_text(units: Iterable[int]) -> str:
    """The numbers for people, runs of them joined: `1–3, 7`."""
    runs: list[tuple[int, int]] = []
    for unit in sorted(units):
        if runs and runs[-1][1] == unit - 1:
            runs[-1] = (runs[-1][0], unit)
        else:
            runs.append((unit, unit))
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in runs)


def units_of(text: str) -> tuple[int, ...]:
    """The numbers that `units_text` wrote; nothing for any other text."""
    units: list[int] = []
    for run in text.split(", "):
        first, _dash, last = run.partition("–")
        if not first.isdecimal() or not (last or first).isdecimal():
            return ()
        units += range(int(first), int(last or first) + 1)
    return tuple(units)
