"""The badge desk: a card is printed once, tells the truth, and is never a good one of somebody who may not have it."""

import datetime as dt
import io

import pytest
from pypdf import PdfReader
from pytest_django.fixtures import Settings

from accreditation.badges.codes.token import token_of
from accreditation.badges.errors import (
    BadgeChangedError,
    BadgeNotAccreditedError,
    BadgeNotSignedError,
    BadgePrintedError,
    BadgeSpoiledError,
    LiveBadgeError,
    StockSerialTakenError,
)
from accreditation.badges.models import Badge
from accreditation.badges.rendering import Card, render_cards
from accreditation.badges.services import desk
from accreditation.badges.services.custody import void_badge
from accreditation.badges.services.desk import PrintedCard, print_badge
from accreditation.badges.services.issuing import issue_badge
from accreditation.badges.services.revoking import revoked_badges
from accreditation.badges.states import BadgeState, CardFormat, VoidReason
from accreditation.models import Accreditation, Observer
from accreditation.services.accreditations import revoke_accreditation
from missions.kernel.errors import MissingError
from missions.kernel.models import Event
from missions.kernel.transitions import IllegalTransitionError
from missions.models import Organization, User
from tests.accreditation.badges.conftest import MakeAccreditation
from tests.accreditation.badges.made import badge_in
from tests.accreditation.badges.services.test_issuing import away, give_photo
from tests.conftest import staff
from tests.corpus.files import papers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trust", "private_files")]

_S = BadgeState


@pytest.fixture
def badge(accreditation: Accreditation, issuer: User, at: dt.datetime) -> Badge:
    """A signed badge."""
    return issue_badge(accreditation=accreditation, by=issuer, at=at)


def printed(badge: Badge, serial: str = "AZ 1", *, by: User, at: dt.datetime) -> PrintedCard:
    return print_badge(badge=badge, stock_serial=serial, card_format=CardFormat.ID1, by=by, at=at)


