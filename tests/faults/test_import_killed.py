"""An import that is killed at any step and then repeated ends as one that was not: N rows, no doubles, same report.

Real processes die by SIGKILL on the run's own database; nothing of the product knows of the steps.
"""

import datetime as dt
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connections

from accreditation.intake.models import NominationImport, StagedRow
from accreditation.intake.selectors import lines_of, rows_of
from accreditation.intake.services.staging import Staged, stage_nominations
from accreditation.models import Application, Nomination, Observer
from missions.kernel.models import Event
from missions.models import Mission
from missions.reminders.models import Message
from tests.accreditation.intake.conftest import csv, row
from tests.faults.processes import Forge

pytestmark = [pytest.mark.servers, pytest.mark.django_db(transaction=True)]
ROWS = 20
KILLED = -signal.SIGKILL


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "nominations.csv"
    path.write_bytes(csv(*(row(number) for number in range(2, ROWS + 2))))
    return path


def _run(forge: Forge, file: Path, mission: Mission, step: str) -> int:
    """Take the file in, in a process of its own; how it ended."""
    (code,) = forge.run("take_in", file=str(file), mission=mission.pk, step=step, rows=ROWS)
    assert code in (0, KILLED), forge.log_text()
    return code


def _report() -> list[tuple[int, str, str, tuple[str, ...]]]:
    return [
        (line.number, line.reference, line.status, tuple(found.code for found in line.findings))
        for line in lines_of(rows_of(NominationImport.objects.get()))
    ]


def _counts() -> dict[str, int]:
    return {
        "observers": Observer.objects.count(),
        "nominations": Nomination.objects.count(),
        "applications": Application.objects.count(),
        "rows": StagedRow.objects.count(),
        "mails": Message.objects.count(),
        "nominated": Event.objects.filter(verb="nominated").count(),
        "imported": Event.objects.filter(verb="nominations_imported").count(),
        "received": Event.objects.filter(verb="file_received").count(),
    }


WHOLE = {
    "observers": ROWS,
    "nominations": ROWS,
    "applications": ROWS,
    "rows": ROWS,
    "mails": 0,
    "nominated": ROWS,
    "imported": 1,
    "received": 1,
}


@pytest.mark.parametrize(
    "step",
    [
        "stage:first",
        "stage:half",
        "stage:last",
        "observers:half",
        "nominations:last",
        "before_commit",
        "after_commit",
    ],
)
def test_a_killed_import_is_repeated_without_a_trace(
    forge: Forge, other_mission: Mission, file: Path, step: str
) -> None:
    assert _run(forge, file, other_mission, step) == KILLED

    left = (Nomination.objects.count(), StagedRow.objects.count())
    taken = ROWS if step == "after_commit" else 0
    assert left == (taken, 0 if step.startswith("stage") else ROWS)  # whole steps only, whatever died

    assert _run(forge, file, other_mission, "never") == 0

    assert _counts() == WHOLE
    assert _report() == [(number, f"R-{number}", "added", ()) for number in range(2, ROWS + 2)]
    other_mission.refresh_from_db()
    assert other_mission.places_taken == ROWS
    assert NominationImport.objects.get().state == "committed"


def test_the_child_without_a_fault_takes_everything(forge: Forge, other_mission: Mission, file: Path) -> None:
    """The control: what the killed runs are compared with."""
    assert _run(forge, file, other_mission, "never") == 0
    assert _run(forge, file, other_mission, "never") == 0

    assert _counts() == WHOLE


def test_two_uploads_of_one_file_at_once_are_one_import(other_mission: Mission, file: Path) -> None:
    racers, data = 6, file.read_bytes()
    barrier = threading.Barrier(racers)
    at = dt.datetime(2024, 1, 18, 12, tzinfo=dt.UTC)

    def upload(_number: int) -> Staged:
        barrier.wait(timeout=30)
        try:
            return stage_nominations(data=data, file_name="a.csv", mission=other_mission, by=None, at=at)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(racers) as pool:
        staged = list(pool.map(upload, range(racers)))

    assert len({one.nomination_import.pk for one in staged}) == 1
    assert sorted(one.is_known for one in staged) == [False] + [True] * (racers - 1)
    assert (NominationImport.objects.count(), StagedRow.objects.count()) == (1, ROWS)
    assert Event.objects.filter(verb="file_received").count() == 1


def test_without_the_constraint_the_same_race_makes_several(other_mission: Mission, file: Path) -> None:
    """The control: looking before writing, as everybody does first, lets every racer through."""
    racers = 6
    everybody_has_looked = threading.Barrier(racers)
    seen: list[bool] = []

    def look_then_write(_number: int) -> None:
        found = NominationImport.objects.filter(mission=other_mission).exists()
        everybody_has_looked.wait(timeout=30)
        seen.append(found)
        connections.close_all()

    with ThreadPoolExecutor(racers) as pool:
        list(pool.map(look_then_write, range(racers)))

    assert seen == [False] * racers  # each of them would now write
