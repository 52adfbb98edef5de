"""What is on the list of revoked badges, asked of the database each time, and which number it has."""

import datetime as dt
from functools import partial
from pathlib import Path

import pytest

from accreditation.badges.codes.keylist import KeyList
from accreditation.badges.codes.revocations import RevocationReason, open_revocations
from accreditation.badges.errors import NoSigningKeyError
from accreditation.badges.models import Badge, RevocationList
from accreditation.badges.published import replace_file
from accreditation.badges.services.revoking import is_list_due, newest_list, revoked_badges, sign_due_list
from accreditation.badges.states import BadgeState, VoidReason
from accreditation.models import Accreditation
from missions.models import Election, User
from tests.accreditation.badges.doors import badge_row
from tests.racing import race

pytestmark = pytest.mark.django_db

_R = RevocationReason
MINUTE = dt.timedelta(minutes=1)


@pytest.mark.parametrize(
    ("state", "void_reason", "listed"),
    [
        (BadgeState.INTENDED, "", None),
        (BadgeState.SIGNED, "", None),
        (BadgeState.PRINTED, "", None),
        (BadgeState.HANDED_OVER, "", None),
        (BadgeState.RETURNED, "", _R.WITHDRAWN),
        (BadgeState.LOST, "", _R.LOST),
        (BadgeState.VOID, VoidReason.REPLACED, _R.REPLACED),
        (BadgeState.VOID, VoidReason.CHANGED, _R.REPLACED),
        (BadgeState.VOID, VoidReason.KEY, _R.REPLACED),
        (BadgeState.VOID, VoidReason.SPOILED, _R.VOID),
        (BadgeState.VOID, VoidReason.WITHDRAWN, _R.WITHDRAWN),
        (BadgeState.VOID, VoidReason.LOST, _R.LOST),
    ],
)
def test_a_dead_badge_is_listed_with_its_reason(
    accreditation: Accreditation,
    issuer: User,
    at: dt.datetime,
    state: BadgeState,
    void_reason: str,
    listed: RevocationReason | None,
) -> None:
    ended_at = None if listed is None else at
    badge = badge_row(accreditation, issuer, state=state, void_reason=void_reason, ended_at=ended_at)

    expected = {} if listed is None else {bytes.fromhex(badge.code_id): listed}
    assert revoked_badges(accreditation.election, at=at) == expected


@pytest.mark.parametrize("state", ["suspended", "revoked", "returned", "replaced", "expired"])
def test_the_badge_of_an_accreditation_that_does_not_count_is_listed(
    accreditation: Accreditation, issuer: User, at: dt.datetime, state: str
) -> None:
    badge = badge_row(accreditation, issuer)
    ended_at = None if state == "suspended" else at
    Accreditation.objects.filter(pk=accreditation.pk).update(state=state, reason="a test", ended_at=ended_at)

    assert revoked_badges(accreditation.election, at=at) == {bytes.fromhex(badge.code_id): _R.WITHDRAWN}


def test_a_badge_leaves_the_list_a_day_after_its_end(accreditation: Accreditation, issuer: User) -> None:
    badge = badge_row(accreditation, issuer, state=BadgeState.LOST, ended_at=dt.datetime(2024, 2, 1, tzinfo=dt.UTC))
    day = dt.timedelta(days=1)

    last = badge.valid_until + day - dt.timedelta(seconds=1)
    assert len(revoked_badges(accreditation.election, at=last)) == 1
    assert revoked_badges(accreditation.election, at=badge.valid_until + day) == {}


def test_a_list_says_who_and_until_when(
    trust: KeyList, accreditation: Accreditation, issuer: User, at: dt.datetime
) -> None:
    badge = badge_row(accreditation, issuer, state=BadgeState.LOST, ended_at=at)

    row = sign_due_list(election=accreditation.election, at=at)

    told = open_revocations(bytes(row.data), trust, environment="test")
    now = int(at.timestamp())
    assert (told.number, told.issued, told.next_update) == (now, now, now + 600)
    assert told.entries == {bytes.fromhex(badge.code_id): _R.LOST}
    assert (row.number, row.entries, row.key_id) == (now, 1, trust.keys[0].key.kid.hex())


def test_a_list_is_signed_when_its_content_changes_and_after_ten_minutes(
    trust: KeyList, accreditation: Accreditation, issuer: User, at: dt.datetime
) -> None:
    election = accreditation.election
    first = sign_due_list(election=election, at=at)

    assert not is_list_due(election, at=at + 9 * MINUTE)
    assert sign_due_list(election=election, at=at + 9 * MINUTE) == first
    assert is_list_due(election, at=at + 10 * MINUTE)

    badge_row(accreditation, issuer, state=BadgeState.LOST, ended_at=at)
    second = sign_due_list(election=election, at=at + MINUTE)
    third = sign_due_list(election=election, at=at + 11 * MINUTE)
    now = int(at.timestamp())
    assert (first.number, second.number, third.number) == (now, now + 60, now + 660)
    assert newest_list(election) == third


