from hypothesis import given
from hypothesis import strategies as st

from config.reference.chance import Chance


def test_a_stream_is_the_same_for_ever() -> None:
    chance = Chance(20240207, "example")

    assert [chance.below(1000) for _draw in range(5)] == [229, 78, 104, 857, 618]
    assert chance.shuffled("abcdef") == list("feabdc")


def test_streams_of_other_names_and_seeds_are_others() -> None:
    streams = [Chance(1, "a"), Chance(1, "b"), Chance(2, "a")]

    draws = {tuple(stream.below(10**6) for _draw in range(3)) for stream in streams}

    assert len(draws) == 3


@given(st.integers(), st.integers(-100, 100), st.integers(0, 100))
def test_between_keeps_both_bounds(seed: int, least: int, span: int) -> None:
    assert least <= Chance(seed, "between").between(least, least + span) <= least + span


@given(st.integers(), st.lists(st.integers()))
def test_shuffling_loses_nothing(seed: int, items: list[int]) -> None:
    assert sorted(Chance(seed, "shuffle").shuffled(items)) == sorted(items)
