import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.reference.shares import bounded_shares, whole_shares

weights = st.lists(st.integers(1, 1000), min_size=1, max_size=40)


@given(weights, st.integers(0, 10_000))
def test_whole_shares_have_the_sum_and_follow_the_weights(weights: list[int], total: int) -> None:
    shares = whole_shares(weights, total)

    assert sum(shares) == total
    for weight, share in zip(weights, shares, strict=True):
        assert abs(share - weight * total / sum(weights)) < 1


@given(weights, st.integers(0, 50), st.integers(0, 500), st.data())
def test_bounded_shares_have_the_sum_and_keep_the_bounds(
    weights: list[int], least: int, span: int, data: st.DataObject
) -> None:
    most = least + span
    total = data.draw(st.integers(least * len(weights), most * len(weights)))

    shares = bounded_shares(weights, total, least=least, most=most)

    assert sum(shares) == total
    assert all(least <= share <= most for share in shares)


@pytest.mark.parametrize("total", [5, 31])
def test_a_sum_outside_the_bounds_is_refused(total: int) -> None:
    with pytest.raises(ValueError, match="outside the bounds"):
        bounded_shares([1, 1, 1], total, least=2, most=10)
