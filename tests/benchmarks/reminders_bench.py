"""Bench of planning: `python -m tests.benchmarks.reminders_bench [reminders]`.

Missions with twenty steps each, all of them tomorrow, and the product's own rule that tells their leads: written into
PostgreSQL, then into SQLite, then looked at again when nothing is new. Beside it, Django's own insert of as many rows.
Exits with 1 if a measure misses its target.
"""

import os
import resource
import subprocess
import sys
from tempfile import TemporaryDirectory

import django
from django.core.management import call_command

from tests.benchmarks.doors_server import running_database
from tests.benchmarks.results import show

REMINDERS = 10_000
SQLITE = "sqlite"
MOST_SECONDS, MOST_QUERIES, MOST_MB = 60, 20, 300


def main() -> int:
    """Plan, measure, print the tables, return the exit code."""
    if sys.argv[1:2] == [SQLITE]:
        return _on_sqlite(int(sys.argv[2]))
    reminders = int(sys.argv[1]) if len(sys.argv) > 1 else REMINDERS
    with running_database():
        code = _measure("PostgreSQL", reminders)
    with TemporaryDirectory(prefix="observer-desk-bench-") as name:
        environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
        command = [sys.executable, "-m", "tests.benchmarks.reminders_bench", SQLITE, str(reminders)]
        ended = subprocess.run(command, env={**environment, "VAR_DIR": name}, check=False)  # noqa: S603 - ourselves
    return max(code, ended.returncode)


def _on_sqlite(reminders: int) -> int:
    """In a process of its own: Django has one database, and memory is that of a process."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    call_command("migrate", verbosity=0)
    return _measure("SQLite", reminders)


def _measure(database: str, reminders: int) -> int:
    # The models can be imported only once Django is set up.
    from tests.benchmarks.reminders_work import lay_steps, plain_insert, plan_all  # noqa: PLC0415

    lay_steps(reminders)
    first, again, plain = plan_all(), plan_all(), plain_insert()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    per_thousand = first.queries * 1_000 / reminders
    return show(
        f"planning: {database}",
        [
            (
                f"{reminders:,} reminders planned",
                f"{first.seconds:.1f} s, {first.cpu:.1f} s of the processor",
                f"at most {MOST_SECONDS} s",
                first.new == reminders and first.seconds <= MOST_SECONDS,
            ),
            ("  queries per thousand", f"{per_thousand:.1f}", f"at most {MOST_QUERIES}", per_thousand <= MOST_QUERIES),
            (
                "  yardstick: Django inserts the same rows",
                f"{plain.cpu:.1f} s, {first.cpu / plain.cpu:.1f} times",
                "",
                True,
            ),
            (
                "planned again: nothing is new",
                f"{again.seconds:.1f} s, {again.queries * 1_000 / reminders:.1f} queries per thousand",
                "none is written",
                again.new == 0,
            ),
            ("memory at its highest", f"{memory} MB", f"at most {MOST_MB} MB", memory <= MOST_MB),
        ],
    )


if __name__ == "__main__":
    sys.exit(main())
