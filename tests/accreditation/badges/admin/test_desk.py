"""The badge desk: found by a scan, a number or a name; issued, printed and handed over; and what is in the way."""

import base64
import datetime as dt
from io import BytesIO

import pytest
from django.test import Client
from pypdf import PdfReader
from pytest_django.fixtures import Settings

from accreditation.badges.codes.token import code_text
from accreditation.badges.models import Badge
from accreditation.badges.services.custody import hand_over_badge, report_badge_lost
from accreditation.badges.services.desk import print_badge
from accreditation.badges.services.issuing import issue_badge
from accreditation.badges.states import BadgeState, CardFormat, CollectionProof
from accreditation.models import Accreditation, Observer
from accreditation.services.accreditations import return_accreditation, suspend_accreditation
from missions.kernel import clock
from missions.models import User
from tests.accreditation.badges.conftest import MakeAccreditation
from tests.staff import browser_of, in_role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trust")]

DESK = "/admin/badges/badge/desk/"


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
    serial = "AZ 000123"
    return print_badge(badge=signed, stock_serial=serial, card_format=CardFormat.ID1, by=protocol, at=at).badge


def scan_of(badge: Badge) -> str:
    return code_text(bytes(badge.token or b""), url="https://elections.example/b")


def test_a_person_goes_from_the_name_to_the_badge_in_the_hand(desk: Client, accreditation: Accreditation) -> None:
    person = f"{DESK}{accreditation.pk}/"

    found = desk.post(DESK, {"text": "meyer"})
    before = desk.get(person)
    issued = desk.post(person, {"act": "issue_badge"})
    printing = desk.get(person)
    printed = desk.post(person, {"act": "print", "stock_serial": "AZ 000123", "card_format": "id1"})
    form = printed.context["step"].form
    given = desk.post(person, {"act": "hand_over", "collected_by": "MEYER ANNA", "proof": "signature"}, follow=True)

    assert (found.status_code, found.headers["Location"]) == (302, person)
    assert [page.context["step"].move.name for page in (before, printing, printed)] == [
        "issue_badge",
        "print",
        "hand_over",
    ]
    assert issued.headers["Location"] == person
    assert (form["collected_by"].value(), form["proof"].value()) == ("MEYER ANNA", "signature")
    assert given.redirect_chain == [(DESK, 302)]
    assert [str(message) for message in given.context["messages"]] == ["Done: Hand over, Meyer Anna."]
    badge = Badge.objects.get()
    assert (badge.state, badge.stock_serial, badge.collected_by) == ("handed_over", "AZ 000123", "MEYER ANNA")


def test_the_card_comes_with_the_answer_and_is_saved_by_itself(
    desk: Client, signed: Badge, accreditation: Accreditation
) -> None:
    answer = desk.post(f"{DESK}{accreditation.pk}/", {"act": "print", "stock_serial": "", "card_format": "a6"})
    card = answer.context["card"]
    kind, _comma, data = card["url"].partition(",")

    assert (card["name"], kind) == ("B-000001.pdf", "data:application/pdf;base64")
    assert len(PdfReader(BytesIO(base64.b64decode(data))).pages) == 2
    assert "desk/badge_desk.js" in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("text", ["B-000001", "b1", "00001", "az 000123", "Meyer Anna"])
def test_a_badge_is_found_by_what_is_typed(desk: Client, printed: Badge, text: str) -> None:
    assert desk.post(DESK, {"text": text}).headers["Location"] == f"{DESK}{printed.accreditation_id}/"


def test_a_scanned_card_is_proof_enough_to_hand_it_over(desk: Client, printed: Badge) -> None:
    found = desk.post(DESK, {"text": scan_of(printed)})
    page = desk.get(found.headers["Location"])

    assert found.headers["Location"] == f"{DESK}{printed.accreditation_id}/?scanned={printed.pk}"
    assert page.context["step"].form["proof"].value() == CollectionProof.SCAN
    assert page.context["person"].obstacles == ()


