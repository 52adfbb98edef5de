"""Idempotency keys that nobody repeats any more: forgotten with their answers."""

from datetime import datetime, timedelta

from missions.kernel.models import IdempotencyKey

#: So long a client may repeat a request and get the first answer.
KEPT_FOR = timedelta(hours=48)
_BATCH = 1_000


def forget_old_keys(*, at: datetime) -> int:
    """Delete the keys that are older than `KEPT_FOR` at the instant, and return how many there were."""
    forgotten = 0
    while True:
        old = IdempotencyKey.objects.filter(created_at__lt=at - KEPT_FOR).order_by("created_at")
        count, _by_model = IdempotencyKey.objects.filter(
            pk__in=list(old.values_list("pk", flat=True)[:_BATCH])
        ).delete()
        forgotten += count
        if count < _BATCH:
            return forgotten
