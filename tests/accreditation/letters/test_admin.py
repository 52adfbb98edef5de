"""Letters on the desk's pages: who may issue, where they are found, and how a session's letters come about."""

import datetime as dt
import hashlib

import pytest
from django.test import Client

from accreditation.letters.models import Letter, LetterBatch
from accreditation.letters.services.batches import issue_ordered_letters
from accreditation.letters.services.issuing import issue_letter
from accreditation.letters.states import LetterKind
from accreditation.models import Accreditation, CommissionSession
from accreditation.states import ApplicationState
from missions.kernel import clock
from missions.kernel.models import Event
from missions.models import Mission, User
from tests.accreditation.conftest import DRAFT, MakeApplication
from tests.staff import browser_of, in_role

pytestmark = pytest.mark.django_db

LETTERS = "/admin/letters/letter/"
BATCHES = "/admin/letters/letterbatch/"


@pytest.fixture(autouse=True)
def _noon(at: dt.datetime) -> None:
    clock.set_to(at)


@pytest.fixture
def protocol() -> User:
    return in_role("protocol", "pari@ministry.example")


@pytest.fixture
def letter(accreditation: Accreditation, protocol: User, at: dt.datetime) -> Letter:
    return issue_letter(kind=LetterKind.ACCREDITATION, subject=accreditation, by=protocol, at=at)


def test_the_registrar_issues_visa_support_on_the_application_page(make_application: MakeApplication) -> None:
    application = make_application(ApplicationState.SUBMITTED)
    page = f"/admin/accreditation/application/{application.pk}/change/"
    browser = browser_of(in_role("registrar"))

    asked = browser.get(f"/admin/accreditation/application/{application.pk}/visa_letter/")
    answer = browser.post(
        f"/admin/accreditation/application/{application.pk}/visa_letter/", {"foreign": "ru"}, follow=True
    )

    assert asked.context["form"].initial == {}
    assert answer.redirect_chain == [(page, 302)]
    assert Letter.objects.get().languages == "az,ru"
    (line,) = answer.context["letters"]
    assert (line.number, line.standing) == ("VS-0001/2024", "current")
    assert line.pdf_url in answer.content.decode()


def test_who_may_not_issue_is_not_offered_it_and_is_refused(make_application: MakeApplication) -> None:
    application = make_application(ApplicationState.SUBMITTED)
    browser = browser_of(in_role("reviewer"))

    page = browser.get(f"/admin/accreditation/application/{application.pk}/change/")
    refused = browser.post(f"/admin/accreditation/application/{application.pk}/visa_letter/", {"foreign": "en"})
    by_hand = [browser.get(f"{where}add/").status_code for where in (LETTERS, BATCHES)]

    assert "visa_letter" not in page.content.decode()
    assert (refused.status_code, by_hand, Letter.objects.count()) == (403, [403, 403], 0)


def test_accreditation_letters_are_issued_for_many_at_once(accreditation: Accreditation, protocol: User) -> None:
    browser_of(protocol).post(
        "/admin/accreditation/accreditation/",
        {"action": "letter", "_selected_action": [accreditation.pk], "confirmed": "1", "foreign": "en"},
    )

    assert Letter.objects.get().number == "AL-0001/2024"


def test_protocol_writes_to_a_mission_by_hand(
    make_application: MakeApplication, mission: Mission, protocol: User
) -> None:
    make_application(ApplicationState.SUBMITTED)
    browser = browser_of(protocol)

    note = browser.post(f"{LETTERS}add/", {"kind": "note_nominations", "mission": mission.pk, "foreign": "en"})
    visa = browser.post(
        f"{LETTERS}add/",
        {"kind": "visa_support", "mission": mission.pk, "reference": DRAFT.reference, "foreign": "en"},
    )

    first, second = Letter.objects.order_by("pk")
    assert [note.headers["Location"], visa.headers["Location"]] == [
        f"{LETTERS}{letter.pk}/change/" for letter in (first, second)
    ]
    assert (first.number, second.number) == ("NN-0001/2024", "VS-0001/2024")


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"kind": "visa_support", "reference": "nobody"}, "reference"),
        ({"kind": "accreditation"}, "kind"),
        ({"kind": "note_accredited", "foreign": "xx"}, "foreign"),
        ({"kind": "note_accredited"}, "__all__"),
        ({"kind": "note_accredited", "mission": "0"}, "mission"),
    ],
)
def test_a_letter_that_cannot_be_is_said_beside_the_answer(
    mission: Mission, protocol: User, answers: dict[str, str], field: str
) -> None:
    answer = browser_of(protocol).post(f"{LETTERS}add/", {"mission": mission.pk, "foreign": "en", **answers})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert Letter.objects.count() == 0


