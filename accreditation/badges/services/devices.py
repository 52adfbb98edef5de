"""Devices that check badges: added by staff, enrolled by a code that works once, and revoked for good.

Of code and token only digests are kept. Both are random enough that a plain digest gives nothing away.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accreditation.badges.errors import (
    DeviceNameTakenError,
    DeviceRevokedError,
    DeviceTermsError,
    EnrolmentRefusedError,
)
from accreditation.badges.models import CheckDevice
from missions.kernel.errors import MissingError
from missions.kernel.events import record_event
from missions.kernel.integrity import broken_constraint
from missions.models import Election, User
from missions.selectors import first_vote

#: How long a code waits for its device.
ENROLMENT_LIFETIME = timedelta(minutes=30)
#: The start of every token is visible, so that scanners find leaked ones.
TOKEN_PREFIX = "odv_"  # noqa: S105 - no secret by itself
#: Letters and digits that nobody takes for one another, read aloud or typed.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE_LENGTH = 16
_LONGEST_NAME, _LONGEST_PLACE = 100, 40
_SEEN_IS_NOTED_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A device and, this once, the code that enrols it. The code is kept out of `repr`, and so out of logs."""

    device: CheckDevice
    code: str = field(repr=False)

    @property
    def fragment(self) -> str:
        """What stands behind the # of the address that a device scans to enrol itself."""
        return f"enrol-{plain_code(self.code)}"


@dataclass(frozen=True, slots=True)
class EnrolledDevice:
    """A device at work and, this once, its token."""

    device: CheckDevice
    token: str = field(repr=False)


def add_device(*, election: Election, name: str, place_code: str, by: User, at: datetime) -> Enrolment:
    """A new device of the election at a place, and its code, which works once within ENROLMENT_LIFETIME.

    For a vote that follows upon another it is a device of the first one, whose keys and lists hold for all. Records
    "device_added". Raises DeviceTermsError for a name or place that is blank or too long, and
    DeviceNameTakenError.
    """
    name, place_code = _fitting(name, _LONGEST_NAME), _fitting(place_code, _LONGEST_PLACE)
    code = _new_code()
    try:
        with transaction.atomic():
            device = CheckDevice.objects.create(
                election=first_vote(election),
                name=name,
                place_code=place_code,
                enrolment_digest=digest_of(plain_code(code)),
                enrolment_ends_at=at + ENROLMENT_LIFETIME,
                added_at=at,
                added_by=by,
            )
            record_event("device_added", device, by=by, at=at, reason=place_code)
    except IntegrityError as error:
        if broken_constraint(error, CheckDevice) != "check_device_name_once":
            raise
        raise DeviceNameTakenError(_("There is a device “%s” already.") % name) from error
    return Enrolment(device, code)


def renew_enrolment(*, device: CheckDevice, by: User, at: datetime) -> Enrolment:
    """Another code for the device, in the place of an earlier one; its token works until the code has been used.

    Records "device_code_renewed". Raises DeviceRevokedError, MissingError.
    """
    code = _new_code()
    with transaction.atomic():
        locked = lock_device(device.pk)
        locked.enrolment_digest = digest_of(plain_code(code))
        locked.enrolment_ends_at = at + ENROLMENT_LIFETIME
        locked.save(update_fields=["enrolment_digest", "enrolment_ends_at"])
        record_event("device_code_renewed", locked, by=by, at=at)
    return Enrolment(locked, code)


def enrol_device(*, code: str, at: datetime) -> EnrolledDevice:
    """Use the code, once: the device gets its token, and an earlier one opens nothing any more.

    Records "device_enrolled". Raises EnrolmentRefusedError, the same for a code that is unknown, used, late, or of a
    revoked device.
    """
    token = f"{TOKEN_PREFIX}{secrets.token_urlsafe(32)}"
    with transaction.atomic():
        waiting = CheckDevice.objects.select_for_update(of=("self",), no_key=True).select_related("election")
        digest = digest_of(plain_code(code))
        device = waiting.filter(enrolment_digest=digest, enrolment_ends_at__gt=at, revoked_at=None).first()
        if device is None:
            raise EnrolmentRefusedError
        device.enrolment_digest, device.enrolment_ends_at = "", None
        device.token_digest, device.enrolled_at, device.last_seen_at = digest_of(token), at, at
        device.save(
            update_fields=["enrolment_digest", "enrolment_ends_at", "token_digest", "enrolled_at", "last_seen_at"]
        )
        record_event("device_enrolled", device, by=None, at=at)
    return EnrolledDevice(device, token)


def revoke_device(*, device: CheckDevice, by: User, at: datetime) -> CheckDevice:
    """From the next request on the device is refused, and erases what it holds. What it saw stays.

    Records "device_revoked". Raises DeviceRevokedError if it is revoked already, MissingError.
    """
    with transaction.atomic():
        locked = lock_device(device.pk)
        locked.revoked_at, locked.revoked_by = at, by
        locked.enrolment_digest, locked.enrolment_ends_at, locked.token_digest = "", None, ""
        locked.save(update_fields=["revoked_at", "revoked_by", "enrolment_digest", "enrolment_ends_at", "token_digest"])
        record_event("device_revoked", locked, by=by, at=at)
    return locked


def find_device(token: str, *, at: datetime) -> CheckDevice | None:
    """The device that the token belongs to; None for whatever else it is. Notes that it was seen. One query."""
    if not token.startswith(TOKEN_PREFIX):
        return None
    device = CheckDevice.objects.filter(token_digest=digest_of(token), revoked_at=None).order_by().first()
    if device is not None and (device.last_seen_at is None or at - device.last_seen_at > _SEEN_IS_NOTED_EVERY):
        CheckDevice.objects.filter(pk=device.pk).update(last_seen_at=at)
        device.last_seen_at = at
    return device


def lock_device(device_id: int) -> CheckDevice:
    """The row, held until the end of the transaction. Raises MissingError, and DeviceRevokedError if it was revoked."""
    rows = CheckDevice.objects.select_for_update(of=("self",), no_key=True).select_related("election")
    locked = rows.filter(pk=device_id).first()
    if locked is None:
        raise MissingError
    if locked.revoked_at is not None:
        raise DeviceRevokedError
    return locked


def plain_code(text: str) -> str:
    """An enrolment code as it is compared: capitals and digits only, however it was typed or scanned."""
    return re.sub(r"[^0-9A-Z]", "", text.rpartition("enrol-")[2].upper())


def digest_of(secret: str) -> str:
    """SHA-256 (hex) of a code or token."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _new_code() -> str:
    """A code of about 78 bits, in groups of four."""
    letters = "".join(secrets.choice(_ALPHABET) for _letter in range(_CODE_LENGTH))
    return "-".join(letters[start : start + 4] for start in range(0, _CODE_LENGTH, 4))


def _fitting(text: str, longest: int) -> str:
    """The text without spaces around it, if it fits its column."""
    stripped = text.strip()
    if not stripped or len(stripped) > longest:
        raise DeviceTermsError(_("Give name and place of the device; the place has at most 40 characters."))
    return stripped
