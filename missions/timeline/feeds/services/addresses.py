"""Calendar addresses: made once shown once, and revoked for good. The secret is random, so a plain digest keeps it."""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from missions.kernel.errors import MissingError
from missions.kernel.events import record_event
from missions.kernel.integrity import broken_constraint
from missions.models import Mission, User
from missions.timeline.feeds.errors import FeedNameError, FeedNameTakenError
from missions.timeline.feeds.models import FeedAddress

_LONGEST_NAME = 100
_SHOWN = 6
_READ_IS_NOTED_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class NewAddress:
    """An address and, this once, its secret, which is kept out of `repr`, and so out of logs."""

    address: FeedAddress
    secret: str = field(repr=False)


def make_address(*, user: User, mission: Mission | None, name: str, at: datetime) -> NewAddress:
    """A new address for the person's calendar of the mission, or of all that concerns them.

    Records "calendar_address_made". Raises MissingError for a mission that the person may not see, FeedNameError,
    FeedNameTakenError.
    """
    name = " ".join(name.split())
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise FeedNameError
    if mission is not None and not Mission.objects.visible_to(user).filter(pk=mission.pk).exists():
        raise MissingError
    secret = secrets.token_urlsafe(32)
    try:
        with transaction.atomic():
            address = FeedAddress.objects.create(
                user=user, mission=mission, name=name, digest=digest_of(secret), start=secret[:_SHOWN], made_at=at
            )
            scope_id = mission.pk if mission else None
            record_event("calendar_address_made", address, by=user, at=at, scope_id=scope_id)
    except IntegrityError as error:
        if broken_constraint(error, FeedAddress) != "feed_address_name_once":
            raise
        raise FeedNameTakenError from error
    return NewAddress(address, secret)


def revoke_address(*, address: FeedAddress, by: User, at: datetime) -> FeedAddress:
    """Make the address good for nothing, from the next reading on; revoking again changes nothing.

    Records "calendar_address_revoked". Raises MissingError for an address that is not the person's.
    """
    with transaction.atomic():
        locked = FeedAddress.objects.visible_to(by).select_for_update().filter(pk=address.pk).first()
        if locked is None:
            raise MissingError
        if locked.revoked_at is None:
            locked.revoked_at = at
            locked.save(update_fields=["revoked_at"])
            record_event("calendar_address_revoked", locked, by=by, at=at, scope_id=locked.mission_id)
    return locked


def note_reading(address: FeedAddress, *, at: datetime) -> None:
    """Keep when the address was last read, roughly: calendars come by every few minutes."""
    if address.last_read_at is None or at - address.last_read_at > _READ_IS_NOTED_EVERY:
        FeedAddress.objects.filter(pk=address.pk).update(last_read_at=at)


def digest_of(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
