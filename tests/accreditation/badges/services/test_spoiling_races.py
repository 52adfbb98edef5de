"""A correction at the very moment of another act on the person or the badge. Real connections, both databases."""

import datetime as dt
from functools import partial

import pytest
from django.db import IntegrityError

from accreditation.badges.models import Badge
from accreditation.badges.services.custody import hand_over_badge
from accreditation.badges.states import LIVE_BADGE_STATES, BadgeState, CollectionProof, VoidReason
from accreditation.errors import AccreditationEndedError, PreviewOutdatedError
from accreditation.models import Accreditation, Observer
from accreditation.services.accreditations import revoke_accreditation, suspend_accreditation
from accreditation.services.corrections import Correction, correct_accreditation, preview_correction
from missions.kernel.integrity import broken_constraint
from missions.kernel.models import Event
from missions.kernel.transitions import IllegalTransitionError
from missions.models import User
from tests.accreditation.badges.made import badge_in
from tests.racing import ROUNDS, errors_of, race

pytestmark = pytest.mark.django_db(transaction=True)

_S = BadgeState


def _corrections(
    accreditation: Accreditation, by: User, at: dt.datetime, *surnames: str
) -> list[partial[Accreditation]]:
    """One act for each surname, each after a preview of its own."""
    acts = []
    for surname in surnames:
        correction = Correction(surname=surname)
        digest = preview_correction(accreditation=accreditation, correction=correction, by=by, at=at).digest
        acts.append(
            partial(
                correct_accreditation,
                accreditation=accreditation,
                correction=correction,
                digest=digest,
                reason="Misread",
                by=by,
                at=at,
            )
        )
    return acts


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_of_correction_and_hand_over_no_wrong_card_stays_good(
    accreditation: Accreditation, issuer: User, at: dt.datetime, _round: int
) -> None:
    badge = badge_in(_S.PRINTED, accreditation, by=issuer, at=at)
    hand_over = partial(
        hand_over_badge, badge=badge, collected_by="Anna Meyer", proof=CollectionProof.SIGNATURE, by=issuer, at=at
    )

    results = race([*_corrections(accreditation, issuer, at, "Mayer"), hand_over])

    badge.refresh_from_db()
    if badge.state == _S.VOID:  # the correction was first, and the desk is told that this card is none any more
        assert errors_of(results) == [IllegalTransitionError]
        assert (badge.handed_over_at, Observer.objects.get().surname) == (None, "Mayer")
    else:  # the hand-over was first, and the corrector has to look again
        assert errors_of(results) == [PreviewOutdatedError]
        assert (badge.state, Observer.objects.get().surname) == (_S.HANDED_OVER, "Meyer")
    [live] = Badge.objects.filter(state__in=LIVE_BADGE_STATES)
    assert live.state == (_S.INTENDED if badge.state == _S.VOID else _S.HANDED_OVER)


def _hand_over_unguarded(badge: Badge, by: User, at: dt.datetime) -> None:
    """What a desk would write that has read the badge before, and neither locks nor looks again."""
    Badge.objects.filter(pk=badge.pk).update(
        state=_S.HANDED_OVER,
        handed_over_at=at,
        handed_over_by=by,
        collected_by="Anna Meyer",
        collection_proof=CollectionProof.SIGNATURE,
        ended_at=None,
        void_reason="",
    )


def test_even_without_the_locks_the_database_keeps_one_good_badge(
    accreditation: Accreditation, issuer: User, at: dt.datetime
) -> None:
    badge = badge_in(_S.PRINTED, accreditation, by=issuer, at=at)
    for act in _corrections(accreditation, issuer, at, "Mayer"):
        act()

    with pytest.raises(IntegrityError) as caught:
        _hand_over_unguarded(badge, issuer, at)

    assert broken_constraint(caught.value, Badge) == "badge_one_live"


def test_without_the_guard_a_card_with_the_former_name_is_good(
    accreditation: Accreditation, issuer: User, approver: User, at: dt.datetime
) -> None:
    """The control: where no newer badge stands in the way, only lock and table keep the void card from a hand-over."""
    badge = badge_in(_S.PRINTED, accreditation, by=issuer, at=at)
    suspend_accreditation(accreditation=accreditation, reason="Under investigation", by=approver, at=at)
    for act in _corrections(accreditation, issuer, at, "Mayer"):
        act()

    _hand_over_unguarded(badge, issuer, at)

    assert (Badge.objects.live().get().pk, Observer.objects.get().surname) == (badge.pk, "Mayer")


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_of_correction_and_revocation_no_good_badge_is_left(
    accreditation: Accreditation, issuer: User, approver: User, at: dt.datetime, _round: int
) -> None:
    badge = badge_in(_S.HANDED_OVER, accreditation, by=issuer, at=at)
    revoke = partial(revoke_accreditation, accreditation=accreditation, reason="Agitated", by=approver, at=at)

    results = race([*_corrections(accreditation, issuer, at, "Mayer"), revoke])

    accreditation.refresh_from_db()
    badge.refresh_from_db()
    assert accreditation.state == "revoked"
    if badge.state == _S.VOID:
        assert errors_of(results) == []
        assert list(Badge.objects.order_by("number").values_list("state", flat=True)) == [_S.VOID, _S.INTENDED]
    else:
        assert errors_of(results) == [AccreditationEndedError]
        assert Observer.objects.get().surname == "Meyer"


def test_of_two_corrections_one_wins_and_the_other_has_to_look_again(
    accreditation: Accreditation, issuer: User, at: dt.datetime
) -> None:
    badge_in(_S.SIGNED, accreditation, by=issuer, at=at)

    results = race(_corrections(accreditation, issuer, at, "Mayer", "Maier", "Mair"))

    assert errors_of(results) == [PreviewOutdatedError] * 2
    assert Observer.objects.get().surname in ("Mayer", "Maier", "Mair")
    assert Badge.objects.filter(void_reason=VoidReason.CHANGED).count() == 1
    assert Badge.objects.live().count() == 1
    assert Event.objects.filter(verb="accreditation_corrected").count() == 1
