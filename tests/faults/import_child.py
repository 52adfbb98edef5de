"""A process that takes a nomination file in and dies at a given step: `import_child.py FILE MISSION STEP`.

The steps are patched in from outside; the product knows nothing of them.
"""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

django.setup()

from django.db import transaction  # noqa: E402 - Django must be set up first
from django.db.models import QuerySet  # noqa: E402

from accreditation.intake.models import StagedRow  # noqa: E402
from accreditation.intake.services import commits  # noqa: E402
from accreditation.intake.services.staging import stage_nominations  # noqa: E402
from accreditation.models import Nomination, Observer  # noqa: E402
from missions.kernel import clock  # noqa: E402
from missions.models import Mission  # noqa: E402


def die(*_args: Any, **_kwargs: Any) -> None:
    """As a machine dies: no handler runs, nothing is flushed."""
    os.kill(os.getpid(), signal.SIGKILL)


def dying_insert(model: type, after: int) -> Callable[..., Any]:
    """Insert objects one by one, and die after so many of the model."""
    true_insert = QuerySet.bulk_create

    def insert(self: Any, objs: Any, *args: Any, **kwargs: Any) -> Any:
        if self.model is not model:
            return true_insert(self, objs, *args, **kwargs)
        for number, obj in enumerate(objs, start=1):
            true_insert(self, [obj])
            if number == after:
                die()
        return objs

    return insert


def prepare(step: str, rows: int) -> None:
    """Patch the one place at which this run dies."""
    kind, _colon, place = step.partition(":")
    number = {"first": 1, "half": rows // 2, "last": rows}.get(place, 0)
    match kind:
        case "stage":
            QuerySet.bulk_create = dying_insert(StagedRow, number)  # type: ignore[method-assign]
        case "observers":
            QuerySet.bulk_create = dying_insert(Observer, number)  # type: ignore[method-assign]
        case "nominations":
            QuerySet.bulk_create = dying_insert(Nomination, number)  # type: ignore[method-assign]
        case "before_commit":
            commits.note_commit = die  # type: ignore[assignment]


def main(file: str, mission_id: str, step: str, rows: str) -> None:
    mission = Mission.objects.get(pk=int(mission_id))
    at = clock.now()
    kind = step.partition(":")[0]
    if kind == "stage":
        prepare(step, int(rows))
    staged = stage_nominations(data=Path(file).read_bytes(), file_name="a.csv", mission=mission, by=None, at=at)
    if kind != "stage":
        prepare(step, int(rows))
    row = staged.nomination_import
    if row.state == "staged":
        if kind == "after_commit":
            with transaction.atomic():
                transaction.on_commit(die)
                commits.commit_import(nomination_import=row, by=None, at=at)
        commits.commit_import(nomination_import=row, by=None, at=at)


if __name__ == "__main__":
    main(*sys.argv[1:])
