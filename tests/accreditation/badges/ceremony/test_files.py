"""What travels: it proves that its author has the key, and anything else is named."""

import json

import pytest

from accreditation.badges.ceremony.envelope import Passphrases
from accreditation.badges.ceremony.errors import LockedRootError, NotThisFileError, ProofLostError
from accreditation.badges.ceremony.files import (
    RootPublic,
    lock_root,
    read_locked_root,
    read_request,
    read_root_public,
    write_request,
    write_root_public,
)
from accreditation.badges.codes import cose
from accreditation.badges.codes.keys import SigningKey

BOTH = Passphrases("correct horse battery", "staple of another keeper")
KEY, OTHER = SigningKey.new(), SigningKey.new()
REQUEST = write_request(KEY, election="az-2024", environment="production", made=1_700_000_000)


def test_a_request_says_for_whom_and_which_key() -> None:
    request = read_request(REQUEST)

    assert (request.election, request.environment, request.key, request.made) == (
        "az-2024",
        "production",
        KEY.public,
        1_700_000_000,
    )


def test_a_request_that_another_key_signed_has_lost_its_proof() -> None:
    payload = {1: "az-2024", 6: 1, -65537: {0: 1, 1: "production", 2: KEY.public.point}}

    with pytest.raises(ProofLostError):
        read_request(cose.sign(payload, OTHER, b"obs-request/v1/az-2024/production"))  # type: ignore[arg-type]


@pytest.mark.parametrize("place", [20, 60, 80, len(REQUEST) - 1])
def test_a_request_with_a_changed_byte_is_refused(place: int) -> None:
    changed = bytearray(REQUEST)
    changed[place] ^= 1

    with pytest.raises((NotThisFileError, ProofLostError)):
        read_request(bytes(changed))


def test_a_root_is_no_request_and_a_request_no_root() -> None:
    root = write_root_public(KEY, election="az-2024", environment="production", made=1)

    with pytest.raises(ProofLostError):
        read_request(root)
    with pytest.raises(ProofLostError):
        read_root_public(REQUEST)


@pytest.mark.parametrize("data", [b"", b"{}", b"\xd2\x84", b"<html>", b"[" * 100_000, b'{"kind": 1}'], ids=str)
def test_rubbish_is_named(data: bytes) -> None:
    for read in (read_request, read_root_public, read_locked_root):
        with pytest.raises(NotThisFileError):
            read(data)


def test_a_locked_root_opens_for_both_and_shows_its_public_half() -> None:
    public = RootPublic("az-2024", "production", KEY.public, 1)
    data = lock_root(KEY, public, BOTH, cost=2**10)

    locked = read_locked_root(data)

    assert locked.public == public
    assert locked.unlock(BOTH).public == KEY.public
    assert b"PRIVATE" not in data


def test_a_locked_root_that_says_another_election_does_not_open() -> None:
    data = lock_root(KEY, RootPublic("az-2024", "production", KEY.public, 1), BOTH, cost=2**10)
    changed = json.loads(data) | {"election": "az-2025"}

    with pytest.raises(LockedRootError):
        read_locked_root(json.dumps(changed).encode()).unlock(BOTH)
