"""Bench of the rules of deployment: `python -m tests.benchmarks.rules_bench [teams]`.

A draft of 400 teams with 4,000 visits among 6,537 stations: one change by hand and its judgement, and the whole plan.
Runs on a database of its own. Exits with 1 if the change by hand misses its target.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable

import django
from django.core.management import call_command

from tests.benchmarks.results import Line, show

TEAMS = 400
ROUNDS = 15
CHANGE_MS = 100


def main() -> int:
    """Fill a database, measure, print the table, return the exit code."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else TEAMS
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        os.environ["VAR_DIR"] = folder
        django.setup()
        call_command("migrate", verbosity=0)
        lines = _measure(count)
    return show(f"rules of deployment, {count} teams", lines)


def _measure(count: int) -> list[Line]:
    # The models can be imported only once Django is set up.
    from tests.benchmarks import rules_instance  # noqa: PLC0415

    instance = rules_instance.Instance.of(count)
    by_hand = _median(instance.change_by_hand)
    one, every = instance.facts(of_one_team=True), instance.facts(of_one_team=False)
    found = len(instance.findings(every))
    return [
        (
            f"one change by hand, judged (median of {ROUNDS})",
            _told(by_hand),
            f"at most {CHANGE_MS} ms of the processor",
            by_hand[1] <= CHANGE_MS,
        ),
        ("of that, the rules", _told(_median(lambda: instance.findings(one))), "", True),
        (
            f"the whole plan read, {instance.visits:,} visits",
            _told(_median(lambda: instance.facts(of_one_team=False), rounds=3)),
            "",
            True,
        ),
        (f"the whole plan judged, {found:,} findings", _told(_median(lambda: instance.findings(every))), "", True),
    ]


def _median(work: Callable[[], object], *, rounds: int = ROUNDS) -> tuple[float, float]:
    """Milliseconds by the clock and of the processor; the first time is not counted."""
    work()
    walls, processors = [], []
    for _round in range(rounds):
        wall, processor = time.perf_counter(), time.process_time()
        work()
        walls.append(1000 * (time.perf_counter() - wall))
        processors.append(1000 * (time.process_time() - processor))
    return statistics.median(walls), statistics.median(processors)


def _told(taken: tuple[float, float]) -> str:
    return f"{taken[0]:.0f} ms ({taken[1]:.0f} ms of the processor)"


if __name__ == "__main__":
    sys.exit(main())
