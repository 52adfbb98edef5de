"""F19: a badge that was revoked after the backup stays revoked when the backup is restored."""

import datetime as dt
import shutil

import pytest
from pytest_django.fixtures import Settings

from accreditation.badges.codes.keylist import KeyList
from accreditation.badges.codes.revocations import RevocationReason, RevokedBadges
from accreditation.badges.models import Badge, RevocationList
from accreditation.badges.services.custody import void_badge
from accreditation.badges.services.issuing import issue_badge
from accreditation.badges.services.publishing import publish_due
from accreditation.badges.services.revoking import published_list
from accreditation.badges.states import BadgeState, VoidReason
from accreditation.badges.story import custody_story
from accreditation.models import Accreditation
from missions.models import User

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def badge(trust: KeyList, accreditation: Accreditation, issuer: User, at: dt.datetime) -> Badge:
    """A signed badge, good on the published list."""
    issued = issue_badge(accreditation=accreditation, by=issuer, at=at)
    publish_due(at=at)
    return issued


def published(badge: Badge, trust: KeyList) -> RevokedBadges:
    found = published_list(badge.election, trust)
    assert found is not None
    return found


def forget(badge: Badge, at: dt.datetime) -> None:
    """The database as it was at the instant; what was published after it stays."""
    RevocationList.objects.filter(issued_at__gt=at).delete()
    Badge.objects.filter(pk=badge.pk).update(state=BadgeState.SIGNED, void_reason="", ended_at=None)


@pytest.mark.parametrize(
    ("reason", "entry"),
    [
        (VoidReason.WITHDRAWN, RevocationReason.WITHDRAWN),
        (VoidReason.LOST, RevocationReason.LOST),
        (VoidReason.SPOILED, RevocationReason.VOID),
    ],
)
def test_a_forgotten_revocation_is_taken_in_from_the_published_list(
    badge: Badge, trust: KeyList, issuer: User, at: dt.datetime, reason: VoidReason, entry: RevocationReason
) -> None:
    void_badge(badge=badge, reason=reason, note="A test.", by=issuer, at=at + MINUTE)
    publish_due(at=at + MINUTE)
    before = published(badge, trust)
    forget(badge, at)

    publish_due(at=at + 2 * MINUTE)

    after, code_id = published(badge, trust), bytes.fromhex(badge.code_id)
    badge.refresh_from_db()
    assert (badge.state, badge.void_reason, badge.ended_at) == ("void", reason, at + 2 * MINUTE)
    assert (before.entries, after.entries) == ({code_id: entry}, {code_id: entry})
    assert after.number > before.number
    last = custody_story(badge)[-2]
    assert last.sentence == f"Made void by the system: {reason.label}."
    assert last.note == "Revoked on the published list of before the restore."


def test_a_revoked_badge_that_the_database_never_knew_stays_on_every_list(
    badge: Badge, trust: KeyList, issuer: User, at: dt.datetime, settings: Settings
) -> None:
    """It was signed and revoked in the lost time."""
    void_badge(badge=badge, reason=VoidReason.LOST, note="A test.", by=issuer, at=at + MINUTE)
    publish_due(at=at + MINUTE)
    RevocationList.objects.filter(issued_at__gt=at).delete()
    Badge.objects.all().delete()
    lost = {bytes.fromhex(badge.code_id): RevocationReason.LOST}

    publish_due(at=at + 2 * MINUTE)
    first = published(badge, trust)
    publish_due(at=at + 30 * MINUTE)
    second = published(badge, trust)
    shutil.rmtree(settings.BADGE_PUBLISHED_DIR)  # as on another node, which never had the file
    publish_due(at=at + 60 * MINUTE)
    third = published(badge, trust)

    assert third.entries == lost
    assert (first.entries, second.entries) == (lost, lost)
    assert second.number > first.number


def test_a_list_that_the_database_knows_changes_nothing(badge: Badge, trust: KeyList, at: dt.datetime) -> None:
    """The control: on an ordinary day a badge that is good again goes from the list."""
    Badge.objects.filter(pk=badge.pk).update(state=BadgeState.VOID, void_reason=VoidReason.LOST, ended_at=at)
    publish_due(at=at + MINUTE)
    Badge.objects.filter(pk=badge.pk).update(state=BadgeState.SIGNED, void_reason="", ended_at=None)

    publish_due(at=at + 2 * MINUTE)

    badge.refresh_from_db()
    assert (badge.state, published(badge, trust).entries) == ("signed", {})


def test_a_badge_that_was_only_intended_is_not_made_void(
    badge: Badge, trust: KeyList, issuer: User, at: dt.datetime
) -> None:
    """It stands on the list because it is not signed yet, and is signed after the restore."""
    void_badge(badge=badge, reason=VoidReason.SPOILED, note="A test.", by=issuer, at=at + MINUTE)
    publish_due(at=at + MINUTE)
    forget(badge, at)
    Badge.objects.filter(pk=badge.pk).update(state=BadgeState.INTENDED, key_id="", token=None, signed_at=None)

    publish_due(at=at + 2 * MINUTE)

    badge.refresh_from_db()
    assert badge.state == "intended"
