"""Who has a badge: the whole square of its states, and what each step asks and tells."""

import datetime as dt
from collections.abc import Callable
from contextlib import suppress

import pytest
from django.db import transaction

from accreditation.badges.errors import (
    BadgeChangedError,
    BadgeNotAccreditedError,
    BadgeOverError,
    BadgeSuspendedError,
    CardDestroyedError,
    CollectorMissingError,
    NoCardError,
    NotDestroyableError,
    StockSerialTakenError,
    WitnessMissingError,
)
from accreditation.badges.models import Badge
from accreditation.badges.services.custody import (
    destroy_badge,
    hand_over_badge,
    mark_printed,
    report_badge_lost,
    return_badge,
    void_badge,
)
from accreditation.badges.states import BADGE_TRANSITIONS, BadgeState, CollectionProof, VoidReason
from accreditation.errors import ReasonMissingError
from accreditation.models import Accreditation
from accreditation.services.accreditations import return_accreditation, suspend_accreditation
from missions.kernel.errors import MissingError
from missions.kernel.models import Event
from missions.kernel.transitions import IllegalTransitionError
from missions.models import Election, User
from tests.accreditation.badges.conftest import MakeAccreditation
from tests.accreditation.badges.made import badge_in

pytestmark = pytest.mark.django_db

_S = BadgeState
Act = Callable[..., Badge]
#: The service of each edge; the edge to "signed" is the signer's (test_signing.py).
EDGES: dict[BadgeState, tuple[Act, dict[str, object]]] = {
    _S.PRINTED: (mark_printed, {"stock_serial": "AZ 1"}),
    _S.HANDED_OVER: (hand_over_badge, {"collected_by": "Anna Meyer", "proof": CollectionProof.SCAN}),
    _S.RETURNED: (return_badge, {}),
    _S.LOST: (report_badge_lost, {}),
    _S.VOID: (void_badge, {"reason": VoidReason.SPOILED, "note": "Torn."}),
}


@pytest.mark.parametrize("source", list(BadgeState))
def test_each_edge_of_the_table_has_its_service_and_there_is_no_other(
    source: BadgeState, accreditation: Accreditation, issuer: User, at: dt.datetime
) -> None:
    badge = badge_in(source, accreditation, by=issuer, at=at)
    reached = set()

    for target, (act, answers) in EDGES.items():
        with transaction.atomic():
            with suppress(IllegalTransitionError):
                done = act(badge=badge, by=issuer, at=at, **answers)
                assert (done.state, done.version) == (target, 2)
                assert (done.ended_at == at) is (target in (_S.RETURNED, _S.LOST, _S.VOID))
                reached.add(target)
            transaction.set_rollback(True)

    assert reached == set(BADGE_TRANSITIONS[source]) - {_S.SIGNED}


def history(badge: Badge) -> list[tuple[str, str, str, list[str], str]]:
    rows = Event.objects.of(badge)
    return [(row.verb, row.from_state, row.to_state, row.changed, row.reason) for row in rows]


def test_a_life_from_print_to_shredder_is_told_whole(
    accreditation: Accreditation, issuer: User, at: dt.datetime
) -> None:
    badge = badge_in(_S.SIGNED, accreditation, by=issuer, at=at)

    mark_printed(badge=badge, stock_serial=" AZ 7 ", by=issuer, at=at)
    hand_over_badge(badge=badge, collected_by=" Anna  Meyer ", proof=CollectionProof.SIGNATURE, by=issuer, at=at)
    report_badge_lost(badge=badge, note="In the hotel.", by=issuer, at=at)
    return_badge(badge=badge, by=issuer, at=at + dt.timedelta(hours=1))
    done = destroy_badge(badge=badge, witness="Boris Witness", by=issuer, at=at + dt.timedelta(hours=2))

    assert history(badge) == [
        ("badge_printed", "signed", "printed", ["AZ 7"], ""),
        ("badge_handed_over", "printed", "handed_over", ["Anna Meyer", "signature"], ""),
        ("badge_lost", "handed_over", "lost", [], "In the hotel."),
        ("badge_returned", "lost", "returned", [], ""),
        ("badge_destroyed", "", "", ["Boris Witness"], ""),
    ]
    badge.refresh_from_db()
    assert badge.version == done.version == 6
    assert (badge.stock_serial, badge.printed_by, badge.collected_by) == ("AZ 7", issuer, "Anna Meyer")
    assert (badge.ended_at, badge.destroyed_at) == (at + dt.timedelta(hours=1), at + dt.timedelta(hours=2))
    assert (badge.destroyed_by, badge.destruction_witness) == (issuer, "Boris Witness")


