"""When each job last ran: written by whoever runs jobs, read by whoever watches them. In real time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import inf

from django.db.models.functions import Now

from missions.kernel.models import JobRun


@dataclass(frozen=True, slots=True)
class JobAges:
    """Seconds since each job last ended well, by name, and since a beat last rang for one; endless if never."""

    succeeded: Mapping[str, float]
    beat: float


def note_job_began(name: str, *, by_beat: bool) -> None:
    """The job begins now; `by_beat` if its interval was over, and not because somebody rang for it."""
    updated = ["began_at", *(["beat_at"] if by_beat else [])]
    JobRun.objects.bulk_create(
        [JobRun(name=name, began_at=Now(), beat_at=Now() if by_beat else None)],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=updated,
    )


def note_job_ended(name: str, *, is_well: bool) -> None:
    """The job that began is over. One that was never noted as begun is left out."""
    ended = {"succeeded_at": Now()} if is_well else {"failed_at": Now()}
    JobRun.objects.filter(name=name).update(**ended)


def job_ages() -> JobAges:
    """How long ago the jobs ran. One query."""
    rows = JobRun.objects.values_list("name", "succeeded_at", "beat_at", Now())
    succeeded: dict[str, float] = {}
    beat = inf
    for name, succeeded_at, beat_at, now in rows:
        succeeded[name] = _seconds(succeeded_at, now)
        beat = min(beat, _seconds(beat_at, now))
    return JobAges(succeeded, beat)


def _seconds(instant: datetime | None, now: datetime) -> float:
    return inf if instant is None else max(0.0, (now - instant).total_seconds())
