"""A key that was withdrawn: everybody gets another badge, once, however often the command is run."""

import datetime as dt

import pytest
from django.conf import settings

from accreditation.badges.ceremony import rules
from accreditation.badges.codes import keylist
from accreditation.badges.codes.keylist import KeyList
from accreditation.badges.codes.keys import SigningKey
from accreditation.badges.errors import KeyStillTrustedError
from accreditation.badges.models import Badge
from accreditation.badges.services import rekeying
from accreditation.badges.services.issuing import issue_badges
from accreditation.badges.services.rekeying import Rekeying, reissue_of_key
from accreditation.badges.services.trust import install_key_list
from accreditation.badges.signer.keyring import keep_key
from accreditation.models import Accreditation
from missions.models import Election, User
from tests.accreditation.badges.conftest import MakeAccreditation

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def badges(make_accreditation: MakeAccreditation, issuer: User, at: dt.datetime, trust: KeyList) -> list[int]:
    """Three signed badges."""
    people = [make_accreditation(number).pk for number in range(3)]
    results = issue_badges(accreditation_ids=people, by=issuer, at=at)
    return [result.badge_id for result in results if result.badge_id is not None]


@pytest.fixture
def kid(trust: KeyList) -> bytes:
    return trust.keys[0].key.kid


def withdraw(election: Election, trust: KeyList, kid: bytes, at: dt.datetime) -> SigningKey:
    """What the ceremony does in an emergency: the old key withdrawn, a new one in its place. The new key."""
    successor, now = SigningKey.new(), int(at.timestamp())
    keep_key(successor)
    root = SigningKey.from_pem((settings.BADGE_KEY_DIR / "root-az-2024.pem").read_bytes())
    use = rules.Use.of_days(now, 30)
    keys = rules.with_key(trust, key=successor.public, use=use, now=now, withdrawing=kid)
    data = keylist.sign_key_list(keys, root, environment="test")
    install_key_list(election=election, data=data, installed_by="Anna", at=at)
    return successor


def test_everybody_gets_another_badge_of_the_new_key(
    badges: list[int],
    kid: bytes,
    trust: KeyList,
    election: Election,
    issuer: User,
    at: dt.datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    successor = withdraw(election, trust, kid, at)
    monkeypatch.setattr(rekeying, "CHUNK", 2)
    told: list[int] = []

    found = reissue_of_key(key_id=kid.hex(), by=issuer, at=at, progress=told.append)

    assert (found, told) == (Rekeying(replaced=3, signed=3, refused=()), [2, 3])
    old = Badge.objects.filter(pk__in=badges)
    assert {(row.state, row.void_reason) for row in old} == {("void", "key")}
    new = Badge.objects.exclude(pk__in=badges)
    assert {(row.state, row.key_id, row.issue) for row in new} == {("signed", successor.kid.hex(), 2)}
    assert sorted(row.number for row in new) == [4, 5, 6]


def test_again_it_has_nothing_to_do(
    badges: list[int], kid: bytes, trust: KeyList, election: Election, issuer: User, at: dt.datetime
) -> None:
    withdraw(election, trust, kid, at)
    reissue_of_key(key_id=kid.hex(), by=issuer, at=at)

    assert reissue_of_key(key_id=kid.hex(), by=issuer, at=at) == Rekeying(replaced=0, signed=0, refused=())
    assert Badge.objects.count() == 6


def test_who_is_not_accredited_any_more_is_named_and_stops_nobody(
    badges: list[int], kid: bytes, trust: KeyList, election: Election, issuer: User, at: dt.datetime
) -> None:
    withdraw(election, trust, kid, at)
    Accreditation.objects.filter(badges=badges[1]).update(state="revoked", reason="a test", ended_at=at)

    found = reissue_of_key(key_id=kid.hex(), by=issuer, at=at)

    assert (found.replaced, found.signed, [number for number, _why in found.refused]) == (2, 2, ["B-000002"])


def test_a_key_that_is_trusted_keeps_its_badges(badges: list[int], kid: bytes, issuer: User, at: dt.datetime) -> None:
    with pytest.raises(KeyStillTrustedError):
        reissue_of_key(key_id=kid.hex(), by=issuer, at=at)

    assert Badge.objects.filter(state="signed").count() == len(badges)
