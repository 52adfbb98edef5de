"""What the signer signs, what it refuses, and that both are told whole."""

import datetime as dt
import logging
from collections.abc import Sequence

import pytest
from django.db import OperationalError
from pytest_django.fixtures import Settings

from accreditation.badges.codes.keylist import KeyList
from accreditation.badges.codes.token import code_text
from accreditation.badges.codes.verdict import Trust, judge
from accreditation.badges.errors import NoSigningKeyError, SignerAwayError
from accreditation.badges.models import Badge, SigningAttempt
from accreditation.badges.services import signing
from accreditation.badges.services.custody import void_badge
from accreditation.badges.services.issuing import issue_badge, issue_badges
from accreditation.badges.services.signing import sign_intended
from accreditation.badges.signer.protocol import SigningResult
from accreditation.badges.states import VoidReason
from accreditation.models import Accreditation
from accreditation.services.accreditations import suspend_accreditation
from missions.kernel.models import Event
from missions.models import Election, User
from tests.accreditation.badges.conftest import MakeAccreditation

pytestmark = pytest.mark.django_db
ELECTION_FACTS = ("name", "host_country", "e_day", "time_zone", "opens_at", "closes_at", "profile_code")


@pytest.fixture
def intended(accreditation: Accreditation, issuer: User, at: dt.datetime, settings: Settings, trust: KeyList) -> Badge:
    """A badge whose signer was away."""
    door, settings.BADGE_SIGNER = settings.BADGE_SIGNER, f"{__name__}.away"
    badge = issue_badge(accreditation=accreditation, by=issuer, at=at)
    settings.BADGE_SIGNER = door
    assert badge.state == "intended"
    return badge


def away(request: object, *, at: dt.datetime) -> None:
    raise SignerAwayError


def sign(badge: Badge, by: User, at: dt.datetime) -> str:
    """The code of the one result, empty if it was signed."""
    (result,) = sign_intended(badge_ids=[badge.pk], by=by, at=at)
    return result.code


def test_a_signed_badge_says_what_its_row_says(
    intended: Badge, issuer: User, at: dt.datetime, trust: KeyList, settings: Settings
) -> None:
    assert sign(intended, issuer, at) == ""

    intended.refresh_from_db()
    kid = trust.keys[0].key.kid.hex()
    assert (intended.state, intended.key_id, intended.signed_at, intended.version) == ("signed", kid, at, 2)
    code = code_text(bytes(intended.token or b""), url=settings.BADGE_URL)
    verdict = judge(code, trust=Trust(trust, None, "test", None), now=int(at.timestamp()))
    claims = verdict.badge
    assert claims is not None
    assert (verdict.result, verdict.reason) == ("compare", "no_photo")
    assert (claims.election, claims.code_id.hex(), claims.number, claims.issue) == (
        "az-2024",
        intended.code_id,
        intended.number,
        1,
    )
    assert (claims.name, claims.organization, claims.role, claims.areas, claims.portrait) == (
        "MEYER ANNA",
        "Office",
        "sto",
        (),
        None,
    )
    assert claims.not_before == int(intended.valid_from.timestamp())
    assert claims.expires == int(intended.valid_until.timestamp())
    assert claims.issued == int(at.timestamp())


def test_the_history_and_the_signers_log_are_written_with_it(intended: Badge, issuer: User, at: dt.datetime) -> None:
    sign(intended, issuer, at)

    intended.refresh_from_db()
    event = Event.objects.of(intended).get(verb="badge_signed")
    assert (event.actor_id, event.at, event.from_state, event.to_state, event.scope_id, event.changed) == (
        issuer.pk,
        at,
        "intended",
        "signed",
        intended.mission_id,
        [intended.key_id],
    )
    attempts = SigningAttempt.objects.values_list("key_id", "signed_at", "badges", "asked_by")
    assert list(attempts) == [(intended.key_id, at, 1, issuer.pk)]


def test_signing_again_changes_nothing(intended: Badge, issuer: User, at: dt.datetime) -> None:
    sign(intended, issuer, at)
    intended.refresh_from_db()
    token = bytes(intended.token or b"")

    assert sign(intended, issuer, at + dt.timedelta(hours=1)) == ""

    intended.refresh_from_db()
    assert (bytes(intended.token or b""), intended.version, SigningAttempt.objects.count()) == (token, 2, 1)


def test_results_come_in_the_order_asked_and_name_what_is_absent(
    make_accreditation: MakeAccreditation, issuer: User, at: dt.datetime, trust: KeyList, settings: Settings
) -> None:
    settings.BADGE_SIGNER = f"{__name__}.away"
    people = [make_accreditation(number).pk for number in range(3)]
    badges = [result.badge_id for result in issue_badges(accreditation_ids=people, by=issuer, at=at)]
    first, second, third = (badge for badge in badges if badge is not None)

    results = sign_intended(badge_ids=[third, 987_654, first], by=issuer, at=at)

    assert results == (SigningResult(third), SigningResult(987_654, "not-found", "Not found"), SigningResult(first))
    assert dict(Badge.objects.values_list("pk", "state")) == {first: "signed", second: "intended", third: "signed"}


def test_a_void_badge_is_never_signed(intended: Badge, issuer: User, at: dt.datetime) -> None:
    void_badge(badge=intended, reason=VoidReason.SPOILED, note="a test", by=issuer, at=at)

    assert sign(intended, issuer, at) == "illegal-transition"
    assert_unsigned(intended)


