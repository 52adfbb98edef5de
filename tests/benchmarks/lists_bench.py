"""Bench of the long lists of the API over 90,000 nominations: `python -m tests.benchmarks.lists_bench [rows]`.

The list as the product gives it beside the same list by a serializer over joined rows, with limit, offset and count,
in the same run: view and encoding alone, then whole requests with token, scope and limits. Once on SQLite and once on
PostgreSQL, each in a process of its own; one thread, no network. Exits with 1 if a measure misses its target.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import django
from django.core.management import call_command

from tests.benchmarks.doors_server import running_database
from tests.benchmarks.results import Line, show

ROWS = 90_000
ROUND_S = 2.0
ROUNDS = 3
#: How many times as many requests a second, at least: view and encoding, whole request; and what is aimed at.
TIMES = (5.0, 3.0)
AIMS = {"sqlite": (12.0, 4.0), "postgresql": (20.0, 6.0)}
DEEP, DEEP_AIM = 1.3, 1.1
LIMITS = {f"API_{name}_RATE": "1000000/minute" for name in ("MISSION", "ADDRESS")} | {"API_RATE": "1000000/minute"}


def main() -> int:
    """Measure on both databases, print a table for each, return the exit code."""
    if len(sys.argv) > 2:
        return _on(sys.argv[2], int(sys.argv[1]))
    rows = sys.argv[1] if len(sys.argv) > 1 else str(ROWS)
    command = [sys.executable, "-m", "tests.benchmarks.lists_bench", rows]
    return max(subprocess.run([*command, vendor], check=False).returncode for vendor in AIMS)  # noqa: S603


def _on(vendor: str, count: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "config.settings", "VAR_DIR": folder, **LIMITS}
        if vendor == "sqlite":
            os.environ["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        with running_database(**LIMITS) if vendor == "postgresql" else nullcontext():
            if vendor == "sqlite":
                django.setup()
                call_command("migrate", verbosity=0)
            lines = _measure(vendor, Path(tempfile.gettempdir()) / f"observer-desk-citizens-{count}.xlsx", count)
    return show(f"{count:,} nominations, pages of 100, {vendor}", lines)


def _measure(vendor: str, path: Path, count: int) -> list[Line]:
    # The models can be imported only once Django is set up.
    from tests.benchmarks.lists_instance import Lists  # noqa: PLC0415

    lists = Lists.filled(path, count)
    pages = {"first page": 0, "middle page": count // 2}
    lines: list[Line] = []
    whats = ("view and encoding", "whole request")
    for what, whole, target, aim in zip(whats, (False, True), TIMES, AIMS[vendor], strict=True):
        for name, at in pages.items():
            plain, rows = lists.plain(at, whole=whole), lists.rows(at, whole=whole)
            slow, fast = _per_second(plain), _per_second(rows)
            wanted = f"{target:g} times, aim {aim:g}" if at else ""
            measured = f"{fast:,.0f}/s, plain {slow:,.0f}/s: {fast / slow:.1f} times"
            measured += f"; queries {lists.queries(rows)}, plain {lists.queries(plain)}"
            lines.append((f"{what}, {name}", measured, wanted, fast >= target * slow or not at))
    first, deep = _each(lists.rows(0, whole=True), lists.rows(count // 2, whole=True))
    lines.append(
        (
            "page 450 / page 1, median time",
            f"{deep / first:.2f}",
            f"at most {DEEP:g}, aim {DEEP_AIM:g}",
            deep <= DEEP * first,
        )
    )
    return lines


def _per_second(request: Callable[[], object]) -> float:
    """Requests a second; the best of three rounds, for others may be at work on the machine."""
    request()
    rates = []
    for _round in range(ROUNDS):
        done, since = 0, time.perf_counter()
        while time.perf_counter() - since < ROUND_S:
            request()
            done += 1
        rates.append(done / (time.perf_counter() - since))
    return max(rates)


def _each(first: Callable[[], object], deep: Callable[[], object]) -> tuple[float, float]:
    """Median seconds of both, asked in turn."""
    times: tuple[list[float], list[float]] = ([], [])
    for _round in range(100):
        for request, kept in zip((first, deep), times, strict=True):
            since = time.perf_counter()
            request()
            kept.append(time.perf_counter() - since)
    return statistics.median(times[0]), statistics.median(times[1])


if __name__ == "__main__":
    sys.exit(main())
