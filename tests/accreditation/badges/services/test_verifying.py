"""The server's verdict on a real code: the keys, the database at once, and nothing to learn by guessing."""

import base64
import datetime as dt
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from accreditation.badges.codes import cose
from accreditation.badges.codes.errors import Reason
from accreditation.badges.codes.keylist import KeyList, sign_key_list
from accreditation.badges.codes.keys import SigningKey
from accreditation.badges.codes.token import code_text, read_claims, sign_badge
from accreditation.badges.codes.verdict import Colour, Result
from accreditation.badges.models import Badge, RevocationList
from accreditation.badges.services.custody import hand_over_badge, mark_printed, report_badge_lost, return_badge
from accreditation.badges.services.issuing import issue_badge, reissue_badge
from accreditation.badges.services.publishing import publish_due
from accreditation.badges.services.trust import install_key_list
from accreditation.badges.services.verifying import ServerVerdict, code_id_of, verify_code
from accreditation.badges.states import BadgeState, CollectionProof, VoidReason
from accreditation.models import Accreditation
from accreditation.services.accreditations import reinstate_accreditation, suspend_accreditation
from missions.models import Election, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trust")]

URL = "https://verify.example/b"
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def badge(trust: KeyList, accreditation: Accreditation, issuer: User, at: dt.datetime) -> Badge:
    return issue_badge(accreditation=accreditation, by=issuer, at=at)


@pytest.fixture
def held(badge: Badge, issuer: User, at: dt.datetime) -> Badge:
    """A badge that somebody carries."""
    printed = mark_printed(badge=badge, stock_serial="", by=issuer, at=at)
    proof = CollectionProof.SIGNATURE
    return hand_over_badge(badge=printed, collected_by="Anna Meyer", proof=proof, by=issuer, at=at)


def code_of(badge: Badge) -> str:
    assert badge.token is not None
    return code_text(bytes(badge.token), url=URL)


def told(verdict: ServerVerdict) -> tuple[Result, Reason, Colour]:
    return verdict.result, verdict.reason, verdict.colour


FORGED = (Result.FORGED, Reason.SIGNATURE, Colour.RED)
GOOD = (Result.COMPARE, Reason.NO_PHOTO, Colour.AMBER)


def test_a_good_badge_says_what_its_card_says_and_is_never_green(badge: Badge, at: dt.datetime) -> None:
    verdict = verify_code(code_of(badge), at=at)

    assert told(verdict) == GOOD
    assert (verdict.checked_at, verdict.list_number) == (at, None)
    claims = verdict.badge
    assert claims is not None
    assert (claims.number, claims.name, claims.role, claims.code_id.hex()) == (1, "MEYER ANNA", "sto", badge.code_id)


def test_the_number_of_the_newest_list_is_told(badge: Badge, at: dt.datetime) -> None:
    publish_due(at=at)

    assert verify_code(code_of(badge), at=at).list_number == RevocationList.objects.get().number


def test_what_is_suspended_is_refused_at_once_and_good_again_at_once(
    badge: Badge, accreditation: Accreditation, reviewer: User, at: dt.datetime
) -> None:
    publish_due(at=at)
    suspend_accreditation(accreditation=accreditation, reason="A complaint.", by=reviewer, at=at)
    suspended = verify_code(code_of(badge), at=at + SECOND)
    publish_due(at=at + SECOND)
    accreditation.refresh_from_db()
    reinstate_accreditation(accreditation=accreditation, reason="Unfounded.", by=reviewer, at=at)

    assert told(suspended) == (Result.REVOKED, Reason.WITHDRAWN, Colour.RED)
    assert told(verify_code(code_of(badge), at=at + 2 * SECOND)) == GOOD  # though the list still names it


@pytest.mark.parametrize(
    ("end", "reason"), [(report_badge_lost, Reason.LOST), (return_badge, Reason.WITHDRAWN)], ids=["lost", "returned"]
)
def test_what_the_desk_ends_is_refused_with_its_reason(
    held: Badge, issuer: User, at: dt.datetime, end: Callable[..., Badge], reason: Reason
) -> None:
    end(badge=held, by=issuer, at=at)

    verdict = verify_code(code_of(held), at=at)

    assert told(verdict) == (Result.REVOKED, reason, Colour.RED)
    assert verdict.badge is not None


def test_of_a_replaced_badge_the_newer_one_is_good(held: Badge, issuer: User, at: dt.datetime) -> None:
    newer = reissue_badge(badge=held, reason=VoidReason.REPLACED, note="Broken.", by=issuer, at=at)

    verdicts = [verify_code(code_of(badge), at=at) for badge in (held, newer)]

    assert [told(verdict) for verdict in verdicts] == [(Result.REVOKED, Reason.REPLACED, Colour.RED), GOOD]
    assert [verdict.badge.issue for verdict in verdicts if verdict.badge] == [1, 2]


def test_accreditations_that_end_with_the_results_take_their_badges_with_them(
    badge: Badge, election: Election, at: dt.datetime
) -> None:
    later = at + dt.timedelta(days=1)
    Election.objects.filter(pk=election.pk).update(results_published_at=later)

    assert told(verify_code(code_of(badge), at=later - SECOND)) == GOOD
    assert told(verify_code(code_of(badge), at=later)) == (Result.REVOKED, Reason.WITHDRAWN, Colour.RED)


