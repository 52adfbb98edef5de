"""Seats by largest averages (D'Hondt): what falls to each group of a parliament by its strength."""

from collections.abc import Sequence
from fractions import Fraction


def dhondt(seats: int, strengths: Sequence[int]) -> tuple[int, ...]:
    """How many of the seats fall to each group, in the order of the strengths; exact, without rounding.

    Each seat goes to the group whose strength, divided by one more than it has already, is the largest. Among equals
    the stronger group comes first, then the one that is named first. A strength of 0 gets nothing; if all are 0,
    nobody does. Raises ValueError for a negative number.
    """
    won = [0] * len(strengths)
    for group in seats_in_turn(seats, strengths):
        won[group] += 1
    return tuple(won)


def seats_in_turn(seats: int, strengths: Sequence[int]) -> tuple[int, ...]:
    """To which group each seat falls, one after the other; by the rule and with the errors of `dhondt`."""
    if seats < 0 or any(strength < 0 for strength in strengths):
        raise ValueError("seats and strengths are counts")
    if not any(strengths):
        return ()
    won = [0] * len(strengths)
    turn = []
    for _ in range(seats):
        group = max(
            range(len(strengths)),
            key=lambda number: (Fraction(strengths[number], won[number] + 1), strengths[number], -number),
        )
        won[group] += 1
        turn.append(group)
    return tuple(turn)
