"""Deadlines."""

import time

import pytest

from stations.deployment.optimizer.clock import Deadline


@pytest.mark.parametrize(("seconds", "passed"), [(None, False), (1000.0, False), (0.0, True), (-1.0, True)])
def test_passed(seconds: float | None, *, passed: bool) -> None:
    assert Deadline.after(seconds).passed() is passed


def test_remaining_is_never_negative_nor_above_the_limit() -> None:
    assert Deadline.after(None).remaining(at_most=7.0) == 7.0
    assert Deadline(at=time.monotonic() - 5).remaining(at_most=7.0) == 0.0
    assert 0.0 < Deadline.after(1000.0).remaining(at_most=2000.0) <= 1000.0