def test_a_card_is_drawn_of_the_badge_its_photo_and_its_code_and_noted(
    accreditation: Accreditation, issuer: User, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_photo(accreditation, papers.photo(), at)
    badge = issue_badge(accreditation=accreditation, by=issuer, at=at)
    drawn: list[Card] = []

    def draw(cards: list[Card], *, card_format: CardFormat, issued_at: dt.datetime) -> bytes:
        drawn.extend(cards)
        return render_cards(cards, card_format=card_format, issued_at=issued_at)

    monkeypatch.setattr(desk, "render_cards", draw)

    card = print_badge(badge=badge, stock_serial=" AZ 1 ", card_format=CardFormat.A6, by=issuer, at=at)

    assert (card.name, card.badge.state, card.badge.stock_serial) == ("B-000001.pdf", _S.PRINTED, "AZ 1")
    pages = PdfReader(io.BytesIO(card.pdf)).pages
    assert (len(pages), "MEYER" in pages[0].extract_text()) == (2, True)
    assert (token_of(drawn[0].code), drawn[0].is_test) == (bytes(badge.token or b""), True)
    assert drawn[0].photo is not None
    assert drawn[0].photo.startswith(b"\xff\xd8")
    assert Event.objects.of(badge).last().changed == ["AZ 1"]  # type: ignore[union-attr]  # there is one


def test_a_badge_that_waits_for_the_signer_is_signed_on_the_way_to_the_printer(
    accreditation: Accreditation, issuer: User, at: dt.datetime, settings: Settings
) -> None:
    settings.BADGE_SIGNER = f"{away.__module__}.{away.__name__}"
    badge = issue_badge(accreditation=accreditation, by=issuer, at=at)

    with pytest.raises(BadgeNotSignedError):
        printed(badge, by=issuer, at=at)
    settings.BADGE_SIGNER = "accreditation.badges.signer.here.ask"
    assert printed(badge, by=issuer, at=at).badge.state == _S.PRINTED


def test_what_the_card_says_wrong_is_named_and_nothing_is_printed(
    badge: Badge, accreditation: Accreditation, issuer: User, at: dt.datetime
) -> None:
    Organization.objects.update(name="Bureau")
    Observer.objects.update(surname="Novak")
    give_photo(accreditation, papers.photo(), at)

    with pytest.raises(BadgeSpoiledError) as raised:
        printed(badge, by=issuer, at=at)

    assert [(row.field, row.detail) for row in raised.value.violations] == [
        ("name", "It says MEYER ANNA and is now NOVAK ANNA."),
        ("organization", "It says Office and is now Bureau."),
        ("photo", "The photo was replaced."),
    ]
    badge.refresh_from_db()
    assert badge.state == _S.SIGNED


def test_a_card_is_printed_once_and_its_file_given_again_to_the_same_hands_for_ten_minutes(
    badge: Badge, issuer: User, at: dt.datetime
) -> None:
    first = printed(badge, by=issuer, at=at)
    soon, later = at + dt.timedelta(minutes=10), at + dt.timedelta(minutes=11)

    again = printed(badge, by=issuer, at=soon)

    assert (again.badge.version, again.name, again.pdf[:5]) == (first.badge.version, first.name, b"%PDF-")
    colleague = staff("colleague@ministry.example")
    for serial, by, at_ in (("AZ 2", issuer, soon), ("AZ 1", colleague, soon), ("AZ 1", issuer, later)):
        with pytest.raises(BadgePrintedError):
            printed(badge, serial, by=by, at=at_)
    verbs = Event.objects.of(badge).values_list("verb", flat=True)
    assert list(verbs)[-2:] == ["badge_printed", "badge_file_taken_again"]


def test_the_file_is_not_given_again_once_the_person_may_not_have_it(
    badge: Badge, accreditation: Accreditation, issuer: User, at: dt.datetime
) -> None:
    printed(badge, by=issuer, at=at)
    revoke_accreditation(accreditation=accreditation, reason="Forged.", by=issuer, at=at)

    with pytest.raises(BadgeNotAccreditedError):
        printed(badge, by=issuer, at=at)


def test_who_is_revoked_while_the_card_is_drawn_gets_no_card(
    badge: Badge, accreditation: Accreditation, issuer: User, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slowly(cards: list[Card], **how: object) -> bytes:
        revoke_accreditation(accreditation=accreditation, reason="Forged.", by=issuer, at=at)
        return render_cards(cards, **how)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(desk, "render_cards", slowly)

    with pytest.raises(BadgeNotAccreditedError):
        printed(badge, by=issuer, at=at)

    badge.refresh_from_db()
    assert badge.state == _S.SIGNED
    assert bytes.fromhex(badge.code_id) in revoked_badges(badge.election, at=at)


def test_who_is_revoked_after_the_card_was_noted_is_on_the_next_list(
    badge: Badge, accreditation: Accreditation, issuer: User, at: dt.datetime
) -> None:
    printed(badge, by=issuer, at=at)
    assert revoked_badges(badge.election, at=at) == {}

    revoke_accreditation(accreditation=accreditation, reason="Forged.", by=issuer, at=at)

    assert list(revoked_badges(badge.election, at=at)) == [bytes.fromhex(badge.code_id)]


def test_what_changes_while_the_card_is_drawn_spoils_it(
    badge: Badge, issuer: User, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slowly(cards: list[Card], **how: object) -> bytes:
        Organization.objects.update(name="Bureau")
        return render_cards(cards, **how)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(desk, "render_cards", slowly)

    with pytest.raises(BadgeSpoiledError):
        printed(badge, by=issuer, at=at)


def test_a_serial_that_is_taken_is_named_with_its_badge(
    badge: Badge, make_accreditation: MakeAccreditation, issuer: User, at: dt.datetime
) -> None:
    other = issue_badge(accreditation=make_accreditation(2), by=issuer, at=at)
    printed(badge, "AZ 1", by=issuer, at=at)

    with pytest.raises(StockSerialTakenError, match="AZ 1: B-000001"):
        printed(other, "AZ 1", by=issuer, at=at)

    assert printed(other, "AZ 2", by=issuer, at=at).badge.stock_serial == "AZ 2"


def test_only_the_version_that_was_read_is_printed(badge: Badge, issuer: User, at: dt.datetime) -> None:
    with pytest.raises(BadgeChangedError):
        print_badge(badge=badge, stock_serial="", card_format=CardFormat.ID1, by=issuer, at=at, version=1)


def test_what_is_out_or_over_is_not_printed(
    accreditation: Accreditation, make_accreditation: MakeAccreditation, issuer: User, at: dt.datetime
) -> None:
    out = badge_in(_S.HANDED_OVER, accreditation, by=issuer, at=at)
    over = badge_in(_S.SIGNED, make_accreditation(2), by=issuer, at=at, number=2)
    void_badge(badge=over, reason=VoidReason.SPOILED, note="Torn.", by=issuer, at=at)

    with pytest.raises(LiveBadgeError):
        printed(out, by=issuer, at=at)
    with pytest.raises(IllegalTransitionError):
        printed(over, by=issuer, at=at)
    with pytest.raises(MissingError):
        printed(Badge(pk=999), by=issuer, at=at)
