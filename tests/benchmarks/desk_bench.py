"""Bench of the desk over 90,000 applications: `python -m tests.benchmarks.desk_bench [rows]`.

A file is taken in, a list of 10,000 is reviewed, put on an agenda and decided, a thousand reviews are opened one by
one, and the lists of the desk are opened and searched. Runs on a database of its own. Exits with 1 if a measure misses
its target.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import django
from django.core.management import call_command

from tests.benchmarks.results import Line, show

ROWS = 90_000
LISTED = 10_000
SINGLE = 1_000
REVIEW_S = 60
SINGLE_S = 30
PAGE_MS = 500
QUERIES = 15
ROUNDS = 5
AnyT = TypeVar("AnyT")


def main() -> int:
    """Fill a database, measure, print the table, return the exit code."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        os.environ["VAR_DIR"] = folder
        django.setup()
        call_command("migrate", verbosity=0)
        lines = _measure(Path(tempfile.gettempdir()) / f"observer-desk-citizens-{count}.xlsx", count)
    return show(f"the desk over {count:,} applications", lines)


def _measure(path: Path, count: int) -> list[Line]:
    # The models can be imported only once Django is set up.
    from tests.benchmarks import citizens_instance, desk_instance  # noqa: PLC0415

    if not path.exists():
        citizens_instance.write_file(path, count)
    citizens_instance.make_election()
    taking, _file = _timed(lambda: citizens_instance.take_in(citizens_instance.check(path)))
    desk = desk_instance.Desk.of_everybody(min(LISTED, count // 2))
    lines = [(f"{count:,} rows checked and taken in", _seconds(taking), "", True)]
    for name, work, limit in (
        (f"{desk.listed:,} people reviewed as a list", desk.review_list, REVIEW_S),
        (f"{desk.listed:,} people put on an agenda", desk.schedule_list, None),
        (f"{desk.listed:,} people accredited by one vote", desk.decide_list, None),
        (f"{SINGLE:,} reviews opened one by one, with all findings", lambda: desk.review_each(SINGLE), SINGLE_S),
    ):
        taken, done = _timed(work)
        target = "" if limit is None else f"at most {limit} s"
        lines.append((f"{name}: {done:,} came forward", _seconds(taken), target, limit is None or taken[0] <= limit))
    return lines + [_page(name, desk, url) for name, url in desk.pages()]


def _page(name: str, desk: object, url: str) -> Line:
    """Open a page several times, the first time not counted; the slowest counts, and so do all its queries."""
    times, queries = [], 0
    for _round in range(ROUNDS + 1):
        taken, queries = _timed(lambda: desk.open(url))  # type: ignore[attr-defined]  # imported after the set-up
        times.append(taken[1] * 1000)
    slow, middle = max(times[1:]), statistics.median(times[1:])
    reached = slow <= PAGE_MS and queries <= QUERIES
    measured = f"p50 {middle:.0f} ms, slowest {slow:.0f} ms of the processor, {queries} queries"
    return name, measured, f"{PAGE_MS} ms, {QUERIES} queries", reached


def _timed(work: Callable[[], AnyT]) -> tuple[tuple[float, float], AnyT]:
    """Seconds of the clock on the wall and of the processor, and what the work returned."""
    wall, processor = time.perf_counter(), time.process_time()
    done = work()
    return (time.perf_counter() - wall, time.process_time() - processor), done


def _seconds(taken: tuple[float, float]) -> str:
    return f"{taken[0]:.1f} s, {taken[1]:.1f} s of the processor"


if __name__ == "__main__":
    sys.exit(main())
