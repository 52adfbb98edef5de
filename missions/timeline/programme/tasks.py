"""Celery's door to the versions that wait to be made: one service call, with the clock read here."""

from celery import shared_task

from missions.kernel import clock
from missions.timeline.programme.services.solving import work_off_programmes


@shared_task(name="programme.work_off", soft_time_limit=1_500)  # below the lease of one version
def work_off() -> int:
    """Make the versions that are ordered; returns how many came forward."""
    return work_off_programmes(at=clock.now())
