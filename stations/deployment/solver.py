"""Solves both parts of a deployment problem, each in a process of its own, and tells how far they are."""

from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from queue import Empty, SimpleQueue
from threading import Event
from typing import Final

from django.conf import settings

from missions.kernel.errors import Violation
from stations.deployment.errors import PinImpossibleError, PlanNotSolvedError
from stations.deployment.loaded_problem import LoadedProblem, SubProblem
from stations.deployment.optimizer.params import ParamsError
from stations.deployment.optimizer.problem import PinError, ProblemError
from stations.deployment.optimizer.progress import Progress
from stations.deployment.optimizer.runner import OptimizerFailedError, run
from stations.deployment.optimizer.solution import Solution
from stations.deployment.records import LONG_TERM, SHORT_TERM
from stations.deployment.wording import pin_text, solver_fault

_LIBRARIES: Final = ("numpy", "scipy", "ortools", "pyvroom")
_POLL_S: Final = 0.2

Heard = tuple[str, Progress]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a solve may take, and whom it tells.

    After `seconds` it ends by quick methods (None: never). `memory_mb` caps each process, libraries included.
    `on_progress` hears the term and the step, `is_cancelled` is asked several times a second, both in the caller's
    thread.
    """

    seconds: float | None = None
    memory_mb: int | None = None
    on_progress: Callable[[str, Progress], None] = lambda term, progress: None
    is_cancelled: Callable[[], bool] = lambda: False


def solve_parts(loaded: LoadedProblem, seed: int, limits: Limits) -> Mapping[str, Solution]:
    """The solutions by term; a term that nobody takes part in has none.

    Raises PinImpossibleError for a pin that cannot be held, PlanNotSolvedError with the solver's code for all else.
    """
    parts = {LONG_TERM: loaded.long_term, SHORT_TERM: loaded.short_term}
    heard: SimpleQueue[Heard] = SimpleQueue()
    stopping = Event()
    with ThreadPoolExecutor(len(parts)) as pool:
        jobs = {
            term: pool.submit(_solve, part, seed, limits, _teller(heard, term), stopping.is_set)
            for term, part in parts.items()
            if len(part)
        }
        try:
            _attend(jobs, heard, limits)
        finally:
            stopping.set()  # nobody waits for what is left
    # What was stopped because the other failed says nothing of why.
    reasons_first = sorted(jobs, key=lambda term: _was_stopped(jobs[term]))
    return {term: _answer(jobs[term], parts[term]) for term in reasons_first}


def library_versions() -> dict[str, str]:
    """The versions of the libraries that may have solved; those that are not installed are left out."""
    found = {}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _teller(heard: "SimpleQueue[Heard]", term: str) -> Callable[[Progress], None]:
    return lambda progress: heard.put((term, progress))


def _solve(
    part: SubProblem, seed: int, limits: Limits, tell: Callable[[Progress], None], is_stopped: Callable[[], bool]
) -> Solution:
    return run(
        part.problem,
        part.params,
        seed=seed,
        deadline_s=limits.seconds,
        memory_mb=limits.memory_mb,
        workers=settings.OPTIMIZER_WORKERS,
        on_progress=tell,
        cancelled=is_stopped,
    )


def _attend(jobs: Mapping[str, "Future[Solution]"], heard: "SimpleQueue[Heard]", limits: Limits) -> None:
    """Pass on what is heard until all have ended, one has failed, or the caller calls it off."""
    waiting = True
    while waiting:
        done, open_ = wait(jobs.values(), timeout=_POLL_S, return_when=FIRST_EXCEPTION)
        waiting = bool(open_) and not any(job.exception() for job in done) and not limits.is_cancelled()
        try:
            while True:
                limits.on_progress(*heard.get_nowait())
        except Empty:
            continue


def _was_stopped(job: "Future[Solution]") -> bool:
    error = job.exception()
    return isinstance(error, OptimizerFailedError) and error.code == "cancelled"


def _answer(job: "Future[Solution]", part: SubProblem) -> Solution:
    try:
        return job.result()
    except PinError as error:
        is_visit = error.field.startswith("previous.visit")
        told = pin_text(part.before, error.code, error.index, is_visit=is_visit)
        raise PinImpossibleError(violations=[Violation("pins", error.code, told)]) from error
    except (OptimizerFailedError, ProblemError, ParamsError) as error:
        raise PlanNotSolvedError(violations=[Violation("solver", error.code, solver_fault(error.code))]) from error
