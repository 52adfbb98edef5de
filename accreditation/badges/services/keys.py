"""Signing keys at the signer: made where they are used, asked to be listed, and destroyed in an emergency."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from accreditation.badges.ceremony.files import write_request
from accreditation.badges.ceremony.spelling import fingerprint_of
from accreditation.badges.codes.keys import SigningKey
from accreditation.badges.signer.keyring import keep_key
from missions.models import Election


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that was made: its name, the fingerprint to read aloud, and the request to carry to the root."""

    kid: bytes
    fingerprint: str
    request: bytes


def make_signing_key(*, election: Election, at: datetime) -> NewKey:
    """Make a key whose private half stays in the folder of the signer. It signs nothing before the root lists it.

    Raises OSError if it cannot be kept.
    """
    key = SigningKey.new()
    keep_key(key)
    request = write_request(
        key, election=election.code, environment=settings.BADGE_ENVIRONMENT, made=int(at.timestamp())
    )
    return NewKey(key.kid, fingerprint_of(key.public.point), request)
