"""How a sample is sized, divided among strata and drawn: integers and SHA-256 only, the same in ten years as today.

The draw needs no generator of random numbers: a station's lot is the SHA-256 of the seed, a line feed and the station's
code, all in UTF-8, and of each stratum those with the lowest lots are taken. So it depends neither on the order of rows
nor on the version of a library, and whoever has seed and frame can repeat it with any tool.
"""

import hashlib
import heapq
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isqrt
from typing import Final

#: 1.96 squared, times a half times a half, for margins in tenths of a point: 95 % confidence in the worst case.
_NUMERATOR: Final = 960_400
#: A stratum keeps at least so many stations in reserve, if it has them.
LEAST_RESERVE: Final = 5


class FrameError(ValueError):
    """The text is no frame."""


@dataclass(frozen=True, slots=True)
class Stratum:
    """Stations that share the values of all stratifiers. The order of `codes` means nothing."""

    values: tuple[str, ...]
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StratumDraw:
    """The stations of one stratum by rank, of which the first `drawn` are the sample and the rest its reserve."""

    drawn: int
    codes: tuple[str, ...]


def size_for_margin(population: int, margin_permille: int) -> int:
    """The smallest simple random sample whose margin of error, in tenths of a point, is not above the given one.

    For shares near one half, with 95 % confidence and the correction for a finite population.
    """
    if population < 1 or margin_permille < 1:
        raise ValueError("a population and a margin above zero are needed")
    above = _NUMERATOR * population
    below = margin_permille**2 * (population - 1) + _NUMERATOR
    return -(-above // below)


def margin_of_size(population: int, size: int) -> int:
    """The margin of error of a simple random sample in tenths of a point, rounded up; 0 if everything is in it."""
    if not 1 <= size <= population:
        raise ValueError("the sample is larger than what it is drawn from, or empty")
    if size == population:
        return 0
    square = -(-_NUMERATOR * (population - size) // (size * (population - 1)))
    return isqrt(square - 1) + 1


def allocate(sizes: Sequence[int], size: int, minimum: int) -> tuple[int, ...]:
    """Divide a sample among strata of these sizes: proportionally, by largest remainders, the first of equals first.

    Every stratum gets at least `minimum`, or all that it has; that is taken from the others in proportion.
    Raises ValueError if the sample is smaller than the minimums together, or larger than the strata.
    """
    least = [min(minimum, each) for each in sizes]
    if not sum(least) <= size <= sum(sizes):
        raise ValueError("the sample does not fit the strata")
    shares = {n: 0 for n in range(len(sizes))}
    open_strata = list(shares)
    left = size
    while open_strata:
        population = sum(sizes[n] for n in open_strata)
        short = [n for n in open_strata if left * sizes[n] < least[n] * population]
        if not short:
            shares |= _by_largest_remainder({n: sizes[n] for n in open_strata}, left)
            break
        for n in short:
            shares[n] = least[n]
            left -= least[n]
        open_strata = [n for n in open_strata if n not in short]
    return tuple(shares[n] for n in range(len(sizes)))


def _by_largest_remainder(sizes: Mapping[int, int], size: int) -> dict[int, int]:
    population = max(sum(sizes.values()), 1)
    shares = {n: size * each // population for n, each in sizes.items()}
    by_remainder = sorted(sizes, key=lambda n: (-(size * sizes[n] % population), n))
    for n in by_remainder[: size - sum(shares.values())]:
        shares[n] += 1
    return shares


def draw(strata: Sequence[Stratum], shares: Sequence[int], *, seed: str, reserve_percent: int) -> list[StratumDraw]:
    """Rank the stations of each stratum as far as the sample and its reserve need."""
    drawn = []
    for stratum, share in zip(strata, shares, strict=True):
        reserve = max(LEAST_RESERVE, -(-share * reserve_percent // 100)) if share else 0
        codes = lowest_lots(stratum.codes, seed, min(share + reserve, len(stratum.codes)))
        drawn.append(StratumDraw(share, tuple(codes)))
    return drawn


def lowest_lots(codes: Iterable[str], seed: str, count: int) -> list[str]:
    """So many stations with the lowest lots, the lowest first; equal lots, which nobody will see, by code."""
    return [code for _lot, code in heapq.nsmallest(count, _lots(codes, seed))]


def _lots(codes: Iterable[str], seed: str) -> Iterator[tuple[bytes, str]]:
    begun = hashlib.sha256(f"{seed}\n".encode())
    for code in codes:
        lot = begun.copy()
        lot.update(code.encode())
        yield lot.digest(), code


def write_frame(strata: Sequence[Stratum]) -> bytes:
    """The frame as text: a line for each stratum with its values, then one for each station, sorted by code."""
    lines = [f"stratum\t{n}\t{json.dumps(stratum.values, ensure_ascii=False)}" for n, stratum in enumerate(strata)]
    stations = sorted((code, n) for n, stratum in enumerate(strata) for code in stratum.codes)
    lines.extend(f"station\t{code}\t{n}" for code, n in stations)
    return "".join(f"{line}\n" for line in lines).encode()


def read_frame(content: bytes) -> list[Stratum]:
    """The strata of a frame that `write_frame` wrote. Raises FrameError for anything else."""
    values: list[tuple[str, ...]] = []
    codes: list[list[str]] = []
    try:
        for line in content.decode().splitlines():
            kind, first, second = line.split("\t")
            if kind == "stratum":
                values.append(tuple(json.loads(second)))
                codes.append([])
            else:
                codes[int(second)].append(first)
    except (ValueError, IndexError) as error:
        raise FrameError("the text is no frame") from error
    return [Stratum(each, tuple(sorted(some))) for each, some in zip(values, codes, strict=True)]
