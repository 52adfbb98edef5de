"""Celery's door to the outbox: one service call each, with the clock read here."""

from celery import shared_task

from missions.kernel import clock
from missions.reminders.services.delivery import deliver_due
from missions.reminders.services.digests import gather_digests
from missions.reminders.services.planning import plan_reminders


@shared_task(name="reminders.plan_due")
def plan_due_reminders() -> int:
    """Plan what the sources yield now; returns how many reminders are new."""
    return plan_reminders(at=clock.now())


@shared_task(name="reminders.gather_digests")
def gather_due_digests() -> int:
    """Make the digests whose hour has come; returns how many."""
    return gather_digests(at=clock.now())


@shared_task(name="reminders.deliver_due", soft_time_limit=50)  # below the lease of one message
def deliver_due_reminders() -> int:
    """Send what is due now; returns how many mails went out."""
    return deliver_due(at=clock.now()).sent
