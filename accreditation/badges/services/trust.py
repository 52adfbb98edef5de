"""What checkers trust, as it came from the ceremonies: the root of an election, and the lists of keys under it."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from accreditation.badges.ceremony import rules
from accreditation.badges.ceremony.errors import CeremonyError, NumberError
from accreditation.badges.ceremony.files import RootPublic, read_root_public
from accreditation.badges.ceremony.spelling import is_same
from accreditation.badges.codes import keylist
from accreditation.badges.codes.errors import CodeError
from accreditation.badges.codes.keys import PublicKey, SigningKey
from accreditation.badges.errors import (
    FingerprintDiffersError,
    KeyListOldError,
    NoSigningKeyError,
    RootInstalledError,
    TestTrustRefusedError,
    TrustFileRefusedError,
)
from accreditation.badges.models import KeyList, TrustRoot
from accreditation.badges.published import KEYS_FILE, replace_file
from accreditation.badges.signer.keyring import keep_key, signing_key
from accreditation.services.verdicts import lock_election
from missions.kernel.events import record_event
from missions.models import Election

#: How far the clock of the machine without network may be ahead of ours.
_CLOCK_TOLERANCE = timedelta(minutes=5)
_DAY = 24 * 60 * 60
#: Who installs what nobody guards.
_TEST = "test keys"


def install_root(
    *, election: Election, data: bytes, fingerprint: str, installed_by: str, at: datetime, is_replacing: bool = False
) -> TrustRoot:
    """Trust the root of this file, whose fingerprint somebody typed from the protocol of the ceremony.

    The same again changes nothing. Another root takes the place of one only if that is said: then no badge is good
    before a list of keys under the new one is installed. Records "root_installed". Raises TrustFileRefusedError,
    FingerprintDiffersError, RootInstalledError.
    """
    root = _read_root(election, data)
    if not is_same(fingerprint, root.fingerprint):
        raise FingerprintDiffersError
    return store_root(election=election, key=root.key, installed_by=installed_by, at=at, is_replacing=is_replacing)


def store_root(
    *, election: Election, key: PublicKey, installed_by: str, at: datetime, is_replacing: bool = False
) -> TrustRoot:
    """`install_root` for a key that is known to be the right one. Raises RootInstalledError."""
    with transaction.atomic():
        lock_election(election.pk)
        installed = TrustRoot.objects.filter(election=election).first()
        if installed is not None and installed.key_id == key.kid.hex():
            return installed
        if installed is not None and not is_replacing:
            raise RootInstalledError
        root, _created = TrustRoot.objects.update_or_create(
            election=election,
            defaults={
                "environment": settings.BADGE_ENVIRONMENT,
                "key_id": key.kid.hex(),
                "public_key": key.point,
                "installed_at": at,
                "installed_by": installed_by,
            },
        )
        record_event("root_installed", root, by=None, at=at, reason=installed_by)
    return root


def install_key_list(*, election: Election, data: bytes, installed_by: str, at: datetime) -> KeyList:
    """Trust the keys of this list, signed by the election's root, and publish it after the commit.

    The same list again changes nothing. Records "key_list_installed". Raises KeyListOldError for a number that does
    not grow; TrustFileRefusedError for everything else that is wrong with it.
    """
    with transaction.atomic():
        lock_election(election.pk)
        newest = KeyList.objects.filter(election=election).first()
        if newest is not None and bytes(newest.data) == data:
            return newest
        keys = _opened(election, data, at=at)
        if (before := current_keys(election)) is not None:
            _check_succession(before, keys)
        elif newest is not None and keys.number <= newest.number:  # of another root; devices keep its number
            raise KeyListOldError
        return store_key_list(election=election, keys=keys, data=data, installed_by=installed_by, at=at)


def store_key_list(
    *, election: Election, keys: keylist.KeyList, data: bytes, installed_by: str, at: datetime
) -> KeyList:
    """Store a list that was checked, and publish it after the commit. To be called with the election locked."""
    row = KeyList.objects.create(
        election=election,
        number=keys.number,
        data=data,
        issued_at=datetime.fromtimestamp(keys.issued, tz=at.tzinfo),
        installed_at=at,
        installed_by=installed_by,
    )
    record_event("key_list_installed", row, by=None, at=at, reason=installed_by)
    # The publisher brings it there within a minute if this fails: a file must not undo what is committed.
    transaction.on_commit(lambda: replace_file(election.code, KEYS_FILE, data), robust=True)
    return row


def current_keys(election: Election) -> keylist.KeyList | None:
    """The newest list of keys, if it is one of the installed root; None before the first ceremony. One query."""
    root = Subquery(_installed_roots(OuterRef("election")).values("public_key")[:1])
    lists = KeyList.objects.filter(election=election).annotate(root=root).order_by("-number")
    row = lists.values_list("data", "root").first()
    if row is None or row[1] is None:
        return None
    return _opened_once(bytes(row[0]), bytes(row[1]), election.code, settings.BADGE_ENVIRONMENT)


def trusted_root(election: Election) -> PublicKey | None:
    """The public half of the election's root, None before the first ceremony. One query."""
    row = _installed_roots(election.pk).first()
    return PublicKey.from_point(bytes(row.public_key)) if row else None


