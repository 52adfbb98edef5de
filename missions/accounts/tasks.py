"""Celery's door to the requests for a new password."""

from celery import shared_task

from missions.accounts.services.resets import answer_reset_requests
from missions.kernel import clock


@shared_task(name="accounts.answer_resets")
def answer_resets() -> int:
    """Mail links to those who asked for a new password; returns how many mails were posted."""
    return answer_reset_requests(at=clock.now())