def test_a_scanned_card_that_counts_no_more_is_kept_at_the_desk(
    desk: Client, printed: Badge, protocol: User, at: dt.datetime
) -> None:
    signature = CollectionProof.SIGNATURE
    out = hand_over_badge(badge=printed, collected_by="Anna", proof=signature, by=protocol, at=at)
    report_badge_lost(badge=out, by=protocol, at=at)
    issue_badge(accreditation=out.accreditation, by=protocol, at=at)

    page = desk.get(desk.post(DESK, {"text": scan_of(printed)}).headers["Location"])

    assert page.context["badge"].number == 2
    assert [line.text for line in page.context["person"].obstacles] == [
        "The card that was scanned is B-000001, lost: keep it at the desk."
    ]


def test_after_a_loss_one_button_leads_to_another_badge(
    desk: Client, printed: Badge, protocol: User, at: dt.datetime
) -> None:
    signature = CollectionProof.SIGNATURE
    out = hand_over_badge(badge=printed, collected_by="Anna", proof=signature, by=protocol, at=at)
    before = desk.get(f"{DESK}{out.accreditation_id}/").context
    report_badge_lost(badge=out, by=protocol, at=at)

    after = desk.get(f"{DESK}{out.accreditation_id}/").context

    offered = [[str(move["label"]) for move in page["moves"]] for page in (before, after)]
    assert offered == [["Take back", "Report as lost", "Issue anew", "Make void"], ["Take back", "Make void"]]
    assert (before["step"], after["step"].move.name) == (None, "issue_badge")


def test_a_scanned_card_in_somebodys_name_is_taken_back_and_not_by_a_second_scan(
    desk: Client, printed: Badge, protocol: User, at: dt.datetime
) -> None:
    signature = CollectionProof.SIGNATURE
    out = hand_over_badge(badge=printed, collected_by="Anna", proof=signature, by=protocol, at=at)
    address = desk.post(DESK, {"text": scan_of(out)}).headers["Location"]

    found, typed = desk.get(address), desk.get(f"{DESK}{out.accreditation_id}/")
    answer = desk.post(address, {"act": "take_back", "note": ""})

    out.refresh_from_db()
    assert (found.context["step"].move.name, found.context["step"].is_focused) == ("take_back", False)
    assert (typed.context["step"], typed.context["is_finding"]) == (None, True)
    assert (answer.headers["Location"], out.state) == (DESK, BadgeState.RETURNED)
    again = desk.get(address).context
    assert (again["step"].move.name, again["step"].is_focused, again["is_finding"]) == ("issue_badge", False, True)


def test_several_people_are_listed_to_choose_from(desk: Client, make_accreditation: MakeAccreditation) -> None:
    people = [make_accreditation(number) for number in (2, 3)]

    page = desk.post(DESK, {"text": "anna"})

    assert [(line.name, line.url) for line in page.context["found"]] == [
        (person.observer.full_name, f"{DESK}{person.pk}/") for person in people
    ]


@pytest.mark.parametrize("text", ["nobody", "B-000099", "https://elections.example/b#AAAA", "x" * 1000])
def test_what_means_nothing_finds_nobody_and_a_code_is_not_shown_again(desk: Client, signed: Badge, text: str) -> None:
    page = desk.post(DESK, {"text": text})

    assert page.context["found"] == []
    assert "Nobody was found." in page.content.decode()
    assert ("x" * 200) not in page.content.decode()


def test_a_second_enter_does_nothing_twice(desk: Client, accreditation: Accreditation) -> None:
    person = f"{DESK}{accreditation.pk}/"
    desk.post(person, {"act": "issue_badge"}, follow=True)

    again = desk.post(person, {"act": "issue_badge"}, follow=True)

    assert Badge.objects.count() == 1
    assert [message.level_tag for message in again.context["messages"]] == ["warning"]


def test_a_serial_that_is_used_is_refused_beside_what_was_typed(
    desk: Client, printed: Badge, make_accreditation: MakeAccreditation, protocol: User, at: dt.datetime
) -> None:
    other = make_accreditation(2)
    issue_badge(accreditation=other, by=protocol, at=at)

    answer = desk.post(f"{DESK}{other.pk}/", {"act": "print", "stock_serial": "AZ 000123", "card_format": "id1"})

    step = answer.context["step"]
    assert (answer.status_code, step.form["stock_serial"].value(), answer.context["card"]) == (422, "AZ 000123", None)
    assert step.form.non_field_errors() == ["AZ 000123: B-000001"]


