"""Celery's door to the files that wait for the job: one service call, with the clock read here."""

from celery import shared_task

from accreditation.intake.services.work import work_off_imports
from missions.kernel import clock


@shared_task(name="intake.work_off", soft_time_limit=240)  # below the lease of one file
def work_off() -> int:
    """Read the files that wait and take in those that were handed over; returns how many came forward."""
    return work_off_imports(at=clock.now())
