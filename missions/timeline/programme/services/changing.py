"""Changing what a mission has asked for, as long as nobody was promised a time."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from missions.kernel.errors import Violation
from missions.kernel.events import record_event
from missions.models import User
from missions.timeline.programme.errors import RequestBookedError, RequestRefusedError
from missions.timeline.programme.models import Booking, MeetingRequest
from missions.timeline.programme.services.requests import RequestDraft, ensure_asked, lock_request, refuse_faults

#: What may become another; kind and part are what the request is.
_FIELDS = ("size", "language", "head_id", "earliest_at", "latest_at", "note")


def change_request(*, request: MeetingRequest, draft: RequestDraft, by: User | None, at: datetime) -> MeetingRequest:
    """Let the request say what the draft says; kind and part stay. The same again changes nothing.

    A draft of the programme that was made before is checked against the new wish when it is released. Records
    "meeting_changed" with what is new. Raises RequestBookedError if the released programme has a place for it,
    RequestRefusedError with each fault: those of a new request, a request that is withdrawn, a fixed time outside of
    the new window.
    """
    with transaction.atomic():
        row = lock_request(request)
        ensure_asked(row)
        if Booking.objects.released().filter(request=row).exists():
            raise RequestBookedError
        refuse_faults(row.mission, draft)
        if row.pinned_at is not None and not draft.earliest_at <= row.pinned_at < draft.latest_at:
            message = _("The ministry has fixed a time, and it does not lie in this window.")
            raise RequestRefusedError(violations=[Violation("earliest_at", "pin-outside-window", message)])
        changed = [name for name in _FIELDS if getattr(row, name) != getattr(draft, name)]
        if changed:
            for name in changed:
                setattr(row, name, getattr(draft, name))
            row.version += 1
            row.save(update_fields=[*changed, "version"])
            record_event("meeting_changed", row, by=by, at=at, scope_id=row.mission_id, changed=changed)
    return row
