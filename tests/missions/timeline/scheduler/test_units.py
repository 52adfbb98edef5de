"""Units: given out in order of time, kept where they were, none twice at a time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from missions.timeline.scheduler.units import Stay, UnitsExhaustedError, give_units


def test_units_are_given_in_the_order_of_beginning_and_free_again_at_the_end() -> None:
    stays = [Stay(0, 4, "a"), Stay(2, 6, "b"), Stay(4, 8, "c", 1)]

    assert give_units(stays, 2) == {"a": (1,), "b": (2,), "c": (1,)}


def test_a_request_keeps_the_units_that_it_had() -> None:
    stays = [Stay(0, 4, "a"), Stay(0, 4, "b")]

    assert give_units(stays, 3, before={"b": (1,)}) == {"b": (1,), "a": (2,)}
    assert give_units(stays, 3) == {"a": (1,), "b": (2,)}


def test_too_few_units_are_named() -> None:
    with pytest.raises(UnitsExhaustedError) as caught:
        give_units([Stay(0, 4, "a", 2), Stay(3, 5, "b", 2)], 3)

    assert caught.value.request == "b"


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 6), st.integers(1, 3)), max_size=12))
def test_whatever_fits_together_gets_units_of_its_own(rows: list[tuple[int, int, int]]) -> None:
    stays = [Stay(start, start + length, f"r{n}", amount) for n, (start, length, amount) in enumerate(rows)]
    most = max((sum(s.amount for s in stays if s.start <= t < s.end) for t in range(30)), default=0)

    given_units = give_units(stays, most)

    for stay in stays:
        assert len(given_units[stay.request]) == stay.amount
        others = [s for s in stays if s is not stay and s.start < stay.end and stay.start < s.end]
        assert not any(set(given_units[stay.request]) & set(given_units[s.request]) for s in others)
