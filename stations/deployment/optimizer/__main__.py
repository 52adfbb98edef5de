"""One solve as a process: `python -m stations.deployment.optimizer IN.npz OUT.npz`.

Progress goes to stdout, one JSON object a line; an error goes to stderr as one such line.
"""

import argparse
import json
import os
import resource
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Final, NoReturn, TextIO

from stations.deployment.optimizer.engines import EngineError
from stations.deployment.optimizer.params import ParamsError
from stations.deployment.optimizer.pipeline import solve
from stations.deployment.optimizer.problem import ProblemError
from stations.deployment.optimizer.problem_file import load_problem
from stations.deployment.optimizer.progress import Progress

EXIT_CANCELLED: Final = 3
EXIT_BAD_INPUT: Final = 4
EXIT_MEMORY: Final = 5
EXIT_ENGINE: Final = 6
EXIT_OUTPUT: Final = 7


class _CancelledError(BaseException):
    """SIGTERM arrived. Not an Exception, so that no handler on the way takes it for a failure."""


def main(arguments: list[str] | None = None) -> int:
    """Solve the problem in IN.npz, write the plan to OUT.npz (whole or not at all), return the exit code."""
    options = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, _cancel)
    unlimited = resource.getrlimit(resource.RLIMIT_AS)
    try:
        if options.memory_mb is not None:
            resource.setrlimit(resource.RLIMIT_AS, (options.memory_mb << 20, unlimited[1]))
        _solve(options)
    except _CancelledError:
        return _fail(EXIT_CANCELLED, "cancelled", "SIGTERM")
    except ProblemError as error:
        return _fail(EXIT_BAD_INPUT, error.code, str(error), field=error.field, index=error.index)
    except ParamsError as error:
        return _fail(EXIT_BAD_INPUT, error.code, str(error))
    except EngineError as error:
        return _fail(EXIT_ENGINE, error.code, str(error))
    except OSError as error:
        return _fail(EXIT_OUTPUT, "output-unwritable", error.strerror or type(error).__name__)
    except MemoryError:
        resource.setrlimit(resource.RLIMIT_AS, unlimited)
        return _fail(EXIT_MEMORY, "memory-exceeded", f"{options.memory_mb} MB")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m stations.deployment.optimizer")
    parser.add_argument("input", type=Path, help="problem and parameters, written by save_problem")
    parser.add_argument("output", type=Path, help="where to write the plan")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--deadline", type=float, default=None, help="seconds; then quick methods finish the plan")
    parser.add_argument("--memory-mb", type=int, default=None, help="address space, libraries included")
    parser.add_argument("--workers", type=int, default=1, help="processes for the routes")
    return parser


def _solve(options: argparse.Namespace) -> None:
    problem, params = load_problem(options.input)
    solution = solve(
        problem,
        params,
        seed=options.seed,
        deadline_s=options.deadline,
        workers=options.workers,
        progress=_report,
    )
    part = options.output.with_name(f"{options.output.name}.part")
    try:
        solution.save(part)
        part.replace(options.output)
    finally:
        part.unlink(missing_ok=True)


def _report(progress: Progress) -> None:
    line = {"stage": progress.stage, "done": progress.done, "of": progress.of}
    sys.stdout.write(f"{json.dumps(line)}\n")
    sys.stdout.flush()


def _cancel(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise _CancelledError


def _fail(status: int, code: str, detail: str, **place: str | int) -> int:
    sys.stderr.write(f"{json.dumps({'code': code, 'detail': detail, **place})}\n")
    return status


def _own_output() -> TextIO:
    """Return stdout for progress alone: HiGHS prints remarks of its own through the C library now and then."""
    output = os.fdopen(os.dup(1), "w")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return output


if __name__ == "__main__":
    with _own_output() as sys.stdout:
        code = main()
    sys.exit(code)
