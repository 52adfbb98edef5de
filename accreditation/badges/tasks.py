"""Celery's door to the work on badges, with the clock read here."""

from celery import shared_task

from accreditation.badges.services import batches, intents, issuing, publishing
from missions.kernel import clock


@shared_task(name=publishing.BELL)
def publish_lists() -> int:
    """Sign and publish the lists that are due; returns how many files changed."""
    return publishing.publish_due(at=clock.now())


@shared_task(name=intents.SIGN_BELL)
def sign_waiting_badges() -> int:
    """Ask the signer for the badges that wait; returns how many it signed."""
    return issuing.sign_waiting(at=clock.now())


@shared_task(name=batches.BELL)
def work_off_print_batches() -> int:
    """Go on with the batches that are not finished; returns how many people got a result."""
    return batches.work_off_batches(at=clock.now())
