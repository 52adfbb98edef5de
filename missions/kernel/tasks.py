"""Celery's door to what the kernel forgets."""

from celery import shared_task

from missions.kernel import clock
from missions.kernel.keys import forget_old_keys


@shared_task(name="kernel.forget_keys")
def forget_keys() -> int:
    """Delete idempotency keys that are too old to be repeated; returns how many there were."""
    return forget_old_keys(at=clock.now())
