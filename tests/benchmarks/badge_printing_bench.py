"""Bench of printing badges: `python -m tests.benchmarks.badge_printing_bench [badges]`.

Ten people come to the desk, one after the other; then a batch of everybody else is worked off: photos read, portraits
drawn, intents committed, badges signed, sheets of a hundred cards drawn and kept encrypted. A process of its own does
it, whose memory is measured. The yardstick is the same drawing of one sheet, with a compilation for each card. Runs on
a database of its own. Exits with 1 if a measure misses its target.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from typing import Any

import django
from django.core.management import call_command

from tests.benchmarks.results import Line, show

BADGES = 10_000
AT_DESK = 10
BATCH_MINUTES = 10
MEMORY_MB = 600
DESK_SECONDS = 1.0
WORK = "--work"


def main() -> int:
    """Fill a database, let the work be done, print the table, return the exit code."""
    if WORK in sys.argv:
        return _work()
    count = int(sys.argv[1]) if len(sys.argv) > 1 else BADGES
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        os.environ["VAR_DIR"] = folder
        django.setup()
        call_command("migrate", verbosity=0)
        _fill(count + AT_DESK)
        told = subprocess.run(  # noqa: S603 - this very file
            [sys.executable, "-m", "tests.benchmarks.badge_printing_bench", WORK],
            stdout=subprocess.PIPE,
            check=True,
        )
        done = json.loads(told.stdout)
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return show(f"{count:,} badges from the intent to the sheet", _lines(count, done, memory))


def _lines(count: int, done: dict[str, Any], memory: float) -> list[Line]:
    seconds, desk = done["batch"], done["desk"]
    limit = BATCH_MINUTES * 60 * count / BADGES
    return [
        (
            f"{done['printed']:,} badges intended, signed and drawn on {done['sheets']} sheets",
            f"{seconds:.0f} s, {done['processor']:.0f} s of the processor, {count / seconds:.0f} a second",
            f"at most {limit:.0f} s, everybody",
            seconds <= limit and done["printed"] == count,
        ),
        ("memory of the process that did it", f"{memory:.0f} MB", f"at most {MEMORY_MB} MB", memory <= MEMORY_MB),
        (
            f"one badge at the desk, issued and printed ({len(desk)} people)",
            f"p50 {statistics.median(desk):.2f} s, slowest {max(desk):.2f} s",
            f"at most {DESK_SECONDS:.0f} s",
            max(desk) <= DESK_SECONDS,
        ),
        ("a sheet of 100 cards drawn in one go", f"{done['together'] * 10:.1f} ms a card", "", True),
        (
            "yardstick: the same cards, each compiled by itself",
            f"{done['apart'] * 10:.1f} ms a card, {done['apart'] / done['together']:.1f} times as long",
            "",
            True,
        ),
    ]


def _fill(count: int) -> None:
    # The models can be imported only once Django is set up.
    from tests.benchmarks.badge_people import make_people  # noqa: PLC0415

    make_people(count)


def _work() -> int:
    """What the measured process does; it tells its figures as JSON."""
    django.setup()
    from tests.benchmarks.badge_work import batch_of_all, desk_of, drawn_apart  # noqa: PLC0415

    desk = desk_of(AT_DESK)
    wall, processor = time.perf_counter(), time.process_time()
    printed, sheets = batch_of_all()
    batch, used = time.perf_counter() - wall, time.process_time() - processor
    together, apart = drawn_apart()
    figures = {"desk": desk, "batch": batch, "processor": used, "printed": printed, "sheets": sheets}
    sys.stdout.write(json.dumps({**figures, "together": together, "apart": apart}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