def test_what_is_in_the_way_is_said_in_words(
    desk: Client, signed: Badge, accreditation: Accreditation, approver: User, at: dt.datetime
) -> None:
    Observer.objects.update(surname="Meier")
    suspend_accreditation(accreditation=accreditation, reason="A complaint.", by=approver, at=at)

    page = desk.get(f"{DESK}{accreditation.pk}/")
    tried = desk.post(f"{DESK}{accreditation.pk}/", {"act": "print", "stock_serial": "", "card_format": "id1"})

    assert [line.text for line in page.context["person"].obstacles] == [
        "The accreditation is suspended",
        "The badge is spoiled, issue it anew: name: the card says “MEYER ANNA”, now it is “MEIER ANNA”",
    ]
    assert (tried.status_code, Badge.objects.get().state) == (422, BadgeState.SIGNED)


def test_after_the_end_of_the_accreditation_no_card_is_offered(
    desk: Client, printed: Badge, protocol: User, at: dt.datetime
) -> None:
    return_accreditation(accreditation=printed.accreditation, reason="Left.", by=protocol, at=at)

    page = desk.get(f"{DESK}{printed.accreditation_id}/")
    badge = desk.get(f"/admin/badges/badge/{printed.pk}/change/")

    assert [line.text for line in page.context["person"].obstacles] == ["The accreditation has ended"]
    assert (page.context["step"], page.context["again"]) == (None, None)
    assert [str(move["label"]) for move in page.context["moves"]] == ["Make void"]
    assert [str(move["label"]) for move in badge.context["moves"]] == ["Make void"]


def test_who_lost_the_file_saves_it_again_for_ten_minutes(desk: Client, printed: Badge, at: dt.datetime) -> None:
    person = f"{DESK}{printed.accreditation_id}/"

    again = desk.post(person, {"act": "print_again", "card_format": "id1"})
    clock.set_to(at + dt.timedelta(minutes=11))
    late = desk.get(person)

    assert again.context["card"]["name"] == "B-000001.pdf"
    assert late.context["again"] is None
    assert browser_of(in_role("registrar")).get(person).context["again"] is None


def test_the_auditor_finds_people_and_is_offered_nothing(signed: Badge) -> None:
    auditor = browser_of(in_role("auditor"))
    person = f"{DESK}{signed.accreditation_id}/"

    page = auditor.get(person)
    auditor.post(person, {"act": "print", "stock_serial": "", "card_format": "id1"})

    assert (page.context["step"], page.context["moves"]) == (None, [])
    assert Badge.objects.get().state == BadgeState.SIGNED


@pytest.mark.parametrize("role", ["planner", "reviewer", "administrator"])
def test_who_sees_no_badges_has_no_desk(accreditation: Accreditation, role: str) -> None:
    browser = browser_of(in_role(role))

    assert [browser.get(path).status_code for path in (DESK, f"{DESK}{accreditation.pk}/")] == [403, 403]


def test_somebody_absent_is_not_found(desk: Client) -> None:
    assert desk.get(f"{DESK}999999/").status_code == 404


def test_the_navigation_marks_the_desk_and_not_the_list_above_it(desk: Client) -> None:
    groups = desk.get(DESK).context["sidebar_navigation"]

    assert [str(item["title"]) for group in groups for item in group["items"] if item["active"]] == ["Badge desk"]


def test_without_the_signer_the_badge_waits_and_the_desk_says_so(
    desk: Client, accreditation: Accreditation, settings: Settings
) -> None:
    settings.BADGE_SIGNER = "accreditation.badges.signer.socket.ask"
    person = f"{DESK}{accreditation.pk}/"

    desk.post(person, {"act": "issue_badge"})
    page = desk.get(person)
    tried = desk.post(person, {"act": "print", "stock_serial": "AZ 1", "card_format": "id1"})

    assert (page.context["badge"].state, page.context["step"].move.name) == (BadgeState.INTENDED, "print")
    assert "Waits for its signature. Printing asks the signer again." in page.content.decode()
    assert tried.context["step"].form.non_field_errors() == ["The badge is not signed yet"]


def test_the_desk_begins_with_what_waits(desk: Client, printed: Badge, make_accreditation: MakeAccreditation) -> None:
    make_accreditation(2)

    piles = desk.get(DESK).context["piles"]

    assert [(str(pile.title), pile.count) for pile in piles] == [
        ("Without a badge", 1),
        ("To print", 0),
        ("To hand over", 1),
    ]
    assert desk.get(piles[2].url).context["cl"].result_count == 1