@pytest.mark.parametrize("act", [_S.PRINTED, _S.HANDED_OVER])
def test_nobody_gets_a_card_whose_accreditation_does_not_count(
    act: BadgeState, accreditation: Accreditation, election: Election, issuer: User, lead: User, at: dt.datetime
) -> None:
    source = _S.SIGNED if act is _S.PRINTED else _S.PRINTED
    badge = badge_in(source, accreditation, by=issuer, at=at)
    service, answers = EDGES[act]

    def refusal(at: dt.datetime = at) -> type[Exception]:
        with pytest.raises((BadgeSuspendedError, BadgeNotAccreditedError, BadgeOverError)) as raised:
            service(badge=badge, by=issuer, at=at, **answers)
        return raised.type

    assert refusal(badge.valid_until) is BadgeOverError
    Election.objects.update(results_published_at=at)  # by law the accreditation ends with that
    assert refusal(at + dt.timedelta(minutes=1)) is BadgeNotAccreditedError
    Election.objects.update(results_published_at=None)
    suspend_accreditation(accreditation=accreditation, reason="Papers.", by=issuer, at=at)
    assert refusal() is BadgeSuspendedError
    return_accreditation(accreditation=accreditation, by=lead, at=at)
    assert refusal() is BadgeNotAccreditedError
    badge.refresh_from_db()
    assert (badge.state, badge.version, history(badge)) == (source, 1, [])


def test_who_ended_may_still_give_the_card_back_lose_it_or_have_it_made_void(
    accreditation: Accreditation, issuer: User, lead: User, at: dt.datetime
) -> None:
    badge = badge_in(_S.HANDED_OVER, accreditation, by=issuer, at=at)
    return_accreditation(accreditation=accreditation, by=lead, at=at)

    report_badge_lost(badge=badge, by=lead, at=at)

    assert void_badge(badge=badge, reason=VoidReason.LOST, note="Given up.", by=issuer, at=at).void_reason == "lost"


def test_a_serial_is_on_one_card_only_and_the_refusal_says_on_which(
    accreditation: Accreditation, make_accreditation: MakeAccreditation, issuer: User, at: dt.datetime
) -> None:
    first = badge_in(_S.SIGNED, accreditation, by=issuer, at=at)
    second = badge_in(_S.SIGNED, make_accreditation(2), by=issuer, at=at, number=2)
    mark_printed(badge=first, stock_serial="AZ 7", by=issuer, at=at)

    with pytest.raises(StockSerialTakenError, match="AZ 7: B-000001"):
        mark_printed(badge=second, stock_serial="AZ 7", by=issuer, at=at)

    assert mark_printed(badge=second, stock_serial="", by=issuer, at=at).stock_serial == ""  # blank stock has none


@pytest.mark.parametrize("name", ["", "   ", "x" * 201, "Anna\u202eMeyer"])
def test_a_badge_is_handed_to_somebody_with_a_name(
    name: str, accreditation: Accreditation, issuer: User, at: dt.datetime
) -> None:
    badge = badge_in(_S.PRINTED, accreditation, by=issuer, at=at)

    with pytest.raises(CollectorMissingError):
        hand_over_badge(badge=badge, collected_by=name, proof=CollectionProof.SCAN, by=issuer, at=at)


def test_a_badge_is_made_void_for_a_reason_in_words(
    accreditation: Accreditation, issuer: User, at: dt.datetime
) -> None:
    badge = badge_in(_S.SIGNED, accreditation, by=issuer, at=at)

    with pytest.raises(ReasonMissingError):
        void_badge(badge=badge, reason=VoidReason.SPOILED, note=" ", by=issuer, at=at)


def test_only_who_has_read_the_latest_version_acts_on_it(
    accreditation: Accreditation, issuer: User, at: dt.datetime
) -> None:
    badge = badge_in(_S.HANDED_OVER, accreditation, by=issuer, at=at)
    return_badge(badge=badge, by=issuer, at=at, version=1)

    with pytest.raises(BadgeChangedError):
        destroy_badge(badge=badge, witness="Boris", by=issuer, at=at, version=1)
    assert destroy_badge(badge=badge, witness="Boris", by=issuer, at=at, version=2).version == 3


@pytest.mark.parametrize("state", sorted({*BadgeState} - {_S.RETURNED, _S.VOID}))
def test_only_what_was_returned_or_void_is_destroyed(
    state: BadgeState, accreditation: Accreditation, issuer: User, at: dt.datetime
) -> None:
    badge = badge_in(state, accreditation, by=issuer, at=at)

    with pytest.raises(NotDestroyableError):
        destroy_badge(badge=badge, witness="Boris", by=issuer, at=at)


def test_a_card_is_destroyed_once_before_somebody_else(
    accreditation: Accreditation, issuer: User, at: dt.datetime
) -> None:
    badge = badge_in(_S.RETURNED, accreditation, by=issuer, at=at)

    for witness in ("", issuer.email.upper(), str(issuer)):
        with pytest.raises(WitnessMissingError):
            destroy_badge(badge=badge, witness=witness, by=issuer, at=at)
    destroy_badge(badge=badge, witness="Boris", by=issuer, at=at)
    with pytest.raises(CardDestroyedError):
        destroy_badge(badge=badge, witness="Boris", by=issuer, at=at)


def test_what_was_never_printed_has_no_card_to_destroy(
    accreditation: Accreditation, issuer: User, at: dt.datetime
) -> None:
    badge = badge_in(_S.VOID, accreditation, by=issuer, at=at)

    with pytest.raises(NoCardError):
        destroy_badge(badge=badge, witness="Boris", by=issuer, at=at)


def test_a_badge_that_is_not_there_is_missing(accreditation: Accreditation, issuer: User, at: dt.datetime) -> None:
    with pytest.raises(MissingError):
        return_badge(badge=Badge(pk=999), by=issuer, at=at)
