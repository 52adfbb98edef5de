"""Bench of a station sample of a very large country: `python -m tests.benchmarks.samples_bench`.

Runs on a database of its own (SQLite, or the empty one of DATABASE_URL). Beside the draw stands a yardstick of the same
run, because shared machines change their speed: reading the same rows and doing nothing with them. Exits with 1 if a
measure misses what it must reach.
"""

import datetime as dt
import os
import sys
import tempfile
import time
from collections.abc import Iterator

import django
from django.core.management import call_command

from tests.benchmarks.results import Line, show

STATIONS = 1_050_000
CONSTITUENCIES = 543
REGIONS = 36
MOST_TIMES_READING = 4.0
AT = dt.datetime(2024, 1, 18, 12, tzinfo=dt.UTC)
_CHUNK = 50_000
FIELDS = ("pk", "code", "kind", "constituency__region", "country", "is_urban", "is_newly_covered", "has_web_camera")


def main() -> int:
    """Fill a database, measure, print the table, return the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        os.environ["VAR_DIR"] = folder
        django.setup()
        call_command("migrate", verbosity=0)
        lines = _measure()
    return show(f"a sample of {STATIONS:,} stations", lines)


def _measure() -> list[Line]:
    # The models can be imported only after django.setup().
    from missions.models import Commission, Constituency, Election  # noqa: PLC0415
    from stations.deployment.samples.selectors import verify_sample  # noqa: PLC0415
    from stations.deployment.samples.services.draws import SampleWish, draw_sample  # noqa: PLC0415
    from stations.deployment.samples.states import FramePart, Stratifier  # noqa: PLC0415
    from stations.models import PollingStation  # noqa: PLC0415

    election = Election.objects.create(
        code="bench",
        name="Bench",
        host_country="XXA",
        e_day=dt.date(2024, 2, 7),
        time_zone="Etc/GMT-5",
        opens_at=dt.time(8),
        closes_at=dt.time(19),
    )
    central = Commission.objects.create(election=election, level="central", code="CEC", name="Central")
    places = [
        Constituency.objects.create(
            election=election,
            commission=Commission.objects.create(
                election=election, level="constituency", parent=central, code=f"C{number}", name=f"C{number}"
            ),
            number=number,
            name=f"Place {number}",
            region=f"Region {number % REGIONS}",
        ).pk
        for number in range(1, CONSTITUENCIES + 1)
    ]

    def rows(start: int) -> Iterator[PollingStation]:
        for number in range(start, min(start + _CHUNK, STATIONS)):
            yield PollingStation(
                election=election,
                code=f"{number:07d}",
                name=f"School {number}",
                kind="permanent",
                constituency_id=places[number % CONSTITUENCIES],
                voters=800,
                is_urban=number % 3 == 0,
                has_web_camera=number % 7 == 0,
                country="XXA",
                time_zone="Etc/GMT-5",
                opens_at=dt.time(8),
                closes_at=dt.time(19),
            )

    for start in range(0, STATIONS, _CHUNK):
        PollingStation.objects.bulk_create(rows(start), batch_size=500)
    begun = time.perf_counter()
    for _row in PollingStation.objects.order_by().values_list(*FIELDS).iterator(chunk_size=5_000):
        pass
    read = time.perf_counter() - begun
    wish = SampleWish(
        part=FramePart.HOME,
        stratifiers=(Stratifier.REGION, Stratifier.SETTLEMENT, Stratifier.CAMERA),
        margin_permille=20,
        minimum=2,
        seed="bench",
    )
    begun = time.perf_counter()
    sample = draw_sample(election=election, mission=None, wish=wish, by=None, at=AT)
    drawn = time.perf_counter() - begun
    begun = time.perf_counter()
    verification = verify_sample(sample)
    verified = time.perf_counter() - begun
    return [
        ("stations drawn for ±2 points", f"{sample.size:,}", "2,396", sample.size == 2_396),
        ("read the rows, as a yardstick", f"{read:.1f} s", "", True),
        (
            f"draw and store, {sample.strata.count()} strata",
            f"{drawn:.1f} s, {drawn / read:.1f} times reading",
            f"at most {MOST_TIMES_READING} times reading",
            drawn <= MOST_TIMES_READING * read,
        ),
        ("draw again and compare", f"{verified:.1f} s, {verified / read:.1f} times reading", "", True),
        ("the same stations come out", str(verification.holds), "True", verification.holds),
        ("kept frame", f"{len(sample.frame.content) / 2**20:.1f} MiB", "", True),
    ]


if __name__ == "__main__":
    sys.exit(main())
