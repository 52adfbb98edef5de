import os
import signal

import pytest
from pytest_django.fixtures import Settings

from missions.kernel import failpoints
from missions.kernel.failpoints import FailPointError, fail_point


@pytest.fixture
def strikes(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What the fail points did to this process, which lives on."""
    done: list[object] = []
    monkeypatch.setattr(os, "kill", lambda pid, number: done.append((pid, number)))
    monkeypatch.setattr(failpoints, "time", type("Clock", (), {"sleep": done.append}))
    return done


def test_nothing_happens_unless_a_place_is_named(strikes: list[object]) -> None:
    fail_point("after_claim")

    assert strikes == []


@pytest.mark.parametrize("value", ["after_claim", "after_claim:kill"])
def test_fail_point_kills_without_a_word(strikes: list[object], settings: Settings, value: str) -> None:
    settings.FAILPOINT = value

    fail_point("after_claim")

    assert strikes == [(os.getpid(), signal.SIGKILL)]


def test_fail_point_sleeps_or_raises(strikes: list[object], settings: Settings) -> None:
    settings.FAILPOINT = "after_claim:sleep"
    fail_point("after_claim")
    settings.FAILPOINT = "after_claim:raise"
    with pytest.raises(FailPointError, match="after_claim"):
        fail_point("after_claim")

    assert strikes == [300]


def test_fail_point_strikes_at_its_own_place_only(strikes: list[object], settings: Settings) -> None:
    settings.FAILPOINT = "after_claim"

    fail_point("after_commit")

    assert strikes == []


def test_fail_point_never_strikes_in_production(strikes: list[object], settings: Settings) -> None:
    settings.FAILPOINT, settings.EMBEDDED = "after_claim", False

    fail_point("after_claim")

    assert strikes == []


def test_fail_point_refuses_a_fault_that_it_does_not_know(settings: Settings) -> None:
    settings.FAILPOINT = "after_claim:explode"

    with pytest.raises(ValueError, match="explode is no fault"):
        fail_point("after_claim")
