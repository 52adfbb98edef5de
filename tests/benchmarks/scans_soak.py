"""Soak of the doors at full size: `python -m tests.benchmarks.scans_soak [devices]`.

All 6,537 devices find the network again within a minute, each with fourteen scans; then everything is handed in twice
more, shuffled. Each of the 91,518 scans must be there once, and each copied badge told once. Exits with 1 if not, or if
the first of it takes longer than six minutes.
"""

import random
import sys
from collections import Counter

from rich.console import Console

from tests.benchmarks.doors_load import percentile, until_taken
from tests.benchmarks.doors_server import running_server

DEVICES = 6_537
SCANS_EACH = 14
OFFERED_PER_S = 109
ALL_IN_S = 360
#: A crowd on one address; the pace at which batches are taken is that of the product.
RATES = {"DEVICE_RATE": "100000/minute"}


def main() -> int:
    """Serve, hand in thrice, print what is there, return the exit code."""
    devices = int(sys.argv[1]) if len(sys.argv) > 1 else DEVICES
    with running_server(**RATES) as port:
        return _soak(port, devices, Console(width=120))


def _soak(port: int, devices: int, console: Console) -> int:
    # The models can be imported only once Django is set up.
    from accreditation.badges.models import Scan, ScanAlert  # noqa: PLC0415
    from tests.benchmarks.doors_instance import make_doors  # noqa: PLC0415

    doors = make_doors(devices)
    days, order = doors.days(), random.Random(1)
    console.print(f"{devices:,} devices and {devices * SCANS_EACH:,} badges are there")
    lasted = 0.0
    for number in range(3):
        answers, seconds = until_taken(order.sample(days, len(days)), per_second=OFFERED_PER_S, port=port)
        lasted = lasted or seconds
        statuses = dict(Counter(answer.status for answer in answers))
        p50, p95 = percentile(answers, 50), percentile(answers, 95)
        console.print(
            f"copy {number + 1}: {seconds:.0f} s, {len(days) / seconds:.0f} batches/s, p50 {p50:.0f} ms, "
            f"p95 {p95:.0f} ms, {statuses}; {Scan.objects.count():,} scans"
        )
    scans, copies = Scan.objects.count(), ScanAlert.objects.filter(kind="far_apart").count()
    console.print(f"{scans:,} scans of {devices * SCANS_EACH:,}; {copies} alerts of {doors.copies} copied badges")
    is_exact = (scans, copies) == (devices * SCANS_EACH, doors.copies)
    return 0 if is_exact and lasted <= ALL_IN_S else 1


if __name__ == "__main__":
    sys.exit(main())
