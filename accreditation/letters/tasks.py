"""Celery's door to the ordered letters, with the clock read here."""

from celery import shared_task

from accreditation.letters.services.batches import BELL, issue_ordered_letters
from missions.kernel import clock


@shared_task(name=BELL)
def work_off_letters() -> int:
    """Issue what is ordered; returns how many people got a result."""
    return issue_ordered_letters(at=clock.now())