def test_nobody_without_an_active_accreditation_gets_a_signature(
    intended: Badge, issuer: User, approver: User, at: dt.datetime
) -> None:
    suspend_accreditation(accreditation=intended.accreditation, reason="a test", by=approver, at=at)
    assert sign(intended, issuer, at) == "badge-suspended"

    for state in ("revoked", "returned", "replaced", "expired"):
        Accreditation.objects.filter(pk=intended.accreditation_id).update(state=state, ended_at=at)
        assert sign(intended, issuer, at) == "badge-not-accredited"
    assert_unsigned(intended)


def test_a_card_that_tells_what_is_no_longer_so_is_not_signed(intended: Badge, issuer: User, at: dt.datetime) -> None:
    observer = intended.accreditation.observer
    observer.surname = "Meier"
    observer.save(update_fields=["surname"])

    (result,) = sign_intended(badge_ids=[intended.pk], by=issuer, at=at)

    assert (result.code, "MEYER ANNA is now MEIER ANNA." in result.detail) == ("badge-spoiled", True)
    assert_unsigned(intended)


def test_a_row_that_was_tampered_with_is_not_signed(intended: Badge, issuer: User, at: dt.datetime) -> None:
    for change in ({"number": "B-000999"}, {"name": {"latin": "SOMEBODY ELSE", "local": ""}}, {"role": "lto"}):
        Badge.objects.filter(pk=intended.pk).update(content={**intended.content, **change})
        assert sign(intended, issuer, at) == "badge-spoiled"
    assert_unsigned(intended)


def test_a_badge_that_is_over_is_not_signed(intended: Badge, issuer: User, at: dt.datetime) -> None:
    assert sign(intended, issuer, intended.valid_until) == "badge-over"


def test_no_badge_outlives_its_key_or_thirty_days(
    intended: Badge, issuer: User, at: dt.datetime, trust: KeyList, settings: Settings
) -> None:
    Badge.objects.filter(pk=intended.pk).update(valid_until=at + dt.timedelta(days=90))

    sign(intended, issuer, at)

    intended.refresh_from_db()
    code = code_text(bytes(intended.token or b""), url=settings.BADGE_URL)
    claims = judge(code, trust=Trust(trust, None, "test", None), now=int(at.timestamp())).badge
    assert claims is not None
    assert claims.expires == int((at + dt.timedelta(days=30)).timestamp())


def test_outside_the_use_of_every_key_nothing_is_signed(intended: Badge, issuer: User, trust: KeyList) -> None:
    (record,) = trust.keys
    too_early = dt.datetime.fromtimestamp(record.first_use - 1, tz=dt.UTC)
    too_late = dt.datetime.fromtimestamp(record.last_signature + 1, tz=dt.UTC)

    for moment in (too_early, too_late):
        with pytest.raises(NoSigningKeyError):
            sign(intended, issuer, moment)
    assert_unsigned(intended)


def test_an_election_without_a_key_stops_no_other(
    intended: Badge,
    make_accreditation: MakeAccreditation,
    issuer: User,
    at: dt.datetime,
    election: Election,
    settings: Settings,
) -> None:
    keyless_election = Election.objects.create(
        **{name: getattr(election, name) for name in ELECTION_FACTS}, code="az-2025"
    )
    person = make_accreditation(4)
    settings.BADGE_SIGNER = f"{__name__}.away"
    keyless = issue_badge(accreditation=person, by=issuer, at=at)
    Accreditation.objects.filter(pk=person.pk).update(election=keyless_election)

    results = sign_intended(badge_ids=[keyless.pk, intended.pk], by=issuer, at=at)

    assert [result.code for result in results] == ["no-signing-key", ""]
    with pytest.raises(NoSigningKeyError):
        sign(keyless, issuer, at)


def test_a_database_that_is_away_is_no_fault_of_a_badge(
    intended: Badge, issuer: User, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Sequence[int]] = []

    def database_is_away(badge_ids: Sequence[int], *, by: User | None, at: dt.datetime) -> None:
        asked.append(badge_ids)
        raise OperationalError

    monkeypatch.setattr(signing, "_sign", database_is_away)

    with pytest.raises(OperationalError):
        sign_intended(badge_ids=[intended.pk, 987_654], by=issuer, at=at)
    assert asked == [[intended.pk, 987_654]]  # and not each by itself


def test_too_many_signatures_ring_the_alarm(
    intended: Badge, issuer: User, at: dt.datetime, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.BADGE_SIGNATURES_PER_MINUTE = 10
    minute = dt.timedelta(minutes=1)
    SigningAttempt.objects.create(
        key_id="0" * 16, signed_at=at - minute, badges=1000
    )  # a minute ago: it does not count
    SigningAttempt.objects.create(key_id="0" * 16, signed_at=at - minute / 2, badges=9)

    sign(intended, issuer, at)
    assert caplog.records == []
    sign(intended, issuer, at)
    settings.BADGE_SIGNATURES_PER_MINUTE = 9
    sign(intended, issuer, at)

    alarms = [(one.levelno, one.getMessage()) for one in caplog.records]
    assert alarms == [(logging.ERROR, "ALARM: 10 badges signed within a minute")]


def assert_unsigned(badge: Badge) -> None:
    stored = Badge.objects.get(pk=badge.pk)
    assert (stored.token, stored.key_id, stored.signed_at) == (None, "", None)
    assert not SigningAttempt.objects.exists()
