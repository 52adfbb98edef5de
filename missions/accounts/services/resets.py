"""Asking for a new password. The page writes the same row for every address; a job looks which of them has an account.

So the page's answer, its queries and its time do not tell whether an account exists.
"""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction

from missions.accounts.models import ResetRequest
from missions.accounts.services.links import mail_reset
from missions.kernel.doorbell import ring_after_commit
from missions.models import User

ANSWER_BELL = "accounts.answer_resets"
#: Addresses that strangers typed are not kept for longer.
_KEPT_FOR = timedelta(days=1)
_EPOCH = datetime(2001, 1, 1, tzinfo=UTC)


def ask_for_reset(*, address: str, at: datetime) -> None:
    """Write down that somebody asked for a new password of this address, at most once per address and window."""
    window = at - (at - _EPOCH) % settings.RESET_WINDOW
    request = ResetRequest(address=address.strip().lower(), window=window, asked_at=at)
    ResetRequest.objects.bulk_create([request], ignore_conflicts=True)
    ring_after_commit(ANSWER_BELL)


def answer_reset_requests(*, at: datetime) -> int:
    """Mail a link for each request whose address has an account, and return how many mails were posted.

    The link counts from the request on: what waited for longer than a link lives gets no mail. Requests that were
    answered a day ago are forgotten.
    """
    ResetRequest.objects.filter(answered_at__lt=at - _KEPT_FOR).delete()
    waiting = ResetRequest.objects.filter(answered_at=None).order_by("pk").values_list("pk", flat=True)
    return sum(_answer(request_id, at=at) for request_id in list(waiting))


def _answer(request_id: int, *, at: datetime) -> bool:
    with transaction.atomic():
        request = ResetRequest.objects.select_for_update().filter(pk=request_id, answered_at=None).first()
        if request is None:
            return False
        request.answered_at = at
        request.save(update_fields=["answered_at"])
        user = User.objects.filter(email=request.address).first()
        expires_at = request.asked_at + settings.RESET_LIFETIME
        if user is None or at >= expires_at:
            return False
        return mail_reset(user=user, expires_at=expires_at, at=at) is not None
