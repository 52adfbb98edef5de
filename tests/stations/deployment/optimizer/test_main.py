"""The command line: exit codes, one line of JSON for an error, a plan whole or not at all."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from stations.deployment.optimizer import __main__ as cli
from stations.deployment.optimizer.engines import EngineError
from stations.deployment.optimizer.pipeline import solve
from stations.deployment.optimizer.problem import Problem
from stations.deployment.optimizer.problem_file import save_problem
from stations.deployment.optimizer.solution import load_solution
from tests.benchmarks.optimizer_instance import PARAMS, REFERENCE, TINY, make_instance

ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture(autouse=True)
def _keep_signal_handler() -> Iterator[None]:
    """`main` sets a handler in this very process; give back the one before."""
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


def saved(folder: Path, problem: Problem) -> list[str]:
    save_problem(problem, PARAMS, folder / "in.npz")
    return [str(folder / "in.npz"), str(folder / "out.npz")]


def test_a_plan_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    problem = make_instance(TINY, 2)

    status = cli.main([*saved(tmp_path, problem), "--seed", "3", "--workers", "2", "--deadline", "60"])

    assert status == 0
    assert load_solution(tmp_path / "out.npz").digest() == solve(problem, PARAMS, seed=3).digest()
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == {"stage": "overseas", "done": 0, "of": 1}
    assert lines[-1] == {"stage": "routes", "done": 2, "of": 2}


def test_bad_input_has_its_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    problem = make_instance(TINY)
    bad = replace(problem, stations=replace(problem.stations, area=problem.stations.area + 9))

    status = cli.main(saved(tmp_path, bad))

    assert status == cli.EXIT_BAD_INPUT
    assert json.loads(capsys.readouterr().err) == {
        "code": "problem-index",
        "detail": "problem-index: stations.area[0]",
        "field": "stations.area",
        "index": 0,
    }
    assert not (tmp_path / "out.npz").exists()


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (MemoryError(), cli.EXIT_MEMORY, "memory-exceeded"),
        (EngineError(code="flow-failed"), cli.EXIT_ENGINE, "flow-failed"),
        (PermissionError(13, "Permission denied"), cli.EXIT_OUTPUT, "output-unwritable"),
    ],
)
def test_failures_have_their_codes(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    status: int,
    code: str,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(cli, "solve", fail)

    assert cli.main(saved(tmp_path, make_instance(TINY))) == status
    assert json.loads(capsys.readouterr().err)["code"] == code


def test_sigterm_cancels_cleanly(tmp_path: Path) -> None:
    arguments = saved(tmp_path, make_instance(REFERENCE))
    command = [sys.executable, "-m", "stations.deployment.optimizer", *arguments]

    with subprocess.Popen(  # noqa: S603 - our own module
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        error = process.stderr.read()
        status = process.wait()

    assert status == cli.EXIT_CANCELLED
    assert json.loads(error) == {"code": "cancelled", "detail": "SIGTERM"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.npz"]


def test_remarks_that_libraries_print_stay_out_of_the_progress(tmp_path: Path) -> None:
    script = (
        "import ctypes, runpy, sys\n"
        "import stations.deployment.optimizer.pipeline as pipeline\n"
        "inner = pipeline.solve\n"
        "def chatty(*args, **kwargs):\n"
        "    libc = ctypes.CDLL(None)\n"
        "    libc.puts(b'a remark')\n"
        "    libc.fflush(None)\n"
        "    return inner(*args, **kwargs)\n"
        "pipeline.solve = chatty\n"
        f"sys.argv = ['optimizer', *{saved(tmp_path, make_instance(TINY, 2))!r}]\n"
        "runpy.run_module('stations.deployment.optimizer', run_name='__main__')\n"
    )

    done = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert all("stage" in json.loads(line) for line in done.stdout.splitlines())
    assert done.stdout
