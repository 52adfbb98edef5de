"""Whole numbers that follow given weights and give exactly a given sum."""

from collections.abc import Sequence


def whole_shares(weights: Sequence[int], total: int) -> list[int]:
    """Return whole numbers proportional to the weights with the sum `total`, by largest remainders."""
    whole = sum(weights)
    shares = [weight * total // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda index: (-(weights[index] * total % whole), index))
    for index in by_remainder[: total - sum(shares)]:
        shares[index] += 1
    return shares


def bounded_shares(weights: Sequence[int], total: int, *, least: int, most: int) -> list[int]:
    """Return numbers from `least` to `most`, about proportional to the weights, with the sum `total`.

    Raises ValueError if no such numbers exist.
    """
    if not least * len(weights) <= total <= most * len(weights):
        raise ValueError("the sum lies outside the bounds")
    low, high = 0, most * 1000
    while low < high:
        factor = (low + high + 1) // 2
        if sum(_clamped(weights, factor, least, most)) <= total:
            low = factor
        else:
            high = factor - 1
    shares = _clamped(weights, low, least, most)
    missing = total - sum(shares)
    while missing:
        open_shares = [index for index, share in enumerate(shares) if share < most]
        for index in open_shares[:missing]:
            shares[index] += 1
        missing -= min(missing, len(open_shares))
    return shares


def _clamped(weights: Sequence[int], factor: int, least: int, most: int) -> list[int]:
    return [min(max(weight * factor // 1000, least), most) for weight in weights]
