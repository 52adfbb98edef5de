"""Bench of delivery: `python -m tests.benchmarks.mail_bench [mails]`.

Real senders and a mail server that takes everything, all on this machine: four senders on PostgreSQL, then one on
SQLite, as the embedded loop is. Each mail is plain and HTML, to one of 72 domains. Every mail must arrive exactly once.
Exits with 1 if a measure misses its target.
"""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import django
from django.core.management import call_command
from django.db.models import Max, Min

from tests.benchmarks.doors_server import free_port, running_database, wait_for
from tests.benchmarks.results import Line, show

MAILS = 4_000
SENDERS = 4
MUST_PER_S, AIM_PER_S = 20, 200
EMBEDDED = "embedded"


def main() -> int:
    """Send, measure, print the table, return the exit code."""
    if sys.argv[1:2] == [EMBEDDED]:
        return _embedded(int(sys.argv[2]))
    mails = int(sys.argv[1]) if len(sys.argv) > 1 else MAILS
    with running_database() as folder:
        lines = _measure(folder, mails, senders=SENDERS, aim=AIM_PER_S)
    code = show(f"mails: PostgreSQL, {SENDERS} senders", lines)
    with TemporaryDirectory(prefix="observer-desk-bench-") as name:
        environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
        command = [sys.executable, "-m", "tests.benchmarks.mail_bench", EMBEDDED, str(mails // 4)]
        ended = subprocess.run(command, env={**environment, "VAR_DIR": name}, check=False)  # noqa: S603 - ourselves
    return max(code, ended.returncode)


def _embedded(mails: int) -> int:
    """In a process of its own: Django has one database."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    call_command("migrate", verbosity=0)
    lines = _measure(Path(os.environ["VAR_DIR"]), mails, senders=1, aim=0)
    return show("mails: SQLite, one sender", lines)


def _measure(folder: Path, mails: int, *, senders: int, aim: int) -> list[Line]:
    # The models can be imported only once Django is set up.
    from missions.reminders.models import Message  # noqa: PLC0415
    from tests.benchmarks.mail_work import plan  # noqa: PLC0415

    plan(mails)
    with _sink(folder) as (port, ids):
        environment = {**os.environ, "EMAIL_URL": f"smtp://127.0.0.1:{port}"}
        command = [sys.executable, "-m", "tests.benchmarks.mail_work"]
        running = [subprocess.Popen(command, env=environment) for _ in range(senders)]  # noqa: S603 - ourselves
        ended = [process.wait() for process in running]
        arrived = Counter(ids.read_text().split())
    sent = Message.objects.filter(state="sent")
    span: timedelta = sent.aggregate(span=Max("sent_at") - Min("sent_at"))["span"]
    rate = sent.count() / span.total_seconds()
    exact = len(arrived) == mails == sum(arrived.values()) and not any(ended)
    lines: list[Line] = [
        (f"{mails:,} mails", f"{rate:.0f}/s", f"{MUST_PER_S}/s", rate >= MUST_PER_S),
        ("arrived", f"{len(arrived):,}, copies {sum(arrived.values()) - len(arrived)}", "each once", exact),
    ]
    if aim:
        lines.insert(1, ("the same", f"{rate:.0f}/s", f"{aim}/s (aim)", rate >= aim))
    return lines


@contextmanager
def _sink(folder: Path) -> Iterator[tuple[int, Path]]:
    port, ids = free_port(), folder / "ids.txt"
    command = [sys.executable, "-m", "tests.benchmarks.mail_sink", str(port), str(ids)]
    process = subprocess.Popen(command)  # noqa: S603 - ourselves
    try:
        wait_for(port)
        yield port, ids
    finally:
        process.terminate()
        process.wait(30)


if __name__ == "__main__":
    sys.exit(main())
