"""Seats by largest averages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stations.deployment.rules.dhondt import dhondt, seats_in_turn


@pytest.mark.parametrize(
    ("seats", "strengths", "expected"),
    [
        (30, (100, 90, 50, 40, 20), (10, 9, 5, 4, 2)),
        (30, (200, 180, 100, 80, 40), (10, 9, 5, 4, 2)),
        (8, (100_000, 80_000, 30_000, 20_000), (4, 3, 1, 0)),
        (7, (340, 280, 160, 60), (3, 3, 1, 0)),
        (1, (5, 5, 5), (1, 0, 0)),
        (2, (5, 5, 5), (1, 1, 0)),
        (3, (2, 4), (1, 2)),
        (2, (2, 4), (0, 2)),
        (3, (0, 1), (0, 3)),
        (0, (3, 4), (0, 0)),
        (5, (), ()),
        (5, (0, 0), (0, 0)),
    ],
    ids=[
        "a-committee-of-thirty",
        "only-the-ratio-counts",
        "textbook",
        "another-textbook",
        "equals-by-name",
        "equals-in-turn",
        "averages",
        "equal-averages-to-the-stronger",
        "no-strength-no-seat",
        "no-seats",
        "no-groups",
        "no-strengths",
    ],
)
def test_seats_fall_to_the_largest_averages(seats: int, strengths: tuple[int, ...], expected: tuple[int, ...]) -> None:
    assert dhondt(seats, strengths) == expected


def test_each_seat_has_its_turn() -> None:
    assert seats_in_turn(6, (6, 3, 2)) == (0, 0, 1, 0, 2, 0)


@pytest.mark.parametrize(("seats", "strengths"), [(-1, (1,)), (1, (1, -1))])
def test_counts_are_not_negative(seats: int, strengths: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="counts"):
        dhondt(seats, strengths)


@given(st.integers(0, 40), st.lists(st.integers(0, 300), min_size=1, max_size=6).filter(any))
def test_all_seats_are_given_and_no_group_could_claim_one_of_another(seats: int, strengths: list[int]) -> None:
    """No group's average with one seat more is above that of any seat that was given; one seat more takes none away."""
    won = dhondt(seats, strengths)

    assert sum(won) == seats
    assert all(
        strengths[poor] * won[rich] <= strengths[rich] * (won[poor] + 1)
        for rich in range(len(won))
        for poor in range(len(won))
        if won[rich]
    )
    assert all(after >= before for before, after in zip(won, dhondt(seats + 1, strengths), strict=True))
