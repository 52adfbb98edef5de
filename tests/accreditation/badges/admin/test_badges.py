"""Badges on the staff's pages: the list, the page with card and story, and every act with its question."""

import datetime as dt
import io

import pytest
import zxingcpp
from django.conf import settings
from django.test import Client
from PIL import Image

from accreditation.badges.models import Badge
from accreditation.badges.services.custody import hand_over_badge, mark_printed
from accreditation.badges.services.issuing import issue_badge
from accreditation.badges.states import BadgeState, CollectionProof
from accreditation.models import Accreditation, Observer
from missions.kernel import clock
from missions.models import User
from tests.staff import browser_of, in_role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trust")]

BADGES = "/admin/badges/badge/"


@pytest.fixture(autouse=True)
def _noon(at: dt.datetime) -> None:
    clock.set_to(at)


@pytest.fixture
def protocol() -> User:
    return in_role("protocol")


@pytest.fixture
def desk(protocol: User) -> Client:
    return browser_of(protocol)


@pytest.fixture
def signed(accreditation: Accreditation, protocol: User, at: dt.datetime) -> Badge:
    return issue_badge(accreditation=accreditation, by=protocol, at=at)


@pytest.fixture
def printed(signed: Badge, protocol: User, at: dt.datetime) -> Badge:
    return mark_printed(badge=signed, stock_serial="AZ 000123", by=protocol, at=at)


@pytest.fixture
def out(printed: Badge, protocol: User, at: dt.datetime) -> Badge:
    """The badge in the hands of its person."""
    signature = CollectionProof.SIGNATURE
    return hand_over_badge(badge=printed, collected_by="Anna Meyer", proof=signature, by=protocol, at=at)


def labels(desk: Client, badge: Badge) -> list[str]:
    return [str(move["label"]) for move in desk.get(f"{BADGES}{badge.pk}/change/").context["moves"]]


def test_the_page_tells_the_card_and_its_story(desk: Client, out: Badge) -> None:
    page = desk.get(f"{BADGES}{out.pk}/change/")
    text = page.content.decode()

    assert "B-000001 · MEYER ANNA" in text
    assert "Handed over by protocol@desk.example to Anna Meyer: signature on the list." in text
    assert "AZ 000123" in text
    assert (page.context["differences"], page.context["checks"]) == ([], None)
    assert labels(desk, out) == ["Take back", "Report as lost", "Issue anew", "Make void"]


def test_a_name_that_the_card_leaves_out_is_told(desk: Client, signed: Badge) -> None:
    path = f"/admin/badges/badge/{signed.pk}/change/"
    before = desk.get(path).content.decode()
    signed.content["name"]["local"] = "ბერიძე"
    signed.save(update_fields=["content"])

    page = desk.get(path).content.decode()

    assert "no font here has its letters" not in before
    assert "“ბერიძე” is not on the card, because no font here has its letters." in page


def test_the_card_is_shown_with_a_symbol_that_opens_nothing(desk: Client, signed: Badge) -> None:
    front = desk.get(f"{BADGES}{signed.pk}/front/")
    back = desk.get(f"{BADGES}{signed.pk}/back/")
    symbol = zxingcpp.read_barcode(Image.open(io.BytesIO(back.content)))

    assert [(face.status_code, face["Content-Type"], face.content[:4]) for face in (front, back)] == [
        (200, "image/png", b"\x89PNG")
    ] * 2
    assert front.content != back.content
    assert symbol is not None
    assert symbol.text == settings.BADGE_URL


@pytest.mark.parametrize("path", ["portrait/", "change/"])
def test_what_is_no_badge_is_absent(desk: Client, signed: Badge, path: str) -> None:
    assert [desk.get(f"{BADGES}{key}/{path}").status_code for key in ("999999", "x", "1_1")] == [404] * 3
    assert desk.get(f"{BADGES}{signed.pk}/portrait/").status_code == 404


def test_a_spoiled_badge_says_what_has_changed(desk: Client, signed: Badge) -> None:
    Observer.objects.update(surname="Meier")

    page = desk.get(f"{BADGES}{signed.pk}/change/")

    assert page.context["differences"] == ["name: the card says “MEYER ANNA”, now it is “MEIER ANNA”"]


