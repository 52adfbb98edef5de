"""Sizes, shares and draws, against figures worked out elsewhere and properties that must hold for all input."""

import hashlib
import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stations.deployment.samples.drawing import (
    LEAST_RESERVE,
    FrameError,
    Stratum,
    StratumDraw,
    allocate,
    draw,
    lowest_lots,
    margin_of_size,
    read_frame,
    size_for_margin,
    write_frame,
)

#: Stations, margin in tenths of a point, and the size that textbooks give (DOMAIN 3).
KNOWN = [
    (6_537, 30, 918),
    (6_537, 20, 1_757),
    (820_161, 30, 1_066),
    (820_161, 20, 2_394),
    (1_050_000, 30, 1_067),
    (1_050_000, 20, 2_396),
    (26, 30, 26),
    (26, 20, 26),
    (1, 500, 1),
]
CODES = [f"{number:06d}" for number in range(200)]


@pytest.mark.parametrize(("population", "margin", "size"), KNOWN)
def test_a_margin_needs_the_size_that_is_known(population: int, margin: int, size: int) -> None:
    assert size_for_margin(population, margin) == size


@given(st.integers(1, 2_000_000), st.integers(1, 500))
def test_the_size_is_the_smallest_that_keeps_the_margin(population: int, margin: int) -> None:
    size = size_for_margin(population, margin)

    assert 1 <= size <= population
    assert margin_of_size(population, size) <= margin
    assert size == 1 or margin_of_size(population, size - 1) > margin


@pytest.mark.parametrize(
    ("population", "size", "margin"), [(6_537, 918, 30), (6_537, 917, 31), (26, 26, 0), (2, 1, 980)]
)
def test_a_size_has_this_margin(population: int, size: int, margin: int) -> None:
    assert margin_of_size(population, size) == margin


@pytest.mark.parametrize("wrong", [(0, 30), (10, 0)])
def test_nothing_to_draw_from_has_no_size(wrong: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="needed"):
        size_for_margin(*wrong)


@pytest.mark.parametrize(
    ("sizes", "size", "minimum", "shares"),
    [
        ((50, 30, 20), 10, 0, (5, 3, 2)),
        ((1, 1, 1), 2, 0, (1, 1, 0)),  # equal remainders: the first come first
        ((97, 2, 1), 10, 0, (10, 0, 0)),
        ((97, 2, 1), 10, 1, (8, 1, 1)),
        ((97, 2, 1), 10, 2, (7, 2, 1)),  # all that a small stratum has
        ((26,), 26, 3, (26,)),
        ((5, 5), 2, 1, (1, 1)),
        ((), 0, 1, ()),
    ],
)
def test_a_sample_is_divided_in_proportion_with_a_minimum(
    sizes: tuple[int, ...], size: int, minimum: int, shares: tuple[int, ...]
) -> None:
    assert allocate(sizes, size, minimum) == shares


@given(st.lists(st.integers(1, 500), min_size=1, max_size=40), st.integers(0, 10), st.data())
def test_shares_add_up_and_keep_their_bounds(sizes: Sequence[int], minimum: int, data: st.DataObject) -> None:
    least = [min(minimum, each) for each in sizes]
    size = data.draw(st.integers(sum(least), sum(sizes)))

    shares = allocate(sizes, size, minimum)

    assert sum(shares) == size
    assert all(low <= share <= high for low, share, high in zip(least, shares, sizes, strict=True))
    if minimum == 0:
        population = sum(sizes)
        exact = [size * each / population for each in sizes]
        assert all(abs(share - quota) < 1 for share, quota in zip(shares, exact, strict=True))


@pytest.mark.parametrize(("sizes", "size", "minimum"), [((3, 3), 7, 0), ((3, 3), 3, 2)])
def test_what_does_not_fit_is_refused(sizes: tuple[int, ...], size: int, minimum: int) -> None:
    with pytest.raises(ValueError, match="fit"):
        allocate(sizes, size, minimum)


def test_a_lot_is_the_digest_that_the_description_says() -> None:
    by_hand = sorted(CODES, key=lambda code: hashlib.sha256(f"2024\n{code}".encode()).hexdigest())

    assert lowest_lots(CODES, "2024", 7) == by_hand[:7]
    assert by_hand[:3] == ["000039", "000144", "000008"]  # as sha256sum and sort give them


def test_the_order_of_rows_does_not_matter_and_the_seed_does() -> None:
    shuffled = random.Random(1).sample(CODES, len(CODES))

    assert lowest_lots(shuffled, "a", 50) == lowest_lots(CODES, "a", 50)
    assert lowest_lots(CODES, "b", 50) != lowest_lots(CODES, "a", 50)


def test_each_stratum_has_its_share_and_its_reserve_by_rank() -> None:
    strata = [Stratum(("North",), tuple(CODES[:100])), Stratum(("South",), tuple(CODES[100:112]))]

    drawn = draw(strata, (40, 8), seed="x", reserve_percent=50)

    assert drawn == [
        StratumDraw(40, tuple(lowest_lots(CODES[:100], "x", 60))),
        StratumDraw(8, tuple(lowest_lots(CODES[100:112], "x", 12))),  # the reserve is what is left
    ]
    [small] = draw(strata[:1], (2,), seed="x", reserve_percent=0)
    assert len(small.codes) == 2 + LEAST_RESERVE
    assert draw(strata[:1], (0,), seed="x", reserve_percent=50) == [StratumDraw(0, ())]


def test_a_larger_sample_of_the_same_seed_keeps_the_smaller_one() -> None:
    strata = [Stratum((), tuple(CODES))]

    [small], [large] = (draw(strata, (size,), seed="x", reserve_percent=0) for size in (10, 20))

    assert large.codes[:10] == small.codes[:10]


def test_a_frame_is_read_as_it_was_written() -> None:
    strata = [Stratum(("Naxçıvan\t|", "rural"), ("0001", "0003")), Stratum(("Şəki", "urban"), ("0002",))]

    content = write_frame(strata)

    assert read_frame(content) == strata
    assert content == write_frame([Stratum(each.values, each.codes[::-1]) for each in strata])
    assert content.decode().splitlines()[2:] == ["station\t0001\t0", "station\t0002\t1", "station\t0003\t0"]


@pytest.mark.parametrize("broken", [b"station\t1\t0\n", b"x\n", b"\xff\n", b"stratum\t0\t[\n", b"station\t1\tx\n"])
def test_what_is_no_frame_is_refused(broken: bytes) -> None:
    with pytest.raises(FrameError):
        read_frame(broken)
