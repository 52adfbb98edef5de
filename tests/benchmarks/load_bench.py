"""Bench of a whole installation under load: `python -m tests.benchmarks.load_bench [--seconds 60]`.

PostgreSQL, Valkey, gunicorn with two workers of four threads, a worker of two processes and a beat, started by the
scripts of the image as production starts them, on this machine beside the crowd that asks. The last day before the
deadline, thirty nomination files at once, one lead who asks far too often, and the reports of election day.

Times are marked against their targets, which hold for two idle processors. What decides the exit code is what must be
so on any machine: nothing answered as taken is lost, nothing is there twice, no place is given beyond those granted,
nothing breaks.

Elsewhere: single scans at doors, devices that reconnect all at once and verification online in `badge_scans_bench` and
`scans_soak`; public pages and the crowd at the end of an embargo in `reports_bench`; mails in `mail_bench`, reminders
in `reminders_bench`, badges in `badge_printing_bench`, long lists in `lists_bench` and `desk_bench`; two hours of this
at a third of the pace in `load_soak`. Forms that observers fill in are not taken by the product.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.load_crowd import crowd_at
from tests.benchmarks.load_installation import THREADS, WORKERS, Running, running_installation
from tests.benchmarks.load_table import show_tallies
from tests.benchmarks.results import Line, show

SECONDS = 60
PORTRAITS = 40
#: Requests of one token in a minute, as in production; a shorter window has a smaller quota to be used up in it.
RATE = 600
WEB_MIB, WORKER_MIB, GROWTH = 400, 300, 1.05


def main() -> int:
    """Run the installation and all loads, print the tables, return the exit code."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=SECONDS, help="length of each load")
    seconds = parser.parse_args().seconds
    rate = max(RATE * seconds // SECONDS, 60)
    with running_installation(API_RATE=f"{rate}/minute") as running, tempfile.TemporaryDirectory() as folder:
        return _measure(running, seconds, Path(folder))


def _measure(running: Running, seconds: int, folder: Path) -> int:
    # The models can be imported only once Django is set up.
    from tests.benchmarks.load_calls import write_photos  # noqa: PLC0415
    from tests.benchmarks.load_instance import make_world  # noqa: PLC0415
    from tests.benchmarks.load_scenarios import PHOTOS_PER_S, WARM_UP_S, Load  # noqa: PLC0415

    world, photos = make_world(without_photo=PHOTOS_PER_S * (seconds + WARM_UP_S)), write_photos(folder, PORTRAITS)
    with crowd_at(running.port) as crowd:
        load = Load(world, crowd, folder, seconds, photos)
        load.warm_up()
        warm = running.web_mib()
        for scenario in (load.deadline_day, load.election_day, load.imports, load.loud_lead):
            scenario()
            load.marks.append(
                (f"largest web process after {scenario.__name__}", f"{running.web_mib():.0f} MiB", "", True)
            )
    show_tallies(f"an installation under load, {seconds} s each; web {WORKERS} × {THREADS}", load.tallies)
    show("times and memory, for two idle processors", [*load.marks, *_memory(running, warm)])
    exit_code = show("what must be so", load.exact)
    return exit_code or int(not all(one.is_right for one in load.tallies))


def _memory(running: Running, warm: float) -> list[Line]:
    web, worker = running.web_mib(), running.worker_mib()
    return [
        ("largest web process at the end", f"{web:.0f} MiB", f"{WEB_MIB} MiB", web <= WEB_MIB),
        ("the same, to after the warm-up", f"{web / warm:.2f}", f"at most {GROWTH}", web <= GROWTH * warm),
        ("largest process of the worker", f"{worker:.0f} MiB", f"{WORKER_MIB} MiB", worker <= WORKER_MIB),
    ]


if __name__ == "__main__":
    sys.exit(main())
