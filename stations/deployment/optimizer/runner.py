"""Run a solve in a process of its own, with a deadline, a memory cap and a way to cancel."""

import json
import os
import selectors
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from stations.deployment.optimizer.params import Params
from stations.deployment.optimizer.problem import PinError, Problem
from stations.deployment.optimizer.problem_file import save_problem
from stations.deployment.optimizer.progress import Listener, Progress
from stations.deployment.optimizer.solution import Solution, load_solution

_ROOT: Final = Path(__file__).resolve().parents[3]
_INHERITED: Final = ("PATH", "LD_LIBRARY_PATH", "TMPDIR", "PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE")
_POLL_S: Final = 0.2
_TERMINATE_S: Final = 10.0


class OptimizerFailedError(RuntimeError):
    """The solve gave no plan.

    `code` is stable: `deadline-exceeded`, `cancelled`, `memory-exceeded`, `solver-crashed`, `flow-failed`,
    `bound-failed`, `output-unwritable`, or a code of ProblemError or ParamsError. `detail` names the place.
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


def run(
    problem: Problem,
    params: Params,
    *,
    seed: int = 0,
    deadline_s: float | None = None,
    grace_s: float = 30.0,
    memory_mb: int | None = None,
    workers: int = 1,
    on_progress: Listener | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Solution:
    """Solve in a process of its own and return the plan.

    After `deadline_s` seconds the process finishes by quick methods; `grace_s` seconds later it is ended.
    `memory_mb` caps its address space, libraries included. `on_progress` is called in this thread; `cancelled`
    is asked several times a second. The process gets no environment beyond what Python needs.
    Raises `ProblemError` or `ParamsError` before starting it; `PinError`, or `OptimizerFailedError`, afterwards.
    """
    problem.validate()
    params.validate()
    with tempfile.TemporaryDirectory(prefix="optimizer-") as name:
        folder = Path(name)
        save_problem(problem, params, folder / "in.npz")
        command = _command(folder, seed, deadline_s, memory_mb, workers)
        until = None if deadline_s is None else time.monotonic() + deadline_s + grace_s
        with (folder / "stderr").open("wb") as stderr, _process(command, stderr.fileno()) as process:
            for progress in _watch(process, until, cancelled):
                if on_progress is not None:
                    on_progress(progress)
            status = process.wait()
        if status != 0:
            raise _failure(status, (folder / "stderr").read_text(errors="replace"))
        return load_solution(folder / "out.npz")


def _command(folder: Path, seed: int, deadline_s: float | None, memory_mb: int | None, workers: int) -> list[str]:
    command = [sys.executable, "-m", "stations.deployment.optimizer"]
    command += [str(folder / "in.npz"), str(folder / "out.npz"), "--seed", str(seed), "--workers", str(workers)]
    if deadline_s is not None:
        command += ["--deadline", str(deadline_s)]
    if memory_mb is not None:
        command += ["--memory-mb", str(memory_mb)]
    return command


@contextmanager
def _process(command: list[str], stderr: int) -> Iterator[subprocess.Popen[bytes]]:
    """Start the process; on the way out, whatever happened, it has ended."""
    environment = {key: os.environ[key] for key in _INHERITED if key in os.environ}
    environment["OPENBLAS_NUM_THREADS"] = "1"  # each thread reserves address space that the cap counts
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and module; no part comes from a user
        command, cwd=_ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=stderr
    )
    with process:
        try:
            yield process
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(_TERMINATE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _watch(
    process: subprocess.Popen[bytes], until: float | None, cancelled: Callable[[], bool] | None
) -> Iterator[Progress]:
    """Yield progress until the process closes its output. Raises when time is over or the caller cancels."""
    if process.stdout is None:
        return
    output = process.stdout.fileno()
    pending = b""
    with selectors.DefaultSelector() as selector:
        selector.register(output, selectors.EVENT_READ)
        while True:
            if cancelled is not None and cancelled():
                raise OptimizerFailedError("cancelled", "by the caller")
            if until is not None and time.monotonic() >= until:
                raise OptimizerFailedError("deadline-exceeded", "the process did not end in time")
            if not selector.select(_POLL_S):
                continue
            chunk = os.read(output, 65536)
            if not chunk:
                return
            *lines, pending = (pending + chunk).split(b"\n")
            yield from (Progress(**json.loads(line)) for line in lines)


def _failure(status: int, stderr: str) -> OptimizerFailedError | PinError:
    """Read the error line; a process that was killed or crashed has written none."""
    lines = stderr.strip().splitlines()
    try:
        report = json.loads(lines[-1])
        code = str(report["code"])
        if code.startswith("pin-"):
            return PinError(code=code, field=str(report["field"]), index=int(report["index"]))
        return OptimizerFailedError(code, str(report["detail"]))
    except (IndexError, KeyError, TypeError, ValueError):
        return OptimizerFailedError("solver-crashed", f"exit status {status}")
