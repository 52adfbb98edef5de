"""The list of revoked badges: asked of the database each time, and signed where the private keys are."""

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from accreditation.badges.codes import keylist
from accreditation.badges.codes.errors import CodeError
from accreditation.badges.codes.revocations import (
    RevocationReason,
    RevokedBadges,
    open_revocations,
    sign_revocations,
)
from accreditation.badges.errors import NoSigningKeyError
from accreditation.badges.models import Badge, RevocationList
from accreditation.badges.published import REVOKED_FILE, read_file
from accreditation.badges.revoked import revocation_reason
from accreditation.badges.services.recovering import unknown_entries
from accreditation.badges.services.trust import current_keys
from accreditation.badges.signer.keyring import signing_key
from accreditation.badges.states import DEAD_BADGE_STATES
from accreditation.services.verdicts import lock_election
from accreditation.states import AccreditationState
from missions.models import Election

logger = logging.getLogger(__name__)

#: A list whose content stays the same is signed anew so often; checkers go by its age.
LIFETIME = timedelta(minutes=10)
#: A badge stays on the list for so long after its end: clocks of checkers may be behind.
_AFTER_END = timedelta(days=1)


def revoked_badges(election: Election, *, at: datetime) -> dict[bytes, RevocationReason]:
    """Every badge that is not good although it has not long expired, by code id, and why. One query."""
    not_over = Badge.objects.filter(election=election, valid_until__gt=at - _AFTER_END).order_by()
    dead = not_over.filter(Q(state__in=DEAD_BADGE_STATES) | ~Q(accreditation__state=AccreditationState.ACTIVE))
    found: dict[bytes, RevocationReason] = {}
    for code_id, state, void_reason in dead.values_list("code_id", "state", "void_reason"):
        reason = revocation_reason(state, void_reason, is_accredited=False)  # one that is accredited is dead by itself
        if reason is not None:
            found[bytes.fromhex(code_id)] = reason
    return found


def digest_of(entries: Mapping[bytes, RevocationReason]) -> str:
    """By which two lists are known to say the same."""
    said = b"".join(code_id + bytes([reason]) for code_id, reason in sorted(entries.items()))
    return hashlib.sha256(said).hexdigest()


def is_list_due(election: Election, *, at: datetime) -> bool:
    """Whether checkers need a new list: other content, ten minutes over, or a number or a key that counts no more."""
    keys = current_keys(election)
    return keys is not None and _draft(election, keys, at=at).is_due


def sign_due_list(*, election: Election, at: datetime) -> RevocationList:
    """The newest list of the election, signed now if one is due. Whoever comes second finds that of the first.

    Its number is above every one before it, whether known to the database or published, and not below the seconds
    of the clock: a database that was restored publishes no lower one. Raises NoSigningKeyError.
    """
    with transaction.atomic():
        lock_election(election.pk)
        keys = current_keys(election)
        if keys is None:
            raise NoSigningKeyError
        draft = _draft(election, keys, at=at)
        if draft.newest is not None and not draft.is_due:
            return draft.newest
        key, _record = signing_key(keys, at=at)
        second = int(at.timestamp())
        revoked = RevokedBadges(
            election=election.code,
            number=max(draft.highest + 1, second),
            issued=second,
            next_update=second + int(LIFETIME.total_seconds()),
            entries=draft.entries,
        )
        _forget_bytes(draft)
        return RevocationList.objects.create(
            election=election,
            number=revoked.number,
            data=sign_revocations(revoked, key, environment=settings.BADGE_ENVIRONMENT),
            digest=draft.digest,
            entries=len(draft.entries),
            key_id=key.kid.hex(),
            issued_at=at,
            next_update_at=at + LIFETIME,
        )


def newest_list(election: Election) -> RevocationList | None:
    """The list of the highest number. One query."""
    return RevocationList.objects.filter(election=election).first()


def published_list(election: Election, keys: keylist.KeyList) -> RevokedBadges | None:
    """The published file; None if there is none, or none that a key of the election signed."""
    try:
        return _opened(read_file(election.code, REVOKED_FILE), keys)
    except (OSError, CodeError) as error:
        logger.warning("The published list of %s is passed over: %s", election.code, error)
        return None


def _stored_list(newest: RevocationList | None, keys: keylist.KeyList) -> RevokedBadges | None:
    """What the newest list says; None if its key was withdrawn since."""
    try:
        return _opened(bytes(newest.data), keys) if newest else None
    except CodeError:
        return None


def _opened(data: bytes | None, keys: keylist.KeyList) -> RevokedBadges | None:
    return open_revocations(data, keys, environment=settings.BADGE_ENVIRONMENT) if data else None


def published_number(election: Election, keys: keylist.KeyList) -> int:
    """The number of the published file; 0 if there is none that counts."""
    published = published_list(election, keys)
    return published.number if published else 0


@dataclass(frozen=True, slots=True)
class _Draft:
    """What a list signed now would say, and whether it is due."""

    entries: Mapping[bytes, RevocationReason]
    digest: str
    newest: RevocationList | None
    highest: int
    is_due: bool


def _draft(election: Election, keys: keylist.KeyList, *, at: datetime) -> _Draft:
    public, newest = published_list(election, keys), newest_list(election)
    earlier = [one for one in (_stored_list(newest, keys), public) if one is not None]
    entries = {**unknown_entries(election=election, lists=earlier), **revoked_badges(election, at=at)}
    digest, published = digest_of(entries), public.number if public else 0
    if newest is None:
        return _Draft(entries, digest, None, published, is_due=True)
    good_keys = {one.key.kid.hex() for one in keys.keys if not one.is_withdrawn}
    is_due = (
        newest.digest != digest
        or not newest.issued_at <= at < newest.next_update_at  # also if the clock of a rehearsal was set back
        or newest.number < published
        or newest.key_id not in good_keys
    )
    return _Draft(entries, digest, newest, max(newest.number, published), is_due)


def _forget_bytes(draft: _Draft) -> None:
    """Of lists that say the same, one after the other, the bytes of the last are kept; the rows of all stay."""
    if draft.newest is not None and draft.newest.digest == draft.digest:
        RevocationList.objects.filter(pk=draft.newest.pk).update(data=b"")