@pytest.mark.parametrize(
    ("act", "answers", "state"),
    [
        ("take_back", {"note": ""}, BadgeState.RETURNED),
        ("lose", {"note": "On the bus."}, BadgeState.LOST),
        ("void", {"reason": "spoiled", "note": "Bent."}, BadgeState.VOID),
        ("reissue", {"reason": "changed", "note": "Married."}, BadgeState.VOID),
    ],
)
def test_a_badge_in_somebodys_hands_ends_by_an_act(
    desk: Client, out: Badge, act: str, answers: dict[str, str], state: BadgeState
) -> None:
    asked = desk.get(f"{BADGES}{out.pk}/{act}/")

    desk.post(f"{BADGES}{out.pk}/{act}/", answers)

    out.refresh_from_db()
    assert (asked.status_code, out.state) == (200, state)
    assert Badge.objects.count() == (2 if act == "reissue" else 1)


def test_a_badge_that_was_issued_anew_leads_to_the_newer_one(desk: Client, out: Badge) -> None:
    newer = "Newer badge: B-000002"
    before = desk.get(f"{BADGES}{out.pk}/change/").content.decode()

    page = desk.post(f"{BADGES}{out.pk}/reissue/", {"reason": "changed", "note": "Married."}, follow=True)

    assert (newer in before, newer in page.content.decode()) == (False, True)
    own = desk.get(page.context["newer_url"])
    assert (own.context["badge"].number, own.context["newer"]) == (2, None)


@pytest.mark.parametrize("act", ["void", "reissue"])
def test_an_end_without_a_word_is_not_taken(desk: Client, out: Badge, act: str) -> None:
    answer = desk.post(f"{BADGES}{out.pk}/{act}/", {"reason": "spoiled", "note": ""})

    out.refresh_from_db()
    assert (answer.status_code, list(answer.context["form"].errors), out.state) == (422, ["note"], "handed_over")


def test_a_returned_card_is_destroyed_before_somebody_else(desk: Client, out: Badge, protocol: User) -> None:
    desk.post(f"{BADGES}{out.pk}/take_back/", {"note": ""})

    alone = desk.post(f"{BADGES}{out.pk}/destroy/", {"witness": str(protocol)})
    desk.post(f"{BADGES}{out.pk}/destroy/", {"witness": "Leyla Aliyeva"})

    out.refresh_from_db()
    assert (alone.status_code, out.destruction_witness) == (422, "Leyla Aliyeva")
    assert labels(desk, out) == []


def test_the_auditor_looks_and_is_offered_nothing(out: Badge) -> None:
    auditor = browser_of(in_role("auditor"))

    page = auditor.get(f"{BADGES}{out.pk}/change/")
    refused = [
        auditor.post(f"{BADGES}{out.pk}/{act}/", {"note": "x"}).status_code
        for act in ("hand_over", "take_back", "lose", "reissue", "void", "destroy")
    ]

    assert (page.context["moves"], page.context["checks"].total) == ([], 0)
    assert refused == [403] * 6


@pytest.mark.parametrize(
    ("term", "found"),
    [("B-000001", 1), ("b-1", 1), ("1", 1), ("AZ 000123", 1), ("mayer", 0), ("Meyer anna", 1), ("7", 0)],
)
def test_the_list_is_searched_by_number_serial_and_name(desk: Client, printed: Badge, term: str, found: int) -> None:
    assert desk.get(BADGES, {"q": term}).context["cl"].result_count == found


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        ({"state": "printed"}, 1),
        ({"state": "signed"}, 0),
        ({"card": "none"}, 0),
        ({"card": "printed"}, 1),
        ({"accreditation__category": "foreign_media"}, 0),
    ],
)
def test_the_list_is_filtered(desk: Client, printed: Badge, chosen: dict[str, str], found: int) -> None:
    assert desk.get(BADGES, chosen).context["cl"].result_count == found


def test_the_page_of_an_accreditation_lists_its_badges(desk: Client, printed: Badge) -> None:
    page = desk.get(f"/admin/accreditation/accreditation/{printed.accreditation_id}/change/")

    (line,) = page.context["badges"]
    assert (line.number, line.state, line.serial) == ("B-000001", "printed", "AZ 000123")
    assert line.url in page.content.decode()
    assert "Issue a badge" not in page.content.decode()
