"""Badges on real connections at the same moment: one card handed over once, one live badge, numbers without doubles."""

import datetime as dt
import threading
from functools import partial

import pytest
from pytest_django.fixtures import Settings

from accreditation.badges.errors import LiveBadgeError, StockSerialTakenError
from accreditation.badges.models import Badge, PrintBatchItem, PrintSheet
from accreditation.badges.services.batches import order_batch, work_off_batches
from accreditation.badges.services.custody import hand_over_badge, mark_printed, void_badge
from accreditation.badges.services.issuing import issue_badge, issue_badges, reissue_badge
from accreditation.badges.services.revoking import revoked_badges
from accreditation.badges.states import BadgeState, CardFormat, CollectionProof, VoidReason
from accreditation.models import Accreditation
from accreditation.services.accreditations import revoke_accreditation
from missions.kernel.models import Event
from missions.kernel.transitions import IllegalTransitionError
from missions.models import User
from tests.accreditation.badges.conftest import MakeAccreditation
from tests.accreditation.badges.made import badge_in
from tests.racing import errors_of, race

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("trust", "private_files")]

_S = BadgeState
RACERS = 6


def test_two_desks_hand_over_one_badge_once(accreditation: Accreditation, issuer: User, at: dt.datetime) -> None:
    badge = badge_in(_S.PRINTED, accreditation, by=issuer, at=at)
    hand = partial(hand_over_badge, badge=badge, proof=CollectionProof.SIGNATURE, by=issuer, at=at)

    results = race([partial(hand, collected_by=f"Person {number}") for number in range(RACERS)])

    assert errors_of(results) == [IllegalTransitionError] * (RACERS - 1)
    badge.refresh_from_db()
    told = Event.objects.of(badge).get(verb="badge_handed_over")
    assert (badge.version, told.changed) == (2, [badge.collected_by, "signature"])


def test_handing_over_without_the_lock_gives_one_card_to_all(
    accreditation: Accreditation, issuer: User, at: dt.datetime
) -> None:
    """The control: what the service guards against does happen when its lock is taken away."""
    badge = badge_in(_S.PRINTED, accreditation, by=issuer, at=at)
    everybody_has_read = threading.Barrier(RACERS)

    def hand_over_unguarded() -> bool:
        state = Badge.objects.values_list("state", flat=True).get(pk=badge.pk)
        everybody_has_read.wait(timeout=30)
        return state == _S.PRINTED and bool(Badge.objects.filter(pk=badge.pk).update(version=2))

    assert race([hand_over_unguarded] * RACERS) == [True] * RACERS


def test_of_hand_over_and_void_one_wins(accreditation: Accreditation, issuer: User, at: dt.datetime) -> None:
    badge = badge_in(_S.PRINTED, accreditation, by=issuer, at=at)
    hand = partial(
        hand_over_badge, badge=badge, collected_by="Anna", proof=CollectionProof.SCAN, by=issuer, at=at, version=1
    )
    void = partial(void_badge, badge=badge, reason=VoidReason.SPOILED, note="Torn.", by=issuer, at=at, version=1)

    results = race([hand, void])

    assert len(errors_of(results)) == 1
    assert Event.objects.of(badge).count() == 1


def test_whoever_is_revoked_while_the_card_is_handed_over_has_no_good_card(
    accreditation: Accreditation, issuer: User, approver: User, at: dt.datetime
) -> None:
    badge = badge_in(_S.PRINTED, accreditation, by=issuer, at=at)
    hand = partial(hand_over_badge, badge=badge, collected_by="Anna", proof=CollectionProof.SCAN, by=issuer, at=at)
    revoke = partial(revoke_accreditation, accreditation=accreditation, reason="Forged.", by=approver, at=at)

    results = race([hand, revoke])

    assert not isinstance(results[1], Exception)
    assert list(revoked_badges(badge.election, at=at)) == [bytes.fromhex(badge.code_id)]


def test_desks_that_issue_for_one_person_at_once_make_one_badge(
    accreditation: Accreditation, issuer: User, at: dt.datetime
) -> None:
    results = race([partial(issue_badge, accreditation=accreditation, by=issuer, at=at)] * RACERS)

    assert set(errors_of(results)) <= {LiveBadgeError}
    badge = Badge.objects.get()
    assert (badge.state, badge.number) == (_S.SIGNED, 1)
    assert Event.objects.of(badge).filter(verb="badge_signed").count() == 1


def test_numbers_of_racing_desks_follow_each_other(
    make_accreditation: MakeAccreditation, issuer: User, at: dt.datetime
) -> None:
    keys = [make_accreditation(number).pk for number in range(6)]

    race([partial(issue_badges, accreditation_ids=keys[part::3], by=issuer, at=at) for part in range(3)])

    numbers = Badge.objects.order_by("number").values_list("number", "state")
    assert list(numbers) == [(number, "signed") for number in range(1, 7)]


def test_of_two_reissues_of_what_was_read_one_is_made(
    accreditation: Accreditation, issuer: User, at: dt.datetime
) -> None:
    badge = issue_badge(accreditation=accreditation, by=issuer, at=at)
    again = partial(reissue_badge, badge=badge, reason=VoidReason.SPOILED, note="Torn.", by=issuer, at=at)

    results = race([again] * 3)

    assert errors_of(results) == [IllegalTransitionError] * 2
    assert list(Badge.objects.order_by("issue").values_list("state", flat=True)) == ["void", "signed"]


def test_one_serial_is_printed_once(make_accreditation: MakeAccreditation, issuer: User, at: dt.datetime) -> None:
    badges = [
        badge_in(_S.SIGNED, make_accreditation(number), by=issuer, at=at, number=number + 1) for number in range(3)
    ]

    results = race([partial(mark_printed, badge=badge, stock_serial="AZ 1", by=issuer, at=at) for badge in badges])

    assert errors_of(results) == [StockSerialTakenError] * 2


def test_workers_at_one_batch_make_each_card_once(
    make_accreditation: MakeAccreditation, issuer: User, at: dt.datetime, settings: Settings
) -> None:
    people = [make_accreditation(number) for number in range(3)]
    batch = order_batch(
        election=people[0].election,
        accreditations=people,
        title="All",
        card_format=CardFormat.ID1,
        first_stock_serial="1",
        by=issuer,
        at=at,
    )

    results = race([partial(work_off_batches, at=at)] * 3)

    assert sorted(results) == [0, 0, 3]  # type: ignore[type-var]  # counts
    assert (Badge.objects.count(), PrintSheet.objects.get().badges) == (3, 3)
    assert PrintBatchItem.objects.filter(batch=batch, badge__state=_S.PRINTED, code="").count() == 3
