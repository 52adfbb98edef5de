"""One piece of work as a process: `python -m missions.timeline.scheduler ACTION <order >answer`.

The order is JSON on stdin: {"problem": ...} and, to repair, "published": [...]. The answer is one line of JSON on
stdout, written whole at the end. Stages go to stderr as they begin, one JSON object a line; so does an error.
Ending the process is the way to cancel it: nothing is left behind.
"""

import argparse
import json
import os
import resource
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TextIO

from missions.timeline.scheduler.explain import explain
from missions.timeline.scheduler.first_come import Order, first_come
from missions.timeline.scheduler.form import from_json, to_json
from missions.timeline.scheduler.pipeline import solve
from missions.timeline.scheduler.plan import NoPlanError
from missions.timeline.scheduler.problem import Booking, Problem, ProblemError
from missions.timeline.scheduler.repair import Mode, repair

EXIT_BAD_INPUT: Final = 4
EXIT_MEMORY: Final = 5
EXIT_NO_PLAN: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What is read from stdin."""

    problem: Problem
    published: tuple[Booking, ...] = ()


def main(arguments: list[str] | None = None) -> int:
    """Do the work ordered on stdin, write the answer to stdout, return the exit code."""
    options = _parser().parse_args(arguments)
    unlimited = resource.getrlimit(resource.RLIMIT_AS)
    try:
        if options.memory_mb is not None:
            resource.setrlimit(resource.RLIMIT_AS, (options.memory_mb << 20, unlimited[1]))
        answer = _ACTIONS[options.action](from_json(Work, sys.stdin.read()), options)
        sys.stdout.write(f"{to_json(answer)}\n")
    except ProblemError as error:
        return _fail(EXIT_BAD_INPUT, code=error.code, detail=str(error), id=error.id, field=error.field)
    except NoPlanError as error:
        return _fail(EXIT_NO_PLAN, code=error.code, detail=str(error))
    except MemoryError:
        resource.setrlimit(resource.RLIMIT_AS, unlimited)
        return _fail(EXIT_MEMORY, code="memory-exceeded", detail=f"{options.memory_mb} MB")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m missions.timeline.scheduler")
    parser.add_argument("action", choices=sorted(_ACTIONS))
    parser.add_argument("--seconds", type=float, default=10.0, help="work, about a second of an idle core each")
    parser.add_argument("--deadline", type=float, default=None, help="seconds of the clock; then what was found counts")
    parser.add_argument("--memory-mb", type=int, default=None, help="address space, libraries included")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=1, help="more than one may give another plan each time")
    parser.add_argument("--mode", choices=list(Mode), default=Mode.WEIGHT, help="of a repair")
    parser.add_argument("--order", choices=list(Order), default=Order.RECEIVED, help="of first come, first served")
    parser.add_argument("--free", action="store_true", help="first come, first served at any slot, not at places")
    return parser


def _solve(work: Work, options: argparse.Namespace) -> object:
    return solve(
        work.problem,
        seconds=options.seconds,
        deadline_s=options.deadline,
        seed=options.seed,
        workers=options.workers,
        progress=_report,
    )


def _repair(work: Work, options: argparse.Namespace) -> object:
    return repair(
        work.problem,
        work.published,
        mode=Mode(options.mode),
        seconds=options.seconds,
        deadline_s=options.deadline,
        seed=options.seed,
    )


def _explain(work: Work, options: argparse.Namespace) -> object:
    return explain(work.problem, seconds=options.seconds, deadline_s=options.deadline)


def _first_come(work: Work, options: argparse.Namespace) -> object:
    return first_come(work.problem, order=Order(options.order), raster=not options.free)


_ACTIONS: Final[Mapping[str, Callable[[Work, argparse.Namespace], object]]] = {
    "solve": _solve,
    "repair": _repair,
    "explain": _explain,
    "first-come": _first_come,
}


def _report(stage: str) -> None:
    sys.stderr.write(f"{json.dumps({'stage': stage})}\n")
    sys.stderr.flush()


def _fail(status: int, **report: str) -> int:
    sys.stderr.write(f"{json.dumps(report)}\n")
    return status


def _own_output() -> TextIO:
    """Return stdout for the answer alone: HiGHS prints remarks of its own through the C library now and then."""
    answer = os.fdopen(os.dup(1), "w")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return answer


if __name__ == "__main__":
    with _own_output() as sys.stdout:
        status = main()
    sys.exit(status)
