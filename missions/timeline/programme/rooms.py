"""The text of a booking's room: the numbers of the units that it has. Pure."""

from collections.abc import Iterable


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
