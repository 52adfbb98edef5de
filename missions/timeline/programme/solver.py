"""Runs the scheduler in a process of its own, with limits, stages to hear of, and a way to stop it."""

import json
import os
import selectors
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Final, TypeVar

from missions.timeline.programme.states import Method
from missions.timeline.scheduler.first_come import first_come
from missions.timeline.scheduler.form import from_json, to_json
from missions.timeline.scheduler.plan import Conflict, Plan, Repair, Served
from missions.timeline.scheduler.problem import Booking, Problem, ProblemError

ResultT = TypeVar("ResultT")

_ROOT: Final = Path(__file__).resolve().parents[3]
_INHERITED: Final = ("PATH", "LD_LIBRARY_PATH", "TMPDIR", "PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE")
_POLL_S: Final = 0.2
_TERMINATE_S: Final = 10.0
#: The clock only ends what hangs: a machine that gives the solver a seventh of a core makes the same programme, later.
#: Two processes of this length, a solve and the explanation of a conflict, end before the job's own limit.
_CLOCK_S: Final = 600.0


class SolverFailedError(RuntimeError):
    """There is no programme.

    `code` is stable: `deadline-exceeded`, `cancelled`, `memory-exceeded`, `unfinished`, `solver-crashed`, or a code
    of the scheduler's ProblemError.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code


@dataclass(frozen=True, slots=True)
class Limits:
    """What a solve may take. `seconds` is work, about a second of an idle core each. The clock may run ten minutes
    whatever the work, and `grace_s` after that the process is ended. `memory_mb` caps its address space, libraries
    included.

    `on_stage` hears of each stage in the caller's thread; `is_cancelled` is asked several times a second.
    """

    seconds: float
    grace_s: float
    memory_mb: int
    seed: int = 0
    on_stage: Callable[[str], None] = lambda stage: None
    is_cancelled: Callable[[], bool] = lambda: False


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A programme, or the conflict that leaves none; and what an office that serves in order would have given."""

    plan: Plan | None = None
    repair: Repair | None = None
    conflict: Conflict | None = None
    first_come: Served | None = None


def make(problem: Problem, published: Sequence[Booking], method: Method, limits: Limits) -> Made:
    """Solve the problem, or repair what was published, each in a process of its own.

    Raises SolverFailedError. That nothing can hold all musts is no failure: it is answered with the conflict.
    """
    order = json.dumps({"problem": json.loads(to_json(problem)), "published": _plain(published)})
    try:
        if method is Method.FRESH:
            plan = from_json(Plan, _run("solve", order, limits))
            return Made(plan=plan, first_come=first_come(problem))
        repair = from_json(Repair, _run("repair", order, limits, "--mode", method.value))
        return Made(plan=repair.plan, repair=repair)
    except _ImpossibleError:
        return Made(conflict=_explained(order, limits))
    except ProblemError as error:
        raise SolverFailedError(error.code, str(error)) from error


class _ImpossibleError(SolverFailedError):
    """Musts and fixed times cannot all be held."""


def _explained(order: str, limits: Limits) -> Conflict:
    told = from_json(_Explanation, json.dumps({"conflict": json.loads(_run("explain", order, limits))}))
    if told.conflict is None:
        raise SolverFailedError("impossible")
    return told.conflict


@dataclass(frozen=True, slots=True, kw_only=True)
class _Explanation:
    conflict: Conflict | None


def _plain(published: Sequence[Booking]) -> list[dict[str, object]]:
    return [{"request": row.request, "start": row.start} for row in published]


def _run(action: str, order: str, limits: Limits, *more: str) -> str:
    """The line that the process answers."""
    command = [sys.executable, "-m", "missions.timeline.scheduler", action]
    command += ["--seconds", str(limits.seconds), "--deadline", str(_CLOCK_S), "--seed", str(limits.seed)]
    command += ["--memory-mb", str(limits.memory_mb), *more]
    with tempfile.TemporaryDirectory(prefix="scheduler-") as name:
        folder = Path(name)
        (folder / "order").write_text(order)
        with _process(command, folder) as process:
            last = ""
            for line in _lines(process, monotonic() + _CLOCK_S + limits.grace_s, limits.is_cancelled):
                last = line
                if stage := _stage_of(line):
                    limits.on_stage(stage)
            status = process.wait()
        if status != 0:
            raise _failure(status, last)
        return (folder / "answer").read_text()


@contextmanager
def _process(command: list[str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Start the process; on the way out, whatever happened, it has ended."""
    environment = {key: os.environ[key] for key in _INHERITED if key in os.environ}
    environment["OPENBLAS_NUM_THREADS"] = "1"  # each thread reserves address space that the cap counts
    with (folder / "order").open("rb") as order, (folder / "answer").open("wb") as answer:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and module; no part comes from a user
            command, cwd=_ROOT, env=environment, stdin=order, stdout=answer, stderr=subprocess.PIPE
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


def _lines(process: subprocess.Popen[bytes], until: float, is_cancelled: Callable[[], bool]) -> Iterator[str]:
    """What the process says on stderr, until it closes it. Raises when time is over or the caller cancels."""
    if process.stderr is None:
        return
    output = process.stderr.fileno()
    pending = b""
    with selectors.DefaultSelector() as selector:
        selector.register(output, selectors.EVENT_READ)
        while True:
            if is_cancelled():
                raise SolverFailedError("cancelled", "by the caller")
            if monotonic() >= until:
                raise SolverFailedError("deadline-exceeded", "the process did not end in time")
            if not selector.select(_POLL_S):
                continue
            chunk = os.read(output, 65536)
            if not chunk:
                return
            *lines, pending = (pending + chunk).split(b"\n")
            yield from (line.decode(errors="replace") for line in lines)


def _stage_of(line: str) -> str:
    return str(_read(line).get("stage", ""))


def _failure(status: int, line: str) -> SolverFailedError:
    """Of the last line; a process that was killed or crashed has written none that can be read."""
    report = _read(line)
    code = str(report.get("code", "solver-crashed"))
    kind = _ImpossibleError if code == "impossible" else SolverFailedError
    return kind(code, str(report.get("detail", f"exit status {status}")))


def _read(line: str) -> dict[str, object]:
    try:
        report = json.loads(line)
    except ValueError:
        return {}
    return report if isinstance(report, dict) else {}
