"""Which key signs, and that nobody else could read it."""

import datetime as dt
import logging
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from accreditation.badges.codes.keylist import KeyList, KeyRecord
from accreditation.badges.codes.keys import SigningKey
from accreditation.badges.errors import NoSigningKeyError
from accreditation.badges.signer.keyring import erase_key, keep_key, signing_key

AT = dt.datetime(2024, 1, 18, 12, tzinfo=dt.UTC)
NOW, DAY = int(AT.timestamp()), 24 * 3600
OLD, NEW = SigningKey.new(), SigningKey.new()


def record(key: SigningKey, first: int = NOW - DAY, days: int = 2) -> KeyRecord:
    return KeyRecord(key.public, first, first + days * DAY, first + 30 * DAY)


def listed(*records: KeyRecord) -> KeyList:
    return KeyList("az-2024", 1, NOW, records)


@pytest.fixture(autouse=True)
def _kept(badge_folders: Path) -> None:
    keep_key(OLD)
    keep_key(NEW)


def test_keys_are_for_their_owner_only(badge_folders: Path) -> None:
    folder = badge_folders / "badge-keys"

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {
        f"{OLD.kid.hex()}.pem": 0o400,
        f"{NEW.kid.hex()}.pem": 0o400,
    }


def test_a_key_is_never_written_over() -> None:
    with pytest.raises(FileExistsError):
        keep_key(OLD)


def test_of_two_keys_in_use_the_newer_one_signs() -> None:
    keys = listed(record(NEW, first=NOW), record(OLD))

    assert signing_key(keys, at=AT)[0].kid == NEW.kid
    assert signing_key(keys, at=AT - dt.timedelta(seconds=1))[0].kid == OLD.kid


@pytest.mark.parametrize(
    "unfit",
    [
        record(NEW, first=NOW + 1),
        record(NEW, first=NOW - 2 * DAY - 1),
        replace(record(NEW), is_withdrawn=True),
    ],
    ids=["not-yet", "over", "withdrawn"],
)
def test_a_key_outside_its_use_never_signs(unfit: KeyRecord) -> None:
    assert signing_key(listed(unfit, record(OLD)), at=AT)[0].kid == OLD.kid
    with pytest.raises(NoSigningKeyError):
        signing_key(listed(unfit), at=AT)


def test_both_ends_of_the_use_belong_to_it() -> None:
    assert signing_key(listed(record(NEW, first=NOW)), at=AT)[0].kid == NEW.kid
    assert signing_key(listed(record(NEW, first=NOW - 2 * DAY)), at=AT)[0].kid == NEW.kid


def test_a_key_that_is_not_here_does_not_sign() -> None:
    assert erase_key(NEW.kid)
    assert not erase_key(NEW.kid)

    assert signing_key(listed(record(NEW), record(OLD, first=NOW - 2 * DAY)), at=AT)[0].kid == OLD.kid
    with pytest.raises(NoSigningKeyError):
        signing_key(listed(record(NEW)), at=AT)


@pytest.mark.parametrize("mode", [0o440, 0o404, 0o420])
def test_a_key_that_others_may_read_is_not_used(
    badge_folders: Path, mode: int, caplog: pytest.LogCaptureFixture
) -> None:
    (badge_folders / "badge-keys" / f"{OLD.kid.hex()}.pem").chmod(mode)

    with pytest.raises(NoSigningKeyError):
        signing_key(listed(record(OLD)), at=AT)

    assert [(one.levelno, one.getMessage()) for one in caplog.records] == [
        (logging.ERROR, f"The key {OLD.kid.hex()} is not used: others may read its file")
    ]


def test_another_key_under_its_name_is_not_used(badge_folders: Path) -> None:
    erase_key(OLD.kid)
    keep_key(SigningKey.new(), name=f"{OLD.kid.hex()}.pem")

    with pytest.raises(NoSigningKeyError):
        signing_key(listed(record(OLD)), at=AT)


def test_rubbish_under_its_name_is_not_used(badge_folders: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = badge_folders / "badge-keys" / f"{OLD.kid.hex()}.pem"
    path.unlink()
    path.write_bytes(b"-----BEGIN NOTHING-----")
    path.chmod(0o400)

    with pytest.raises(NoSigningKeyError):
        signing_key(listed(record(OLD)), at=AT)

    assert [one.getMessage() for one in caplog.records] == [
        f"The key {OLD.kid.hex()} is not used: its file holds no key"
    ]
