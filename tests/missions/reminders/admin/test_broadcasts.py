"""Writing to many, through the browser of the staff."""

import datetime as dt
import re

import pytest
from django.core import mail
from django.test import Client
from pytest_django.fixtures import Settings

from missions.kernel import clock
from missions.models import Election, Mission, User
from missions.reminders.models import Broadcast, Message
from missions.reminders.services.delivery import deliver_due
from tests.staff import browser_of, in_role

pytestmark = pytest.mark.django_db

LIST = "/admin/reminders/broadcast/"


@pytest.fixture(autouse=True)
def _clock(db: None, at: dt.datetime, settings: Settings) -> None:
    settings.REMINDER_SOURCES = ["missions.reminders.broadcast_sources.broadcast_mail"]
    clock.set_to(at)


@pytest.fixture
def officer() -> Client:
    return browser_of(in_role("protocol"))


def _answers(election: Election, **changes: object) -> dict[str, object]:
    return {
        "election": election.pk,
        "audiences": ["leads"],
        "subject_en": "Briefing for {mission}",
        "body_en": "Dear {name},\r\n\r\nthe briefing is at nine.",
        **changes,
    }


def _page(browser: Client, broadcast: Broadcast) -> str:
    return browser.get(f"{LIST}{broadcast.pk}/change/").content.decode()


def test_from_the_draft_to_the_mail(officer: Client, mission: Mission, lead: User, other_mission: Mission) -> None:
    officer.post(f"{LIST}add/", _answers(mission.election))
    broadcast = Broadcast.objects.get()
    page = _page(officer, broadcast)
    assert "1 person would get it now" in page
    assert "Dear lead@odihr.example," in page
    assert re.search("PABSEC <span[^>]*>Nobody acts for the mission in these roles.", page)

    officer.post(f"{LIST}{broadcast.pk}/prepare/")
    wrong = officer.post(f"{LIST}{broadcast.pk}/send/", {"count": "2"})
    officer.post(f"{LIST}{broadcast.pk}/send/", {"count": "1"})

    assert (wrong.status_code, "Look once more." in wrong.content.decode()) == (422, True)
    assert deliver_due(at=clock.now()).sent == 1
    assert [(sent.to, sent.subject) for sent in mail.outbox] == [([lead.email], "Briefing for ODIHR mission")]
    page = _page(officer, broadcast)
    assert re.search(r"<strong>1</strong><span[^>]*>sent", page)
    assert f"{LIST}{broadcast.pk}/stop/" in page


def test_a_wrong_text_is_told_at_its_field_and_nothing_is_lost(officer: Client, mission: Mission) -> None:
    answer = officer.post(f"{LIST}add/", _answers(mission.election, body_en="Dear {person}, come."))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "There is no value “person” here." in page
    assert "Dear {person}, come." in page
    assert not Broadcast.objects.exists()


def test_changing_begins_with_what_is_written(officer: Client, mission: Mission, lead: User) -> None:
    officer.post(f"{LIST}add/", _answers(mission.election))
    broadcast = Broadcast.objects.get()
    form = officer.get(f"{LIST}{broadcast.pk}/rewrite/").content.decode()
    assert 'value="Briefing for {mission}"' in form

    officer.post(f"{LIST}{broadcast.pk}/rewrite/", _answers(mission.election, subject_en="Another"))
    assert broadcast.texts.get().subject == "Another"


def test_names_and_texts_are_no_html(officer: Client, mission: Mission, lead: User) -> None:
    evil = "<script>alert(1)</script>"
    User.objects.filter(pk=lead.pk).update(first_name=evil)
    officer.post(f"{LIST}add/", _answers(mission.election, subject_en=evil, body_en="{name}" + evil))
    page = _page(officer, Broadcast.objects.get())
    assert evil not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 3


@pytest.mark.parametrize(
    ("role", "statuses"),
    [("registrar", (200, 200)), ("protocol", (200, 200)), ("auditor", (403, 200)), ("reviewer", (403, 403))],
)
def test_who_may_write_and_who_may_look(mission: Mission, role: str, statuses: tuple[int, int]) -> None:
    browser = browser_of(in_role(role))
    assert (browser.get(f"{LIST}add/").status_code, browser.get(LIST).status_code) == statuses


def test_an_auditor_moves_nothing(officer: Client, mission: Mission, lead: User) -> None:
    officer.post(f"{LIST}add/", _answers(mission.election))
    broadcast = Broadcast.objects.get()
    auditor = browser_of(in_role("auditor"))
    moves = ("prepare", "send", "rewrite", "stop", "discard")
    assert [auditor.post(f"{LIST}{broadcast.pk}/{move}/", {"count": 1}).status_code for move in moves] == [403] * 5
    assert f"{LIST}{broadcast.pk}/prepare/" not in _page(auditor, broadcast)
    assert not Message.objects.exists()
