"""Bench of the search for the same person among 90,000: `python -m tests.benchmarks.duplicates_bench`.

Runs on a database of its own (SQLite, or the empty one of DATABASE_URL). Beside each time stands a yardstick of
the same run, because shared machines change their speed. Exits with 1 if a measure misses what it must reach.
"""

import datetime as dt
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import django
from django.core.management import call_command
from rich.console import Console
from rich.table import Table

PEOPLE = 90_000
SAMPLE = 300
REVIEWED = 1_000
SEARCH_MS = 50
REVIEWS_S = 30
AT = dt.datetime(2024, 1, 18, 12, tzinfo=dt.UTC)

# fmt: off
_SURNAMES = (
    "Əliyev", "Məmmədov", "Hüseynov", "Həsənov", "Quliyev", "İbrahimov", "Rzayev", "Abbasov", "Cəfərov", "Orucov",
    "Kərimov", "Nəbiyev", "Şükürov", "Vəliyev", "Qasımov", "Babayev", "Mustafayev", "Səfərov", "Ağayev", "Bayramov",
    "Xəlilov", "Əhmədov", "Musayev", "Novruzov", "Zeynalov", "Rüstəmov",
)
_GIVEN = (
    "Elçin", "Rəşad", "Orxan", "Tural", "Vüsal", "Anar", "Ramil", "Samir", "Elnur", "Fərid", "Kamran", "Ceyhun",
    "Nicat", "Murad", "İlqar", "Heydər", "Natiq", "Azər", "Aygün", "Nigar", "Günel", "Leyla", "Sevinc", "Könül",
    "Aynur", "Lalə", "Nərmin", "Şəbnəm", "Ülviyyə", "Fidan", "Gülnar", "Rəna",
)
# fmt: on


@dataclass(frozen=True, slots=True)
class Row:
    """One measure: what was measured, the target, and whether it is reached."""

    measure: str
    measured: str
    target: str
    reached: bool


def main() -> int:
    """Fill a database, measure, print the table, return the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        os.environ["VAR_DIR"] = folder
        django.setup()
        call_command("migrate", verbosity=0)
        rows = _measure()
    table = Table(title=f"the same person among {PEOPLE:,}")
    for heading in ("measure", "measured", "target", "reached"):
        table.add_column(heading)
    for row in rows:
        table.add_row(row.measure, row.measured, row.target, "yes" if row.reached else "NO")
    Console(width=140).print(table)
    return 0 if all(row.reached for row in rows) else 1


def _measure() -> list[Row]:
    # The models can be imported only once Django is set up.
    from tests.benchmarks import register_instance as instance  # noqa: PLC0415

    people = instance.make_register(PEOPLE, reviewed=REVIEWED, names=(_SURNAMES, _GIVEN), at=AT)
    sample = random.Random(1).sample(people, SAMPLE)
    by_index = _times(instance.search, sample)
    whole = _times(instance.look_around, sample)
    scan = _times(instance.scan, sample[:20])
    begun, worked = time.perf_counter(), time.process_time()
    found = instance.review_all(REVIEWED, at=AT)
    seconds, worked = time.perf_counter() - begun, time.process_time() - worked
    yardstick = statistics.median(scan)
    return [
        _search_row("who may be the same, by name, birth and number", by_index, yardstick),
        _search_row("all that the register knows around a person", whole, yardstick),
        Row(
            f"{REVIEWED:,} reviews opened among {PEOPLE:,} people, {found:,} findings",
            f"{seconds:.1f} s, {worked:.1f} s of it at work; {seconds / yardstick * 1000:.0f} scans",
            f"must {REVIEWS_S} s",
            seconds <= REVIEWS_S,
        ),
    ]


def _search_row(measure: str, times: Sequence[float], yardstick: float) -> Row:
    middle, slow = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    return Row(
        measure,
        f"p50 {middle:.1f} ms, p95 {slow:.1f} ms; one scan {yardstick:.1f} ms",
        f"must p95 {SEARCH_MS} ms",
        slow <= SEARCH_MS,
    )


def _times(work: Callable[[int], object], keys: Iterable[int]) -> list[float]:
    """Milliseconds of each piece of work, after a first one that does not count."""
    times = []
    for key in [next(iter(keys)), *keys]:
        begun = time.perf_counter()
        work(key)
        times.append((time.perf_counter() - begun) * 1000)
    return times[1:]


if __name__ == "__main__":
    sys.exit(main())
