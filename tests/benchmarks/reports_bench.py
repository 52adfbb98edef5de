"""Bench of the public pages of reports: `python -m tests.benchmarks.reports_bench [seconds]`.

Real PostgreSQL and gunicorn with two workers on this machine, beside the crowd that reads; no worker and no beat. Pages
from the snapshot, pages that Django makes, and a crowd that waits for the end of an embargo. Exits with 1 if a measure
misses its target.
"""

import datetime as dt
import sys
import time
from collections import Counter
from collections.abc import Sequence

from tests.benchmarks.doors_load import Answer, Call, at_rate, percentile
from tests.benchmarks.doors_server import WORKERS, running_server
from tests.benchmarks.results import Line, show

SECONDS = 20
SNAPSHOT_PER_S, DYNAMIC_PER_S = 500, 60
SNAPSHOT_P95_MS, DYNAMIC_P95_MS = 100, 500
READERS, CROWD_S = 2_000, 10
#: At an open pace the last answers come a little after the last questions.
_AT_PACE = 0.97


def main() -> int:
    """Serve, measure, print the table, return the exit code."""
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    with running_server() as port:
        lines = _measure(port, seconds)
    return show(f"public reports: PostgreSQL, gunicorn with {WORKERS} workers", lines)


def _measure(port: int, seconds: int) -> list[Line]:
    # The models can be imported only once Django is set up.
    from missions.kernel import clock  # noqa: PLC0415
    from missions.models import User  # noqa: PLC0415
    from missions.reports.services.publishing import write_pages  # noqa: PLC0415
    from missions.reports.services.registering import register_report  # noqa: PLC0415
    from tests.benchmarks.reports_instance import AWAITED, MISSIONS, make_reports  # noqa: PLC0415

    awaited = make_reports()
    begin = time.perf_counter()
    addresses = write_pages()
    took = time.perf_counter() - begin
    begin = time.perf_counter()
    write_pages()
    again = time.perf_counter() - begin
    lines = [
        (f"snapshot of {2 * MISSIONS} reports, {addresses} addresses, made whole", f"{took:.1f} s", "", True),
        ("the same, nothing changed", f"{1000 * again:.0f} ms", "", True),
    ]

    pages = [f"/reports/bench/{1 + number % (2 * MISSIONS)}/" for number in range(SNAPSHOT_PER_S * seconds)]
    lines.append(_paced("report pages from the snapshot", pages, SNAPSHOT_PER_S, SNAPSHOT_P95_MS, port))
    lists = ["/reports/bench/", "/reports/", "/reports/feed.atom", "/reports/bench/1/en.pdf"] * (
        SNAPSHOT_PER_S * seconds // 4
    )
    lines.append(_paced("lists, feed and files from the snapshot", lists, SNAPSHOT_PER_S, SNAPSHOT_P95_MS, port))
    asked = [f"/reports/bench/{1 + number % 144}/?fresh={number}" for number in range(DYNAMIC_PER_S * seconds)]
    lines.append(_paced("report pages from Django", asked, DYNAMIC_PER_S, DYNAMIC_P95_MS, port))

    at = clock.now()
    ends_at = at + dt.timedelta(seconds=CROWD_S / 2)
    waits_from = time.perf_counter()
    register_report(report=awaited, embargo_until=ends_at, by=User.objects.get(), at=at)
    begin = time.perf_counter()
    answers = at_rate([Call("/reports/")] * READERS, per_second=READERS / CROWD_S, port=port)
    instant = waits_from - begin + CROWD_S / 2  # seconds after the crowd began, early by the time of one query
    return [*lines, *_crowd(answers, AWAITED.encode(), instant)]


def _paced(what: str, paths: Sequence[str], per_second: int, p95_ms: int, port: int) -> Line:
    begin = time.perf_counter()
    answers = at_rate([Call(path) for path in paths], per_second=per_second, port=port)
    rate = len(answers) / (time.perf_counter() - begin)
    reached = rate >= _AT_PACE * per_second and percentile(answers, 95) <= p95_ms and _all_good(answers)
    return (
        f"{what}, {per_second}/s offered",
        f"{rate:.0f}/s; {_told(answers)}",
        f"{per_second}/s, p95 {p95_ms} ms",
        reached,
    )


def _crowd(answers: Sequence[Answer], title: bytes, instant: float) -> list[Line]:
    """Each with the seconds after the crowd began at which it asked and had read."""
    timed = [(number * CROWD_S / READERS, answer) for number, answer in enumerate(answers)]
    early = sum(title in answer.body and asked + answer.seconds < instant for asked, answer in timed)
    late = sum(title not in answer.body and asked > instant + 1 for asked, answer in timed)
    told = sum(title in answer.body for answer in answers)
    return [
        (f"{READERS:,} readers in {CROWD_S} s while an embargo ends", _told(answers), "all of 200", _all_good(answers)),
        ("of them told early", f"{early:,}", "exactly 0", early == 0),
        ("of them not told a second later", f"{late:,}", "exactly 0", late == 0),
        ("of them told in all", f"{told:,}", "", True),
    ]


def _all_good(answers: Sequence[Answer]) -> bool:
    return all(answer.status == 200 for answer in answers)


def _told(answers: Sequence[Answer]) -> str:
    p50, p95, p99 = (percentile(answers, percent) for percent in (50, 95, 99))
    counted = ", ".join(
        f"{count:,} of {status}" for status, count in sorted(Counter(a.status for a in answers).items())
    )
    return f"p50 {p50:.0f} ms, p95 {p95:.0f} ms, p99 {p99:.0f} ms; {counted}"


if __name__ == "__main__":
    sys.exit(main())
