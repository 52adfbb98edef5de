"""Bench of moving election day: `python -m tests.benchmarks.moving_bench [missions]`.

72 missions with laid timelines and 790 accredited people: the preview of everything that moves, the move in its one
transaction, the way back, and the people who are kept for a run-off. Runs on a database of its own. Exits with 1 if a
measure misses its target.
"""

import datetime as dt
import os
import sys
import tempfile
import time
from collections.abc import Callable
from typing import TypeVar

import django
from django.core.management import call_command

from tests.benchmarks.results import Line, show

MISSIONS = 72
PEOPLE = 790
MOVE_S = 5
AnyT = TypeVar("AnyT")
THERE, BACK = dt.date(2024, 2, 21), dt.date(2024, 2, 7)


def main() -> int:
    """Fill a database, measure, print the table, return the exit code."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else MISSIONS
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        os.environ["VAR_DIR"] = folder
        django.setup()
        call_command("migrate", verbosity=0)
        lines = _measure(count)
    return show(f"election day moves for {count} missions", lines)


def _measure(count: int) -> list[Line]:
    # The models can be imported only once Django is set up.
    from tests.benchmarks import moving_instance  # noqa: PLC0415

    instance = moving_instance.Instance.of(count, PEOPLE)
    looking, preview = _timed(lambda: instance.preview(THERE))
    moving, _moved = _timed(lambda: instance.move(THERE, preview.digest))
    returning, _moved = _timed(lambda: instance.move(BACK, instance.preview(BACK).digest))
    opening, run_off = _timed(instance.open_run_off)
    keeping, kept = _timed(lambda: instance.keep(run_off))
    steps = f"{instance.steps:,} steps"
    return [
        (f"preview, {len(preview.impacts)} lines", _told(looking), "", True),
        (f"the move, {steps}", _told(moving), f"at most {MOVE_S} s", moving[0] <= MOVE_S),
        ("look again and move back", _told(returning), "", True),
        ("a run-off opened, timelines laid", _told(opening), "", True),
        (f"{kept:,} accreditations kept for it", _told(keeping), "", True),
    ]


def _timed(work: Callable[[], AnyT]) -> tuple[tuple[float, float, int], AnyT]:
    """Seconds by the clock and of the processor, the number of queries, and what came of it."""
    from django.db import connection  # noqa: PLC0415 - as above
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    with CaptureQueriesContext(connection) as queries:
        wall, processor = time.perf_counter(), time.process_time()
        done = work()
        taken = time.perf_counter() - wall, time.process_time() - processor
    return (*taken, len(queries)), done


def _told(taken: tuple[float, float, int]) -> str:
    return f"{taken[0]:.2f} s ({taken[1]:.2f} s of the processor), {taken[2]:,} queries"


if __name__ == "__main__":
    sys.exit(main())