def test_the_page_of_a_letter_gives_its_file_and_records_the_reading(letter: Letter, protocol: User) -> None:
    browser = browser_of(protocol)
    page = browser.get(f"{LETTERS}{letter.pk}/change/")

    file = browser.get(page.context["moves"][0]["url"])

    assert (file.status_code, file["Content-Type"]) == (200, "application/pdf")
    assert hashlib.sha256(file.content).hexdigest() == letter.sha256
    assert file["Content-Disposition"] == 'attachment; filename="AL-0001-2024.pdf"'
    assert Event.objects.get(verb="letter_read").actor == protocol
    assert [move["label"] for move in page.context["moves"]] == ["Save the PDF", "Issue anew"]


def test_a_letter_is_replaced_for_a_reason(letter: Letter, protocol: User) -> None:
    browser = browser_of(protocol)

    without = browser.post(f"{LETTERS}{letter.pk}/reissue/", {"reason": ""})
    browser.post(f"{LETTERS}{letter.pk}/reissue/", {"reason": "Stained."})

    newer = Letter.objects.get(replaces=letter)
    page = browser.get(f"{LETTERS}{letter.pk}/change/")
    assert (without.status_code, newer.number, newer.reason) == (422, "AL-0002/2024", "Stained.")
    assert f"{LETTERS}{newer.pk}/change/" in page.content.decode()
    assert [move["label"] for move in page.context["moves"]] == ["Save the PDF"]


@pytest.mark.parametrize("role", ["planner", "administrator"])
def test_who_may_not_see_letters_gets_neither_list_nor_file(letter: Letter, role: str) -> None:
    browser = browser_of(in_role(role))

    statuses = [
        browser.get(f"{LETTERS}{path}").status_code for path in ("", f"{letter.pk}/change/", f"{letter.pk}/pdf/")
    ]

    assert statuses == [403, 403, 403]
    assert Event.objects.filter(verb="letter_read").count() == 0


def test_what_is_no_letter_is_absent(protocol: User) -> None:
    browser = browser_of(protocol)

    assert [browser.get(f"{LETTERS}{key}/pdf/").status_code for key in ("999999", "x", "1_1")] == [404] * 3


def test_strangers_and_leads_are_sent_away(letter: Letter, lead: User) -> None:
    for client in (Client(), browser_of(lead)):
        assert client.get(f"{LETTERS}{letter.pk}/pdf/").status_code == 302


def test_the_letters_of_a_session_are_ordered_and_its_page_tells_how_far_they_are(
    accreditation: Accreditation, session: CommissionSession, protocol: User, at: dt.datetime
) -> None:
    browser = browser_of(protocol)
    asked = browser.get(f"{BATCHES}add/?session={session.pk}")

    ordered = browser.post(f"{BATCHES}add/", {"session": session.pk, "foreign": "en"}, follow=True)
    again = browser.post(f"{BATCHES}add/", {"session": session.pk, "foreign": "en"})
    issue_ordered_letters(at=at)
    done = browser.get(f"{BATCHES}{LetterBatch.objects.get().pk}/change/")

    assert asked.context["form"]["session"].value() == str(session.pk)
    assert "0 of 1 have their letter, 0 cannot get one, 1 wait." in ordered.content.decode()
    assert '<meta http-equiv="refresh"' in ordered.content.decode()
    assert again.context["form"].non_field_errors() == ["The letters of this session are being issued already"]
    assert "1 of 1 have their letter, 0 cannot get one, 0 wait." in done.content.decode()
    assert '<meta http-equiv="refresh"' not in done.content.decode()
    assert "AL-0001/2024" in done.content.decode()
