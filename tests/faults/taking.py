"""Taking a nomination file in, and dying at a given step: an act of the forge.

The steps are patched in from outside, in the child that dies; the product knows nothing of them.
"""

import os
import signal
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from accreditation.intake.models import StagedRow
from accreditation.intake.services import commits
from accreditation.intake.services.staging import stage_nominations
from accreditation.models import Nomination, Observer
from missions.kernel import clock
from missions.models import Mission


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


def take_in(order: Mapping[str, Any]) -> None:
    """The `file` of so many `rows` for the `mission`, up to the `step` at which the process dies."""
    step, rows = order["step"], order["rows"]
    mission = Mission.objects.get(pk=order["mission"])
    at = clock.now()
    kind = step.partition(":")[0]
    if kind == "stage":
        prepare(step, rows)
    data = Path(order["file"]).read_bytes()
    staged = stage_nominations(data=data, file_name="a.csv", mission=mission, by=None, at=at)
    if kind != "stage":
        prepare(step, rows)
    row = staged.nomination_import
    if row.state == "staged":
        if kind == "after_commit":
            with transaction.atomic():
                transaction.on_commit(die)
                commits.commit_import(nomination_import=row, by=None, at=at)
        commits.commit_import(nomination_import=row, by=None, at=at)
