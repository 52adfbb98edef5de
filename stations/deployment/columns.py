"""Rows laid as columns of the optimizer: numbers, flags, and sets of languages as bits."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final, TypeVar

import numpy as np

from stations.deployment.optimizer.problem import Flags, Floats, Ints
from stations.deployment.problem_rows import ConstituencyRow, PersonRow

KeyT = TypeVar("KeyT")

_MOST_LANGUAGES: Final = 62


def language_bits(people: Iterable[PersonRow], constituencies: Iterable[ConstituencyRow]) -> dict[str, int]:
    """One bit per language, the most spoken first; what would need more bits than a number has is not looked at."""
    speakers = Counter(code for person in people for code in person.languages)
    speakers.update(code for row in constituencies for code in row.languages)
    ranked = sorted(speakers, key=lambda code: (-speakers[code], code))
    return {code: 1 << number for number, code in enumerate(ranked[:_MOST_LANGUAGES])}


def widespread(constituencies: Sequence[ConstituencyRow]) -> list[str]:
    """The languages that are spoken in at least half of the constituencies."""
    spoken = Counter(code for row in constituencies for code in set(row.languages))
    return [code for code, count in spoken.items() if count * 2 >= len(constituencies)]


def bits(codes: Iterable[str], bit: Mapping[str, int]) -> int:
    """The set of these codes as a number; codes without a bit are left away."""
    found = 0
    for code in codes:
        found |= bit.get(code, 0)
    return found


def numbered(values: Iterable[KeyT]) -> dict[KeyT, int]:
    """Each value with its number, in the order in which it comes first."""
    return {value: number for number, value in enumerate(dict.fromkeys(values))}


def ints(values: Iterable[int]) -> Ints:
    """A column of whole numbers."""
    return np.fromiter(values, np.int64)


def floats(values: Iterable[Decimal | int]) -> Floats:
    """A column of degrees."""
    return np.fromiter((float(value) for value in values), np.float64)


def flags(values: Iterable[bool]) -> Flags:
    """A column of yes and no."""
    return np.fromiter(values, np.bool_)
