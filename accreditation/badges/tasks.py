"""Celery's door to the work on badges, with the clock read here."""

from celery import shared_task

from accreditation.badges.services import publishing
from missions.kernel import clock


@shared_task(name=publishing.BELL)
def publish_lists() -> int:
    """Sign and publish the lists that are due; returns how many files changed."""
    return publishing.publish_due(at=clock.now())