def set_up_test_trust(*, election: Election, at: datetime) -> keylist.KeyList:
    """Root, key and list of keys in one call, for tests and demonstrations: nobody guards these keys.

    If a key of the election can sign already nothing changes. Raises TestTrustRefusedError in production, and where
    the election has a root whose private half is not here.
    """
    if settings.BADGE_ENVIRONMENT == "production":
        raise TestTrustRefusedError
    with transaction.atomic():
        lock_election(election.pk)
        before = current_keys(election)
        if before is not None and _can_sign(before, at=at):
            return before
        root = _test_root(election)
        try:
            store_root(election=election, key=root.public, installed_by=_TEST, at=at)
        except RootInstalledError as error:
            raise TestTrustRefusedError from error
        key = SigningKey.new()
        keep_key(key)
        keys = _next_test_list(election, before, key.public, at=at)
        data = keylist.sign_key_list(keys, root, environment=settings.BADGE_ENVIRONMENT)
        store_key_list(election=election, keys=keys, data=data, installed_by=_TEST, at=at)
    return keys


def _can_sign(keys: keylist.KeyList, *, at: datetime) -> bool:
    try:
        signing_key(keys, at=at)
    except NoSigningKeyError:
        return False
    return True


def _test_root(election: Election) -> SigningKey:
    path = Path(settings.BADGE_KEY_DIR) / f"root-{election.code}.pem"
    if path.exists():
        return SigningKey.from_pem(path.read_bytes())
    root = SigningKey.new()
    keep_key(root, name=path.name)
    return root


def _next_test_list(
    election: Election, before: keylist.KeyList | None, key: PublicKey, *, at: datetime
) -> keylist.KeyList:
    """A list with the key in use since a day. The clock of a demonstration jumps, so older keys stay if they may."""
    newest = KeyList.objects.filter(election=election).first()
    now = int(at.timestamp())
    use = rules.Use.of_days(now - _DAY, 30)
    record = keylist.KeyRecord(key, use.first, use.last, use.end)
    alone = keylist.KeyList(election.code, newest.number + 1 if newest else 1, now, (record,))
    together = replace(alone, keys=(*(before.keys if before else ()), record))
    try:
        rules.check_list(together)
    except CeremonyError:
        return alone
    return together


def _installed_roots(election_id: int | OuterRef) -> QuerySet[TrustRoot]:
    return TrustRoot.objects.filter(election=election_id, environment=settings.BADGE_ENVIRONMENT)


@lru_cache(maxsize=32)
def _opened_once(data: bytes, root: bytes, election: str, environment: str) -> keylist.KeyList | None:
    """The list that these bytes are under this root, None if they are none.

    Nothing but the bytes decides, so a process that has checked a signature need not check the same one again.
    """
    try:
        return keylist.open_key_list(data, PublicKey.from_point(root), election=election, environment=environment)
    except CodeError:
        return None


def _read_root(election: Election, data: bytes) -> RootPublic:
    try:
        root = read_root_public(data)
    except CeremonyError as error:
        raise TrustFileRefusedError(str(error)) from error
    if (root.election, root.environment) != (election.code, settings.BADGE_ENVIRONMENT):
        raise TrustFileRefusedError(_("The root is of another election or environment."))
    return root


def _opened(election: Election, data: bytes, *, at: datetime) -> keylist.KeyList:
    root = trusted_root(election)
    if root is None:
        raise TrustFileRefusedError(_("The election has no root key yet; install that first."))
    try:
        keys = keylist.open_key_list(data, root, election=election.code, environment=settings.BADGE_ENVIRONMENT)
        rules.check_list(keys)
    except (CodeError, CeremonyError) as error:
        raise TrustFileRefusedError(_("This is no list of keys of this root: %s") % error) from error
    if keys.issued > (at + _CLOCK_TOLERANCE).timestamp():
        raise TrustFileRefusedError(_("The list was issued in the future: one of the clocks is wrong."))
    return keys


def _check_succession(before: keylist.KeyList, keys: keylist.KeyList) -> None:
    try:
        rules.check_succession(before, keys)
    except NumberError as error:
        raise KeyListOldError(str(error)) from error
    except CeremonyError as error:
        raise TrustFileRefusedError(str(error)) from error
