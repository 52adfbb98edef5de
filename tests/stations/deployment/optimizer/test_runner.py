"""The solve in a process of its own: same plan, progress, deadline, cancel, memory cap, crash, bad input."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from stations.deployment.optimizer import runner
from stations.deployment.optimizer.params import ParamsError, RouteParams
from stations.deployment.optimizer.pipeline import solve
from stations.deployment.optimizer.problem import PinError, ProblemError
from stations.deployment.optimizer.progress import Progress
from stations.deployment.optimizer.runner import OptimizerFailedError, run
from tests.benchmarks.optimizer_instance import PARAMS, TINY, make_instance
from tests.stations.deployment.optimizer.plans import plain, previous


def test_the_process_gives_the_same_plan_and_reports_progress() -> None:
    problem = make_instance(TINY, 2)
    steps: list[Progress] = []

    plan = run(problem, PARAMS, seed=4, deadline_s=60.0, memory_mb=4096, on_progress=steps.append)

    assert plan.digest() == solve(problem, PARAMS, seed=4).digest()
    assert steps[0] == Progress("overseas", 0, 1)
    assert steps[-1] == Progress("routes", 2, 2)


def test_a_process_that_takes_too_long_is_ended() -> None:
    with pytest.raises(OptimizerFailedError) as caught:
        run(make_instance(TINY), PARAMS, deadline_s=0.0, grace_s=0.05)

    assert caught.value.code == "deadline-exceeded"


def test_the_caller_may_cancel() -> None:
    with pytest.raises(OptimizerFailedError) as caught:
        run(make_instance(TINY), PARAMS, cancelled=lambda: True)

    assert caught.value.code == "cancelled"


def test_an_error_of_the_listener_ends_the_process_and_comes_through() -> None:
    def listen(progress: Progress) -> None:
        raise LookupError(progress.stage)

    with pytest.raises(LookupError, match="overseas"):
        run(make_instance(TINY), PARAMS, on_progress=listen)


def test_too_little_memory_has_a_code() -> None:
    with pytest.raises(OptimizerFailedError) as caught:
        run(make_instance(TINY), PARAMS, memory_mb=64)

    assert (caught.value.code, caught.value.detail) == ("memory-exceeded", "64 MB")


def test_bad_input_is_refused_without_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    problem = make_instance(TINY)

    with pytest.raises(ProblemError, match="problem-index"):
        run(replace(problem, stations=replace(problem.stations, area=problem.stations.area + 9)), PARAMS)
    with pytest.raises(ParamsError, match="params-range"):
        run(problem, replace(PARAMS, routes=RouteParams(max_stops=0)))


def test_a_pin_that_cannot_hold_comes_through_with_its_row() -> None:
    problem = replace(plain(), previous=previous([(0, 1), (2, -1)], pair_pinned=[1]))

    with pytest.raises(PinError) as caught:
        run(problem, PARAMS)

    assert (caught.value.code, caught.value.field, caught.value.index) == ("pin-observer-gone", "previous.observer", 1)


@pytest.mark.parametrize(
    ("script", "code", "detail"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "solver-crashed", "exit status -9"),
        ("raise SystemExit(1)", "solver-crashed", "exit status 1"),
        (
            """import sys; sys.exit(sys.stderr.write('warning\\n{"code": "flow-failed", "detail": "x"}\\n') and 6)""",
            "flow-failed",
            "x",
        ),
    ],
)
def test_a_process_that_fails_is_reported(monkeypatch: pytest.MonkeyPatch, script: str, code: str, detail: str) -> None:
    def command(folder: Path, *options: object) -> list[str]:
        return [sys.executable, "-c", script]

    monkeypatch.setattr(runner, "_command", command)

    with pytest.raises(OptimizerFailedError) as caught:
        run(make_instance(TINY), PARAMS)

    assert (caught.value.code, caught.value.detail) == (code, detail)


def test_a_process_that_ignores_sigterm_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    script = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('{}', flush=True); time.sleep(60)"
    )

    def command(folder: Path, *options: object) -> list[str]:
        return [sys.executable, "-c", script]

    monkeypatch.setattr(runner, "_command", command)
    monkeypatch.setattr(runner, "_TERMINATE_S", 0.2)

    # the empty object is no progress, which ends the run; the process must not outlive it
    with pytest.raises(TypeError):
        run(make_instance(TINY), PARAMS)


def test_secrets_of_the_environment_do_not_reach_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    script = """import json, os, sys
keys = sorted(key for key in os.environ if key in ("SECRET_KEY", "OPENBLAS_NUM_THREADS"))
sys.stderr.write(json.dumps({"code": "seen", "detail": ",".join(keys)}))
sys.exit(1)"""

    def command(folder: Path, *options: object) -> list[str]:
        return [sys.executable, "-c", script]

    monkeypatch.setenv("SECRET_KEY", "hidden")
    monkeypatch.setattr(runner, "_command", command)

    with pytest.raises(OptimizerFailedError) as caught:
        run(make_instance(TINY), PARAMS)

    assert caught.value.detail == "OPENBLAS_NUM_THREADS"
