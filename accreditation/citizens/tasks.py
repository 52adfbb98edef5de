"""Celery's door to the intake of citizen observers: one service call each."""

from celery import shared_task

from accreditation.citizens.work import work_off_citizens
from missions.kernel import clock


@shared_task(name="citizens.work_off", soft_time_limit=900)
def work_off() -> int:
    """Check and take in the files that wait; returns how many."""
    return work_off_citizens(at=clock.now())
