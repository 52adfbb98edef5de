"""Soak of a whole installation: `python -m tests.benchmarks.load_soak [--hours 2]`.

The loads of `load_bench` together, at a third of their pace, minute after minute; and mails, which the worker sends.
Exits with 1 if anything is lost, done twice or broken, if a mail is left in the outbox, if a connection to the database
stays open or in a transaction beyond what the processes may hold, or if the largest web process has grown by a
twentieth since the first tenth of the time. A missed pace is no error: it is printed for each minute.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from rich.console import Console

from tests.benchmarks.load_crowd import crowd_at
from tests.benchmarks.load_installation import THREADS, WORKERS, Running, running_installation
from tests.benchmarks.results import Line, show

HOURS = 2.0
ROUND_S, LEAST_ROUNDS = 60, 4
PACE = 0.3
PORTRAITS = 40
#: Photos go to these people again and again, so that the disk does not fill. No divisor in common with the portraits.
PEOPLE = 199
GROWTH = 1.05
OUTBOX_S = 120
#: Of the two processes of the worker, its parent and the beat.
OTHER_CONNECTIONS = 4


def main() -> int:
    """Run the installation for so long, print the tables, return the exit code."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--hours", type=float, default=HOURS)
    seconds = parser.parse_args().hours * 3600
    with running_installation() as running, tempfile.TemporaryDirectory() as folder:
        return _soak(running, seconds, Path(folder))


def _soak(running: Running, seconds: float, folder: Path) -> int:
    # The models can be imported only once Django is set up.
    from tests.benchmarks.load_calls import write_photos  # noqa: PLC0415
    from tests.benchmarks.load_instance import make_world  # noqa: PLC0415
    from tests.benchmarks.load_soaking import Soak, connection_lines  # noqa: PLC0415

    soak = Soak(make_world(without_photo=PEOPLE), write_photos(folder, PORTRAITS), pace=PACE)
    sizes: list[float] = []
    end = time.monotonic() + seconds
    with crowd_at(running.port) as crowd:
        while time.monotonic() < end or len(sizes) < LEAST_ROUNDS:
            told = soak.go_on(crowd, seconds=min(ROUND_S, max(int(seconds / LEAST_ROUNDS), 1)))
            sizes.append(running.web_mib())
            Console(width=150).print(f"{told}; largest web process {sizes[-1]:.0f} MiB")
    lines = [*soak.lines(within_s=OUTBOX_S), *connection_lines(web=WORKERS * THREADS, others=OTHER_CONNECTIONS)]
    return show("what must be so", [*lines, _growth(sizes)])


def _growth(sizes: list[float]) -> Line:
    """The last quarter against the first, without the first tenth, in which everything is loaded."""
    warm = sizes[len(sizes) // 10 :]
    part = max(len(warm) // 4, 1)
    before, after = median(warm[:part]), median(warm[-part:])
    told = f"{before:.0f} to {after:.0f} MiB, {after / before:.2f}"
    return "memory of the largest web process", told, f"at most {GROWTH}", after <= GROWTH * before


if __name__ == "__main__":
    sys.exit(main())
