"""The same jobs as Celery's, run in this process: for installations without a broker, and as a sweeper beside it."""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from types import MappingProxyType

from django.db import close_old_connections, connections

from accreditation.badges.services.batches import work_off_batches
from accreditation.badges.services.issuing import sign_waiting
from accreditation.badges.services.publishing import publish_due
from accreditation.citizens.work import work_off_citizens
from accreditation.intake.services.work import work_off_imports
from accreditation.letters.services.batches import issue_ordered_letters
from accreditation.services.endings import expire_due
from accreditation.services.keeping import keep_due
from accreditation.services.paper_files import sweep_files
from accreditation.services.revetting import revet_after_list_changes
from accreditation.services.reviewing import review_lists
from config.celery import SCHEDULE
from config.observability.jobs import job_at_work
from missions.accounts.services.resets import answer_reset_requests
from missions.kernel import clock
from missions.kernel.keys import forget_old_keys
from missions.reminders.services.delivery import deliver_due
from missions.reminders.services.digests import gather_digests
from missions.reminders.services.planning import plan_reminders
from missions.reports.services.files import sweep_report_files
from missions.reports.services.publishing import write_pages
from missions.timeline.programme.services.solving import work_off_programmes
from stations.deployment.services.crowding import take_crowding
from stations.deployment.services.solving import work_off_runs

logger = logging.getLogger(__name__)

Job = Callable[[datetime], int]


@dataclass(frozen=True, slots=True)
class JobResult:
    """What one job did: how many things, or that it broke (the log says how)."""

    name: str
    done: int = 0
    is_broken: bool = False


#: In the order of one sweep: what is planned is delivered in the same breath.
JOBS: Mapping[str, Job] = MappingProxyType(
    {
        "accounts.answer_resets": lambda at: answer_reset_requests(at=at),
        "intake.work_off": lambda at: work_off_imports(at=at),
        "citizens.work_off": lambda at: work_off_citizens(at=at),
        "accreditation.review_lists": lambda at: review_lists(at=at),
        "letters.work_off": lambda at: issue_ordered_letters(at=at),
        "badges.sign_waiting": lambda at: sign_waiting(at=at),
        "badges.work_off": lambda at: work_off_batches(at=at),
        "badges.publish_lists": lambda at: publish_due(at=at),
        "programme.work_off": lambda at: work_off_programmes(at=at),
        "deployment.work_off": lambda at: work_off_runs(at=at),
        "deployment.take_crowding": lambda at: take_crowding(at=at),
        "reminders.plan_due": lambda at: plan_reminders(at=at),
        "reminders.gather_digests": lambda at: gather_digests(at=at),
        "reminders.deliver_due": lambda at: deliver_due(at=at).sent,
        "reports.write_pages": lambda at: write_pages(),
        "accreditation.keep_due": lambda at: keep_due(at=at),
        "accreditation.revet": lambda at: revet_after_list_changes(at=at),
        "accreditation.expire_due": lambda at: expire_due(at=at),
        "accreditation.sweep_files": lambda at: sweep_files(),
        "reports.sweep_files": lambda at: sweep_report_files(),
        "kernel.forget_keys": lambda at: forget_old_keys(at=at),
    }
)


def run_due(*, at: datetime) -> tuple[JobResult, ...]:
    """Run every job once, in order. A job that breaks is logged and stops none of the others."""
    return tuple(_run(name, at=at) for name in JOBS)


class JobLoop:
    """Runs each job at its interval in a thread of its own, until it is told to stop."""

    def __init__(self, schedule: Mapping[str, timedelta] = SCHEDULE) -> None:
        self._schedule = schedule
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin, each job at once and then at its interval. The thread does not keep the process alive.

        Raises RuntimeError if the loop runs already.
        """
        if self._thread is not None:
            raise RuntimeError("the job loop runs already")
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, name="job-loop", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Let the job at hand finish, then end; returns when the loop is over."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        next_at = dict.fromkeys(self._schedule, monotonic())
        try:
            while not self._stopping.wait(max(0.0, min(next_at.values()) - monotonic())):
                for name in (name for name in self._schedule if next_at[name] <= monotonic()):
                    self._run_now(name)
                    next_at[name] = monotonic() + self._schedule[name].total_seconds()
        finally:
            connections.close_all()

    def _run_now(self, name: str) -> None:
        close_old_connections()
        try:
            at = clock.now()
        except Exception:  # without the database there is no clock and no work; it may be back at the next turn
            logger.exception("The clock cannot be read; job %s waits", name)
            return
        _run(name, at=at)


def _run(name: str, *, at: datetime) -> JobResult:
    try:
        with job_at_work(name, by_beat=True):
            return JobResult(name, JOBS[name](at))
    except Exception:  # a broken job must not end the loop, nor keep the other jobs from their turn
        logger.exception("Job %s broke", name)
        return JobResult(name, is_broken=True)