def test_before_and_after_its_days_a_badge_says_so(
    trust: KeyList, accreditation: Accreditation, issuer: User, at: dt.datetime
) -> None:
    Accreditation.objects.filter(pk=accreditation.pk).update(valid_from=at + dt.timedelta(days=2))
    badge = issue_badge(accreditation=accreditation, by=issuer, at=at)
    instants = (badge.valid_from - SECOND, badge.valid_from, badge.valid_until - SECOND, badge.valid_until)

    results = [verify_code(code_of(badge), at=instant).result for instant in instants]

    assert results == [Result.NOT_YET, Result.COMPARE, Result.COMPARE, Result.EXPIRED]


def test_forged_foreign_and_never_issued_codes_are_answered_alike(
    badge: Badge, election: Election, settings: Settings, at: dt.datetime
) -> None:
    token = bytes(badge.token or b"")
    claims = read_claims(cose.open_message(token).payload)
    stranger = code_text(sign_badge(claims, SigningKey.new(), environment="test"), url=URL)
    broken = code_text(token[:-1] + bytes([token[-1] ^ 1]), url=URL)
    good = code_of(badge)
    Badge.objects.filter(pk=badge.pk).update(code_id="00" * 8)
    never_issued = good
    answers = {verify_code(code, at=at) for code in (stranger, broken, never_issued)}
    Badge.objects.filter(pk=badge.pk).update(code_id=badge.code_id)
    settings.BADGE_ENVIRONMENT = "production"
    answers.add(verify_code(good, at=at))
    settings.BADGE_ENVIRONMENT = "test"
    Election.objects.filter(pk=election.pk).update(code="elsewhere")
    answers.add(verify_code(good, at=at))

    assert {(told(answer), answer.badge, answer.list_number) for answer in answers} == {(FORGED, None, None)}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", Reason.NOT_A_CODE),
        ("Hello", Reason.NOT_A_CODE),
        (f"{URL}#", Reason.NOT_A_CODE),
        ("x" * 1001, Reason.TOO_LONG),
        (base64.urlsafe_b64encode(b"\xd2\x84\x40").decode().rstrip("="), Reason.MALFORMED),
    ],
)
def test_what_is_no_badge_is_called_so(text: str, reason: Reason, at: dt.datetime) -> None:
    assert told(verify_code(text, at=at)) == (Result.INVALID, reason, Colour.RED)


def test_guesses_near_a_good_code_hit_nothing(badge: Badge, at: dt.datetime) -> None:
    token, guesses = bytes(badge.token or b""), random.Random(3)

    results = set()
    for _guess in range(60):
        place = guesses.randrange(len(token))
        guess = token[:place] + bytes([token[place] ^ (1 << guesses.randrange(8))]) + token[place + 1 :]
        verdict = verify_code(code_text(guess, url=URL), at=at)
        results.add((verdict.result, verdict.badge))

    assert results == {(Result.FORGED, None), (Result.INVALID, None)}


def test_an_intended_badge_whose_signature_was_not_stored_is_void(badge: Badge, at: dt.datetime) -> None:
    code = code_of(badge)
    Badge.objects.filter(pk=badge.pk).update(state=BadgeState.INTENDED, token=None, key_id="", signed_at=None)

    assert told(verify_code(code, at=at)) == (Result.REVOKED, Reason.VOID, Colour.RED)


def test_a_code_proves_its_id_for_its_own_election_only(badge: Badge, election: Election, at: dt.datetime) -> None:
    other = Election.objects.get(pk=election.pk)
    other.pk, other.code = None, "another"
    other.save()

    assert code_id_of(code_of(badge), election=election, at=at) == badge.code_id
    assert code_id_of(code_of(badge), election=other, at=at) == ""
    assert code_id_of("Hello", election=election, at=at) == ""


def test_a_list_that_withdraws_the_key_counts_at_once(
    held: Badge, election: Election, trust: KeyList, badge_folders: Path, at: dt.datetime
) -> None:
    code = code_of(held)
    assert told(verify_code(code, at=at)) == GOOD
    withdrawn = replace(trust, number=2, keys=tuple(replace(key, is_withdrawn=True) for key in trust.keys))
    root = SigningKey.from_pem((badge_folders / "badge-keys" / "root-az-2024.pem").read_bytes())
    data = sign_key_list(withdrawn, root, environment="test")

    install_key_list(election=election, data=data, installed_by="a test", at=at)

    assert told(verify_code(code, at=at)) == (Result.REVOKED, Reason.KEY_WITHDRAWN, Colour.RED)


def test_a_verdict_takes_few_queries_and_reads_nothing_of_a_passport(badge: Badge, at: dt.datetime) -> None:
    code = code_of(badge)
    with CaptureQueriesContext(connection) as queries:
        verify_code(code, at=at)

    assert len(queries) == 4
    assert [query["sql"] for query in queries if "passport" in query["sql"]] == []
