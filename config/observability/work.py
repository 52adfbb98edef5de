"""Figures about the work that waits: orders, mails, decisions and jobs. A dozen queries, each asked of an index."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from math import inf
from types import MappingProxyType
from typing import Any

from django.db import DatabaseError, InterfaceError, transaction
from django.db.models import Count, Min, QuerySet
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from accreditation.badges.models import PrintBatch
from accreditation.citizens.models import CitizenFile
from accreditation.intake.models import NominationImport
from accreditation.letters.models import LetterBatch
from accreditation.models import BulkReview
from accreditation.selectors import decisions_due_by
from config.celery import SCHEDULE
from missions.kernel import clock
from missions.kernel.jobs import job_ages
from missions.reminders.conditions import election_day_ends
from missions.reminders.models import Message
from missions.reminders.selectors import due_messages
from missions.reminders.states import MessageState
from missions.timeline.programme.models import Programme
from stations.deployment.models import PlanRun

logger = logging.getLogger(__name__)

Waiting = tuple[Callable[[], "QuerySet[Any]"], str]
#: What people ordered and a job has not finished, and since when.
ORDERS: Mapping[str, Waiting] = MappingProxyType(
    {
        "nomination_files": (lambda: NominationImport.objects.waiting_for_job(), "uploaded_at"),
        "citizen_files": (lambda: CitizenFile.objects.waiting_for_job(), "uploaded_at"),
        "reviews": (lambda: BulkReview.objects.waiting_for_job(), "ordered_at"),
        "letters": (lambda: LetterBatch.objects.filter(finished_at=None), "requested_at"),
        "print_batches": (lambda: PrintBatch.objects.filter(finished_at=None), "ordered_at"),
        "programmes": (lambda: Programme.objects.waiting_for_job(), "ordered_at"),
        "plans": (lambda: PlanRun.objects.waiting_for_job(), "ordered_at"),
    }
)
_OPEN_MAILS = (MessageState.PLANNED, MessageState.LEASED, MessageState.FAILED, MessageState.PARKED)
#: A job is late when it has not ended well for so many of its intervals, and a minute.
_LATE_INTERVALS, _LATE_SECONDS = 3, 60


class WorkCollector(Collector):
    """Reads the database when it is asked. If that is away it says so, and nothing else."""

    def collect(self) -> Iterable[Metric]:
        try:
            with transaction.atomic():
                figures = [*_figures(clock.now())]
        except (DatabaseError, InterfaceError):
            logger.exception("The figures about work cannot be read")
            return [_up(0)]
        return [_up(1), *figures]


def _up(value: float) -> Metric:
    return _gauge("database_up", "Whether the database answers.", value)


def _figures(at: datetime) -> Iterator[Metric]:
    yield from _orders(at)
    yield from _mails(at)
    overdue = sum(sum(due.counts.values()) for due in decisions_due_by(at) if at < election_day_ends(due.election))
    yield _gauge("decisions_overdue", "Applications whose time for the decision is over.", overdue)
    yield from _jobs()


def _orders(at: datetime) -> Iterator[Metric]:
    waiting: dict[str, float] = {}
    ages: dict[str, float] = {}
    for kind, (rows, since) in ORDERS.items():
        found = rows().order_by().aggregate(count=Count("pk"), first=Min(since))
        waiting[kind] = found["count"]
        ages[kind] = (at - found["first"]).total_seconds() if found["first"] else 0
    yield _gauges("queue_size", "Orders that a job has not finished.", "kind", waiting)
    yield _gauges("queue_age_seconds", "How long the oldest of them waits.", "kind", ages)


def _mails(at: datetime) -> Iterator[Metric]:
    rows = Message.objects.filter(state__in=_OPEN_MAILS).order_by().values_list("state").annotate(Count("pk"))
    counts = dict.fromkeys((state.value for state in _OPEN_MAILS), 0.0) | dict(rows)
    first = due_messages(at=at).order_by().aggregate(first=Min("due_at"))["first"]
    yield _gauges("outbox_size", "Mails that are not sent, by state.", "state", counts)
    age = (at - first).total_seconds() if first else 0
    yield _gauge("outbox_age_seconds", "How long the oldest due mail waits.", age)


def _jobs() -> Iterator[Metric]:
    """A job that has never ended well is late, and its age is endless."""
    ages = job_ages()
    succeeded = {name: ages.succeeded.get(name, inf) for name in SCHEDULE}
    late = {name: float(age > _late_after(name)) for name, age in succeeded.items()}
    yield _gauges("job_age_seconds", "Since each job last ended well.", "job", succeeded)
    yield _gauges("job_late", "Whether a job has not ended well for three intervals and a minute.", "job", late)
    yield _gauge("beat_age_seconds", "Since a beat last rang for a job that ran.", ages.beat)


def _late_after(job: str) -> float:
    return SCHEDULE[job].total_seconds() * _LATE_INTERVALS + _LATE_SECONDS


def _gauge(name: str, told: str, value: float) -> Metric:
    return GaugeMetricFamily(f"observer_desk_{name}", told, value=value)


def _gauges(name: str, told: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(f"observer_desk_{name}", told, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family
