"""Bench of taking in a file of 90,000 citizens: `python -m tests.benchmarks.citizens_bench [rows]`.

The yardstick is the bulk path of django-import-export on the same file in the same run. It parses the whole file; its
writing, which takes minutes, is timed on a slice and scaled. It looks people and nominations up one by one, by index;
kept in memory, all of them (CachedForeignKeyWidget), its writing in (b) takes about a third.

Each side has a process and a SQLite database of its own. Time is that of the processor, because others use the machine
too. Exits with 1 if a measure misses its target.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import django
from django.core.management import call_command
from django.db import connection
from rich.console import Console
from rich.table import Table

ROWS = 90_000
SLICE = 9_000
TIMES_FASTER = 12
PEAK_MB = 450
AnyT = TypeVar("AnyT")


@dataclass(frozen=True, slots=True)
class Row:
    """One measure: what was measured, the target, and whether it is reached; no target, no verdict."""

    measure: str
    measured: str
    target: str = ""
    reached: bool = True


def main() -> int:
    """Write the file, run each side in a process of its own, print the table, return the exit code."""
    if len(sys.argv) > 2:  # a child: which side, and the file
        sys.stdout.write(json.dumps(_in_a_database(sys.argv[1], Path(sys.argv[2]))))
        return 0
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    path = Path(tempfile.gettempdir()) / f"observer-desk-citizens-{count}.xlsx"
    with tempfile.TemporaryDirectory() as folder:
        os.environ["BENCH_FOLDER"] = folder
        _child("stage", path)
        ours, people, everything = (_child(side, path) for side in ("product", "people", "everything"))
    rows = _rows(count, ours, people, everything)
    table = Table(title=f"{count:,} rows of 16 columns ({path.stat().st_size / 1e6:.1f} MB), seconds of the processor")
    for heading in ("measure", "measured", "target", "verdict"):
        table.add_column(heading)
    for row in rows:
        table.add_row(row.measure, row.measured, row.target, ("ok" if row.reached else "missed") if row.target else "")
    Console(width=150).print(table)
    return 0 if all(row.reached for row in rows) else 1


def _rows(count: int, ours: dict[str, float], people: dict[str, float], everything: dict[str, float]) -> list[Row]:
    scale = count / everything["rows"]
    of_people = people["parse"] + people["write"] * scale
    of_all = everything["parse"] + everything["write"] * scale
    scaled = f"writing of {everything['rows']:,.0f} rows, times {scale:.0f}"
    return [
        Row("product: read and check, before somebody says yes", f"{ours['check']:.1f} s"),
        Row("product: read, check and write five tables", f"{ours['write']:.1f} s"),
        Row("product: peak memory", f"{ours['peak']:.0f} MB", f"at most {PEAK_MB} MB", ours["peak"] <= PEAK_MB),
        Row(f"yardstick (a), people only: parse, and {scaled}", _told(people, of_people)),
        Row(f"yardstick (b), three tables: parse, and {scaled}", _told(everything, of_all)),
        Row("(a) / product", f"{of_people / ours['write']:.1f}"),
        Row(
            "(b) / product",
            f"{of_all / ours['write']:.1f}",
            f"at least {TIMES_FASTER}",
            of_all >= TIMES_FASTER * ours["write"],
        ),
        Row("(b) / product with its first check", f"{of_all / (ours['check'] + ours['write']):.1f}"),
    ]


def _told(yardstick: dict[str, float], in_all: float) -> str:
    return f"{in_all:.1f} s, {yardstick['parse']:.1f} of them parsing"


def _child(side: str, path: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.citizens_bench", side, str(path)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - ourselves
    measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return measured


def _in_a_database(side: str, path: Path) -> dict[str, float]:
    """Do one side's work on its copy of the database that the stage has laid out."""
    folder = Path(os.environ["BENCH_FOLDER"])
    if side != "stage":
        shutil.copy(folder / "stage.sqlite3", folder / f"{side}.sqlite3")
    os.environ["DATABASE_URL"] = f"sqlite:///{folder}/{side}.sqlite3"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ["VAR_DIR"] = str(folder)
    django.setup()
    # The models can be imported only once Django is set up.
    from tests.benchmarks import citizens_instance as instance  # noqa: PLC0415

    if side == "stage":
        call_command("migrate", verbosity=0)
        instance.make_election()
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        if not path.exists():
            instance.write_file(path, int(path.stem.rsplit("-", 1)[1]))
        return {}
    if side == "product":
        checking, file = _timed(lambda: instance.check(path))
        writing, file = _timed(lambda: instance.take_in(file))
        if file.added != file.rows:
            raise RuntimeError(f"{file.refused} rows were refused: {file.findings[:3]}")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return {"check": checking, "write": writing, "peak": peak}
    parsing, rows = _timed(lambda: instance.parse(path))
    sample = type(rows)(*rows[:SLICE], headers=rows.headers)
    write = instance.write_people if side == "people" else instance.write_everything
    writing, _none = _timed(lambda: write(sample))
    return {"parse": parsing, "write": writing, "rows": len(sample)}


def _timed(work: Callable[[], AnyT]) -> tuple[float, AnyT]:
    begun = time.process_time()
    done = work()
    return time.process_time() - begun, done


if __name__ == "__main__":
    sys.exit(main())
