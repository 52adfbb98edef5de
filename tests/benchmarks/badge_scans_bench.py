"""Bench of the doors on election day: `python -m tests.benchmarks.badge_scans_bench [seconds]`.

Real PostgreSQL and gunicorn with two workers on this machine, beside the crowd that asks. Single checks at a steady
pace; 650 devices that find the network again within six seconds, each with its day, and hand it in thrice; codes
verified online. Rows and alerts must be exact. Exits with 1 if a measure misses its target.
"""

import random
import sys
from collections import Counter
from collections.abc import Sequence

from tests.benchmarks.doors_load import Answer, Call, at_rate, percentile, until_taken
from tests.benchmarks.doors_server import WORKERS, running_server
from tests.benchmarks.results import Line, show

CHECKS_S = 60
CHECKS_PER_S = 50
CHECK_P95_MS, CHECK_P99_MS = 300, 1000
DEVICES = 650
OFFERED_PER_S = 109
TAKEN_PER_S = 20
#: Who is sent away comes back within a minute, whatever the server could take.
LAST_BACK_S = 75
VERIFY_S = 20
VERIFY_PER_S = 100
VERIFY_P95_MS = 200
#: A crowd on one address and without pauses; only the storm is held to the pace of the product.
RATES = {"VERIFY_RATE": "100000/minute", "DEVICE_RATE": "100000/minute"}


def main() -> int:
    """Serve, measure, print the table, return the exit code."""
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else CHECKS_S
    with running_server(**RATES) as port:
        lines = _measure(port, seconds)
    return show(f"the doors: PostgreSQL, gunicorn with {WORKERS} workers", lines)


def _measure(port: int, seconds: int) -> list[Line]:
    # The models can be imported only once Django is set up.
    from accreditation.badges.models import Scan, ScanAlert  # noqa: PLC0415
    from tests.benchmarks.doors_instance import make_doors  # noqa: PLC0415

    doors = make_doors(DEVICES)
    at_rate([Call("/api/v1/me/")] * 20, per_second=20, port=port)  # both workers have loaded their code
    lines = [_yardstick(port)]

    checks = at_rate(doors.checks(seconds * CHECKS_PER_S), per_second=CHECKS_PER_S, port=port)
    target = f"p95 {CHECK_P95_MS} ms, p99 {CHECK_P99_MS} ms"
    reached = percentile(checks, 95) <= CHECK_P95_MS and percentile(checks, 99) <= CHECK_P99_MS
    lines.append((f"a check sent alone, {CHECKS_PER_S}/s for {seconds} s", _told(checks), target, reached))
    lines.append(_exact("their rows", Scan.objects.count(), len(checks)))

    known, days = Scan.objects.count(), doors.days()
    taken, lasted = until_taken(days, per_second=OFFERED_PER_S, port=port)
    offered_s = DEVICES / OFFERED_PER_S
    rows = Scan.objects.order_by("pk")[known:].values_list("received_at", flat=True)
    at_once = sum((received - rows[0]).total_seconds() <= offered_s for received in rows) / 14
    rate = at_once / offered_s
    measured = f"{rate:.0f} batches/s meanwhile, the last after {lasted:.0f} s; {_statuses(taken)}"
    target = f"{TAKEN_PER_S} batches/s, all within {LAST_BACK_S} s"
    reached = rate >= TAKEN_PER_S and lasted <= LAST_BACK_S
    lines.append((f"{DEVICES} batches of 14 offered within {offered_s:.0f} s", measured, target, reached))
    again = random.Random(1).sample(days * 2, len(days) * 2)
    until_taken(again, per_second=OFFERED_PER_S, port=port)
    lines.append(
        _exact("their rows, after two more copies of each, shuffled", Scan.objects.count() - known, 14 * DEVICES)
    )
    copies = ScanAlert.objects.filter(kind="far_apart").count()
    lines.append(_exact("alerts of badges at two far doors", copies, doors.copies))

    asked = at_rate(doors.questions(VERIFY_S * VERIFY_PER_S), per_second=VERIFY_PER_S, port=port)
    good = sum(b'"result":"compare"' in answer.body for answer in asked)
    target, reached = f"p95 {VERIFY_P95_MS} ms", percentile(asked, 95) <= VERIFY_P95_MS
    lines.append((f"a code verified online, {VERIFY_PER_S}/s for {VERIFY_S} s", _told(asked), target, reached))
    lines.append(_exact("good ones among them", good, len(asked)))
    return lines


def _yardstick(port: int) -> Line:
    """What the machine needs for an answer that does nothing: a request without a token is refused."""
    answers = at_rate([Call("/api/v1/me/")] * 500, per_second=VERIFY_PER_S, port=port)
    return (f"yardstick: a request that is refused, {VERIFY_PER_S}/s", _told(answers), "", True)


def _told(answers: Sequence[Answer]) -> str:
    p50, p95, p99 = (percentile(answers, percent) for percent in (50, 95, 99))
    return f"p50 {p50:.0f} ms, p95 {p95:.0f} ms, p99 {p99:.0f} ms; {_statuses(answers)}"


def _statuses(answers: Sequence[Answer]) -> str:
    counted = sorted(Counter(answer.status for answer in answers).items())
    return ", ".join(f"{count:,} of {status}" for status, count in counted)


def _exact(what: str, found: int, expected: int) -> Line:
    return what, f"{found:,}", f"exactly {expected:,}", found == expected


if __name__ == "__main__":
    sys.exit(main())