def test_of_lists_that_say_the_same_only_the_last_keeps_its_bytes(
    trust: KeyList, accreditation: Accreditation, issuer: User, at: dt.datetime
) -> None:
    election = accreditation.election
    sign_due_list(election=election, at=at)
    sign_due_list(election=election, at=at + 10 * MINUTE)
    badge_row(accreditation, issuer, state=BadgeState.LOST, ended_at=at)
    sign_due_list(election=election, at=at + 11 * MINUTE)

    rows = RevocationList.objects.order_by("number")
    assert [(bool(row.data), row.entries) for row in rows] == [(False, 0), (True, 0), (True, 1)]


def test_within_one_second_numbers_grow_all_the_same(
    trust: KeyList, accreditation: Accreditation, issuer: User, at: dt.datetime
) -> None:
    numbers = []
    for _ in range(3):
        badge_row(accreditation, issuer, state=BadgeState.LOST, ended_at=at)
        numbers.append(sign_due_list(election=accreditation.election, at=at).number)

    now = int(at.timestamp())
    assert numbers == [now, now + 1, now + 2]


def test_a_clock_that_was_set_back_gives_no_lower_number(
    trust: KeyList, accreditation: Accreditation, at: dt.datetime
) -> None:
    first = sign_due_list(election=accreditation.election, at=at)

    second = sign_due_list(election=accreditation.election, at=at - 60 * MINUTE)

    assert (second.number, second.issued_at) == (first.number + 1, at - 60 * MINUTE)


def test_a_restored_database_goes_above_the_published_file(
    trust: KeyList, accreditation: Accreditation, at: dt.datetime
) -> None:
    """The clock is an hour behind what was published: the file alone must be enough."""
    election = accreditation.election
    published = sign_due_list(election=election, at=at)
    replace_file(election.code, "revoked.cose", bytes(published.data))
    RevocationList.objects.all().delete()

    restored = sign_due_list(election=election, at=at - 60 * MINUTE)

    assert restored.number == published.number + 1


def test_a_restored_database_without_the_file_goes_by_the_clock(
    trust: KeyList, accreditation: Accreditation, at: dt.datetime
) -> None:
    published = sign_due_list(election=accreditation.election, at=at)
    RevocationList.objects.all().delete()

    assert sign_due_list(election=accreditation.election, at=at + MINUTE).number == published.number + 60


@pytest.mark.parametrize("foreign", [b"", b"<html>sign in</html>", b"\xd2\x84" * 50], ids=["empty", "portal", "noise"])
def test_a_foreign_file_is_passed_over_and_named(
    trust: KeyList, accreditation: Accreditation, at: dt.datetime, foreign: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    replace_file("az-2024", "revoked.cose", foreign)

    assert sign_due_list(election=accreditation.election, at=at).number == int(at.timestamp())
    told = [one.getMessage() for one in caplog.records]
    assert told == ([] if not foreign else ["The published list of az-2024 is passed over: malformed"])


def test_a_file_that_cannot_be_read_is_passed_over_and_named(
    trust: KeyList,
    accreditation: Accreditation,
    at: dt.datetime,
    badge_folders: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    (badge_folders / "published" / "az-2024" / "revoked.cose").mkdir(parents=True)

    assert sign_due_list(election=accreditation.election, at=at).number == int(at.timestamp())
    assert "The published list of az-2024 is passed over" in caplog.text


@pytest.mark.usefixtures("badge_folders")
def test_without_a_key_there_is_no_list(election: Election, at: dt.datetime) -> None:
    assert not is_list_due(election, at=at)
    with pytest.raises(NoSigningKeyError):
        sign_due_list(election=election, at=at)


@pytest.mark.django_db(transaction=True)
def test_publishers_at_the_same_moment_sign_one_list(
    trust: KeyList, accreditation: Accreditation, issuer: User, at: dt.datetime
) -> None:
    election = accreditation.election
    badge_row(accreditation, issuer, state=BadgeState.LOST, ended_at=at)

    results = race([partial(sign_due_list, election=election, at=at)] * 6)

    assert {row.number for row in results if isinstance(row, RevocationList)} == {int(at.timestamp())}
    assert (len(results), RevocationList.objects.count(), Badge.objects.count()) == (6, 1, 1)
