"""The solver's process when the machine leaves it no time at all."""

import pytest

from missions.timeline.programme import solver
from missions.timeline.programme.solver import Limits, SolverFailedError, make
from missions.timeline.programme.states import Method
from missions.timeline.scheduler.check import check
from tests.missions.timeline.scheduler.builders import arrival, briefing, meeting, problem

LIMITS = Limits(seconds=8, grace_s=60, memory_mb=4_096)
WHOLE = problem(*map(meeting, "abc"), arrival("d"), briefing("e"))


def test_no_time_by_the_clock_still_gives_a_programme_that_keeps_every_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solver, "_CLOCK_S", 0.0)

    made = make(WHOLE, (), Method.FRESH, LIMITS)

    assert made.plan is not None
    assert check(WHOLE, made.plan.bookings) == ()
    assert {"d", "e"} <= {booking.request for booking in made.plan.bookings}


def test_a_process_that_does_not_end_is_ended_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solver, "_CLOCK_S", 0.0)

    with pytest.raises(SolverFailedError, match="deadline-exceeded"):
        make(WHOLE, (), Method.FRESH, Limits(seconds=8, grace_s=0, memory_mb=4_096))


@pytest.mark.parametrize("seconds", [1, 120])
def test_the_clock_is_long_whatever_the_work(seconds: int, monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[list[str]] = []

    def process(command: list[str], *_: object) -> None:
        commands.append(command)
        raise SolverFailedError("cancelled")

    monkeypatch.setattr(solver, "_process", process)

    with pytest.raises(SolverFailedError, match="cancelled"):
        make(WHOLE, (), Method.FRESH, Limits(seconds=seconds, grace_s=60, memory_mb=4_096))

    (command,) = commands
    allowed = dict(zip(command[4::2], command[5::2], strict=True))
    assert (allowed["--seconds"], allowed["--deadline"]) == (str(seconds), "600.0")
