"""Roots and lists of keys: trusted once the fingerprint was typed, and only ever forward."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks
from pytest_django.fixtures import Settings

from accreditation.badges.ceremony import rules
from accreditation.badges.ceremony.files import read_root_public, write_root_public
from accreditation.badges.codes import keylist
from accreditation.badges.codes.keys import SigningKey
from accreditation.badges.errors import (
    FingerprintDiffersError,
    KeyListOldError,
    RootInstalledError,
    TestTrustRefusedError,
    TrustFileRefusedError,
)
from accreditation.badges.models import KeyList, TrustRoot
from accreditation.badges.services.trust import current_keys, install_key_list, install_root, set_up_test_trust
from accreditation.badges.signer.keyring import signing_key
from missions.kernel.models import Event
from missions.models import Election

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("badge_folders")]

ROOT, OTHER_ROOT, A, B = (SigningKey.new() for _ in range(4))
DAY = dt.timedelta(days=1)


def public(root: SigningKey = ROOT, *, election: str = "az-2024", environment: str = "test") -> bytes:
    return write_root_public(root, election=election, environment=environment, made=1)


def install(election: Election, at: dt.datetime, data: bytes = b"", typed: str = "", **how: bool) -> TrustRoot:
    data = data or public()
    fingerprint = typed or read_root_public(data).fingerprint
    return install_root(election=election, data=data, fingerprint=fingerprint, installed_by="Anna", at=at, **how)


def first_keys(at: dt.datetime) -> keylist.KeyList:
    now = int(at.timestamp())
    return rules.first_list(election="az-2024", key=A.public, use=rules.Use.of_days(now, 30), now=now)


def second_keys(at: dt.datetime) -> keylist.KeyList:
    now = int(at.timestamp())
    use = rules.Use.of_days(now + rules.NOTICE, 30)
    return rules.with_key(first_keys(at), key=B.public, use=use, now=now)


def signed(keys: keylist.KeyList, root: SigningKey = ROOT, environment: str = "test") -> bytes:
    return keylist.sign_key_list(keys, root, environment=environment)


@pytest.fixture
def take(election: Election, at: dt.datetime) -> Callable[[bytes], KeyList]:
    """Installs a list of keys."""

    def install_it(data: bytes) -> KeyList:
        return install_key_list(election=election, data=data, installed_by="Anna", at=at)

    return install_it


def test_a_root_is_trusted_when_its_fingerprint_was_typed(election: Election, at: dt.datetime) -> None:
    root = install(election, at)

    assert (root.key_id, bytes(root.public_key), root.environment, root.installed_by) == (
        ROOT.kid.hex(),
        ROOT.public.point,
        "test",
        "Anna",
    )
    assert Event.objects.of(root).get().verb == "root_installed"


def test_the_same_root_again_changes_nothing(election: Election, at: dt.datetime) -> None:
    install(election, at)

    assert install(election, at + DAY).installed_at == at
    assert Event.objects.filter(verb="root_installed").count() == 1


def test_another_fingerprint_is_refused(election: Election, at: dt.datetime) -> None:
    with pytest.raises(FingerprintDiffersError):
        install(election, at, typed=read_root_public(public(OTHER_ROOT)).fingerprint)
    assert not TrustRoot.objects.exists()


@pytest.mark.parametrize(
    "data",
    [b"rubbish", public(election="az-2025"), public(environment="production")],
    ids=["rubbish", "election", "environment"],
)
def test_a_root_of_something_else_is_refused(election: Election, at: dt.datetime, data: bytes) -> None:
    with pytest.raises(TrustFileRefusedError):
        install(election, at, data, typed="x")


def test_another_root_replaces_one_only_if_that_is_said(
    election: Election, at: dt.datetime, take: Callable[[bytes], KeyList]
) -> None:
    install(election, at)
    take(signed(first_keys(at)))

    with pytest.raises(RootInstalledError):
        install(election, at, public(OTHER_ROOT))
    assert current_keys(election) == first_keys(at)

    install(election, at, public(OTHER_ROOT), is_replacing=True)
    assert current_keys(election) is None
    with pytest.raises(KeyListOldError):  # devices have seen number 1
        take(signed(first_keys(at), OTHER_ROOT))
    take(signed(second_keys(at), OTHER_ROOT))
    assert current_keys(election) == second_keys(at)


def test_a_list_is_trusted_and_published_after_the_commit(
    election: Election,
    at: dt.datetime,
    take: Callable[[bytes], KeyList],
    badge_folders: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    install(election, at)
    data = signed(first_keys(at))

    with django_capture_on_commit_callbacks(execute=True):
        row = take(data)
        assert not (badge_folders / "published").exists()

    assert (row.number, row.issued_at, bytes(row.data)) == (1, at, data)
    assert (badge_folders / "published" / "az-2024" / "keys.cose").read_bytes() == data
    assert current_keys(election) == first_keys(at)
    assert Event.objects.of(row).get().verb == "key_list_installed"


def test_the_same_list_again_changes_nothing(
    election: Election, at: dt.datetime, take: Callable[[bytes], KeyList]
) -> None:
    install(election, at)
    data = signed(first_keys(at))

    assert take(data) == take(data)
    assert KeyList.objects.count() == Event.objects.filter(verb="key_list_installed").count() == 1


def test_numbers_only_grow(election: Election, at: dt.datetime, take: Callable[[bytes], KeyList]) -> None:
    install(election, at)
    take(signed(first_keys(at)))
    take(signed(second_keys(at)))

    for old in (signed(first_keys(at)), signed(second_keys(at))):  # other bytes: signatures differ
        with pytest.raises(KeyListOldError):
            take(old)
    assert current_keys(election) == second_keys(at)


def test_no_list_without_a_root(take: Callable[[bytes], KeyList], at: dt.datetime) -> None:
    with pytest.raises(TrustFileRefusedError, match="no root key yet"):
        take(signed(first_keys(at)))


def test_a_list_that_is_not_of_the_root_is_refused(
    election: Election, at: dt.datetime, take: Callable[[bytes], KeyList]
) -> None:
    install(election, at)
    keys = first_keys(at)

    for data in (signed(keys, OTHER_ROOT), signed(keys, environment="production"), signed(keys)[:-1], b"<html>"):
        with pytest.raises(TrustFileRefusedError, match="no list of keys of this root"):
            take(data)


def test_a_list_from_the_future_is_refused(
    election: Election, at: dt.datetime, take: Callable[[bytes], KeyList]
) -> None:
    install(election, at)

    take(signed(first_keys(at + dt.timedelta(minutes=5))))
    with pytest.raises(TrustFileRefusedError, match="issued in the future"):
        take(signed(second_keys(at + dt.timedelta(minutes=6))))


def test_a_withdrawn_key_cannot_come_back(
    election: Election, at: dt.datetime, take: Callable[[bytes], KeyList]
) -> None:
    install(election, at)
    now = int(at.timestamp())
    withdrawn = rules.without_key(first_keys(at), kid=A.kid, now=now)
    take(signed(withdrawn))

    good_again = keylist.KeyList("az-2024", 3, now, first_keys(at).keys)
    with pytest.raises(TrustFileRefusedError, match="was withdrawn, and stays so"):
        take(signed(good_again))


def test_test_keys_are_whole_and_made_once(election: Election, at: dt.datetime) -> None:
    keys = set_up_test_trust(election=election, at=at)

    assert signing_key(keys, at=at)[0].kid == keys.keys[0].key.kid
    assert set_up_test_trust(election=election, at=at + DAY) == keys == current_keys(election)
    assert (TrustRoot.objects.count(), KeyList.objects.count()) == (1, 1)


def test_test_keys_are_renewed_under_the_same_root_when_they_end(election: Election, at: dt.datetime) -> None:
    first = set_up_test_trust(election=election, at=at)

    later = set_up_test_trust(election=election, at=at + 40 * DAY)

    assert (first.number, later.number, TrustRoot.objects.count()) == (1, 2, 1)
    assert signing_key(later, at=at + 40 * DAY)[0].kid == later.keys[-1].key.kid
    assert first.keys[0] in later.keys  # its badges are still good


def test_test_keys_follow_a_clock_that_was_set_back(election: Election, at: dt.datetime) -> None:
    set_up_test_trust(election=election, at=at)

    earlier = set_up_test_trust(election=election, at=at - 60 * DAY)

    assert (earlier.number, current_keys(election)) == (2, earlier)


def test_production_has_no_test_keys(election: Election, at: dt.datetime, settings: Settings) -> None:
    settings.BADGE_ENVIRONMENT = "production"

    with pytest.raises(TestTrustRefusedError):
        set_up_test_trust(election=election, at=at)
    assert not TrustRoot.objects.exists()


def test_an_election_with_a_guarded_root_has_no_test_keys(election: Election, at: dt.datetime) -> None:
    install(election, at)

    with pytest.raises(TestTrustRefusedError):
        set_up_test_trust(election=election, at=at)
