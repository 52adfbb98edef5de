"""Correcting an accredited person at the desk: the facts, the preview, the act."""

import datetime as dt
import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accreditation.models import Accreditation, CommissionSession, Document, Observer
from accreditation.services.accreditations import suspend_accreditation
from accreditation.states import DocumentKind
from missions.kernel import clock
from missions.models import Mission, User
from tests.corpus.files import papers as made
from tests.staff import browser_of, in_role

pytestmark = pytest.mark.django_db

NAMES = {"surname": "Mayer", "given_names": "Anna", "patronymic": "", "role": "sto"}


@pytest.fixture(autouse=True)
def _today(at: dt.datetime) -> None:
    clock.set_to(at)


@pytest.fixture
def registrar() -> Client:
    return browser_of(in_role("registrar"))


@pytest.fixture
def second_approver() -> Client:
    return browser_of(in_role("approver"))


def page(accreditation: Accreditation) -> str:
    return f"/admin/accreditation/accreditation/{accreditation.pk}/correct/"


def hidden(answer: object) -> dict[str, str]:
    """What the preview's page carries to the next step."""
    html = answer.content.decode()  # type: ignore[attr-defined]  # the test client's answer
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html))
    return {name: value for name, value in fields.items() if name != "csrfmiddlewaretoken"}


def test_the_form_shows_the_facts_as_they_are(registrar: Client, accreditation: Accreditation) -> None:
    form = registrar.get(page(accreditation)).context["form"]

    assert {name: form[name].value() for name in NAMES} == {**NAMES, "surname": "Meyer"}


def test_the_registrar_corrects_a_name_after_a_preview(registrar: Client, accreditation: Accreditation) -> None:
    shown = registrar.post(page(accreditation), {**NAMES, "step": "preview"})
    assert [(str(row.before), str(row.after)) for row in shown.context["preview"].differences] == [
        ("Meyer Anna", "Mayer Anna")
    ]
    assert Observer.objects.get().surname == "Meyer"

    done = registrar.post(page(accreditation), {**hidden(shown), "step": "confirm", "reason": "Misread."})

    assert (done.status_code, done["Location"]) == (302, page(accreditation).replace("correct", "change"))
    assert registrar.get(done["Location"]).context["history"][0].reason == "name: Misread."
    assert Observer.objects.get().surname == "Mayer"


def test_the_answers_can_be_changed_after_the_preview(registrar: Client, accreditation: Accreditation) -> None:
    shown = registrar.post(page(accreditation), {**NAMES, "step": "preview"})

    form = registrar.post(page(accreditation), {**hidden(shown), "step": "edit"}).context["form"]

    assert (form["surname"].value(), form.errors) == ("Mayer", {})


def test_a_reason_is_asked_for(registrar: Client, accreditation: Accreditation) -> None:
    shown = registrar.post(page(accreditation), {**NAMES, "step": "preview"})

    answer = registrar.post(page(accreditation), {**hidden(shown), "step": "confirm", "reason": " "})

    assert (answer.status_code, list(answer.context["reason"].errors)) == (422, ["reason"])
    assert Observer.objects.get().surname == "Meyer"


def test_what_has_changed_meanwhile_is_shown_anew(
    registrar: Client, accreditation: Accreditation, approver: User, at: dt.datetime
) -> None:
    shown = registrar.post(page(accreditation), {**NAMES, "step": "preview"})
    suspend_accreditation(accreditation=accreditation, reason="Under investigation", by=approver, at=at)

    stale = registrar.post(page(accreditation), {**hidden(shown), "step": "confirm", "reason": "Misread."})
    assert (stale.status_code, "please look at it again" in stale.content.decode()) == (422, True)
    assert Observer.objects.get().surname == "Meyer"

    done = registrar.post(page(accreditation), {**hidden(stale), "step": "confirm", "reason": "Misread."})
    assert (done.status_code, Observer.objects.get().surname) == (302, "Mayer")


def test_faults_of_a_name_stand_beside_their_fields(registrar: Client, accreditation: Accreditation) -> None:
    answer = registrar.post(page(accreditation), {**NAMES, "given_names": "M?ller", "step": "preview"})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["given_names"])


def test_nothing_to_correct_is_said_on_the_form(registrar: Client, accreditation: Accreditation) -> None:
    answer = registrar.post(page(accreditation), {**NAMES, "surname": "Meyer", "step": "preview"})

    assert (answer.status_code, "Nothing would change" in answer.content.decode()) == (422, True)


