"""Celery's doors to deployment: one service call each, with the clock read here."""

from celery import shared_task

from missions.kernel import clock
from stations.deployment.services.crowding import take_crowding
from stations.deployment.services.runs import MOST_SECONDS
from stations.deployment.services.solving import work_off_runs


@shared_task(name="deployment.work_off", soft_time_limit=2 * MOST_SECONDS)
def work_off() -> int:
    """Make the plans that are ordered; returns how many orders came to an end."""
    return work_off_runs(at=clock.now())


@shared_task(name="deployment.take_crowding")
def take_crowding_pictures() -> int:
    """Take the pictures of crowding that are due; returns how many are new."""
    return take_crowding(at=clock.now())