def test_a_photo_waits_for_the_act_and_takes_the_place_of_the_former(
    registrar: Client, accreditation: Accreditation, private_files: Path
) -> None:
    upload = SimpleUploadedFile("me.jpg", made.photo(), "image/jpeg")
    shown = registrar.post(page(accreditation), {**NAMES, "surname": "Meyer", "photo": upload, "step": "preview"})
    assert b"data:image/jpeg;base64," in shown.content
    assert Document.objects.get(kind=DocumentKind.PHOTO).file is None

    done = registrar.post(page(accreditation), {**hidden(shown), "step": "confirm", "reason": "A better one."})

    assert done.status_code == 302
    photo = Document.objects.select_related("file").get(kind=DocumentKind.PHOTO).file
    assert photo is not None
    assert [path.name for path in private_files.rglob("*") if path.is_file()] == [photo.name_in_storage.split("/")[-1]]


def test_a_photo_of_somebody_elses_page_is_not_taken(
    registrar: Client, accreditation: Accreditation, private_files: Path
) -> None:
    """The receipt of a photo is good for one accreditation and one person only."""
    upload = SimpleUploadedFile("me.jpg", made.photo(), "image/jpeg")
    shown = registrar.post(page(accreditation), {**NAMES, "photo": upload, "step": "preview"})
    another = browser_of(in_role("registrar", "another@ministry.example"))

    answer = another.post(page(accreditation), {**hidden(shown), "step": "preview"})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["photo"])


def test_the_approver_corrects_what_was_decided_and_nothing_else(
    second_approver: Client, accreditation: Accreditation, other_mission: Mission, session: CommissionSession
) -> None:
    fields = list(second_approver.get(page(accreditation)).context["form"].fields)
    assert fields == ["mission", "reference", "category", "role", "session", "kept_photo"]
    answers = {
        "mission": other_mission.pk,
        "category": "international_observer",
        "role": "sto",
        "session": session.pk,
        "surname": "Mayer",
    }

    shown = second_approver.post(page(accreditation), {**answers, "step": "preview"})
    done = second_approver.post(page(accreditation), {**hidden(shown), "step": "confirm", "reason": "Wrong list."})

    present = Accreditation.objects.get(state="active")
    assert done["Location"] == page(present).replace("correct", "change")
    assert (present.application.nomination.mission, present.observer.surname) == (other_mission, "Meyer")


def test_what_forbids_it_is_said_and_the_act_is_not_offered(
    second_approver: Client, accreditation: Accreditation, other_mission: Mission
) -> None:
    answers = {"mission": other_mission.pk, "category": "international_observer", "role": "sto"}

    shown = second_approver.post(page(accreditation), {**answers, "step": "preview"})

    assert shown.context["preview"].refusal.code == "session-required"
    assert b'value="confirm"' not in shown.content


def test_only_who_may_correct_something_is_offered_it(accreditation: Accreditation, reviewer: User) -> None:
    offered = {}
    for role in ("registrar", "reviewer", "approver", "protocol", "planner", "auditor"):
        desk = browser_of(in_role(role))
        moves = desk.get(page(accreditation).replace("correct", "change")).context["moves"]
        offered[role] = (any(move["url"] == page(accreditation) for move in moves), desk.get(page(accreditation)))

    assert {role: (button, answer.status_code) for role, (button, answer) in offered.items()} == {
        "registrar": (True, 200),
        "reviewer": (False, 403),
        "approver": (True, 200),
        "protocol": (False, 403),
        "planner": (False, 403),
        "auditor": (False, 403),
    }


def test_a_name_with_markup_is_text_on_every_page(registrar: Client, accreditation: Accreditation) -> None:
    Observer.objects.update(surname="<b onmouseover=alert(1)>", folded_name="b")

    asked = registrar.get(page(accreditation))
    shown = registrar.post(page(accreditation), {**NAMES, "step": "preview"})

    assert b"<b onmouseover" not in asked.content + shown.content
    assert "&lt;b onmouseover=alert(1)&gt;" in shown.content.decode()


def test_an_absent_accreditation_is_not_found(registrar: Client) -> None:
    assert registrar.get("/admin/accreditation/accreditation/999999/correct/").status_code == 404
