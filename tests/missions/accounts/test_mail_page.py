"""The page of the own mails, through the client: the language, and one mail a day for a mission."""

import datetime as dt

import pytest

from missions.kernel import clock
from missions.kernel.models import Event
from missions.models import Membership, Mission, User
from missions.reminders.models import DigestChoice
from missions.reminders.services.digests import choose_digest
from missions.states import MembershipRole
from tests.staff import browser_of, in_role

pytestmark = pytest.mark.django_db

PAGE = "/account/mails/"


@pytest.fixture(autouse=True)
def _clock(db: None, at: dt.datetime) -> None:
    clock.set_to(at)


def _digest_page(mission: Mission) -> str:
    return f"{PAGE}{mission.pk}/digest/"


def test_a_person_chooses_the_own_language(lead: User, other_lead: User) -> None:
    answer = browser_of(lead).post(PAGE, {"language": "az"}, follow=True)

    assert "Your mails come in this language from now on: Azerbaijani." in answer.content.decode()
    assert list(User.objects.order_by("email").values_list("language", flat=True)) == ["az", "en"]
    assert list(Event.objects.of(lead).values_list("verb", "reason", "actor")) == [("language_chosen", "az", lead.pk)]


def test_a_language_that_nobody_writes_is_refused(lead: User) -> None:
    assert browser_of(lead).post(PAGE, {"language": "de"}).status_code == 422
    lead.refresh_from_db()
    assert lead.language == "en"


def test_a_lead_chooses_the_hour_and_drops_it(lead: User, mission: Mission) -> None:
    browser = browser_of(lead)

    browser.post(_digest_page(mission), {"local_time": "07:30"})
    chosen = DigestChoice.objects.get()
    page = browser.get(PAGE).content.decode()
    browser.post(_digest_page(mission), {"local_time": ""})

    assert (chosen.mission, chosen.local_time) == (mission, dt.time(7, 30))
    assert 'value="07:30"' in page
    assert not DigestChoice.objects.exists()


@pytest.mark.parametrize("typed", ["25:00", "noon", "7"])
def test_what_is_no_hour_changes_nothing(lead: User, mission: Mission, at: dt.datetime, typed: str) -> None:
    choose_digest(mission=mission, local_time=dt.time(7, 30), by=lead, at=at)
    answer = browser_of(lead).post(_digest_page(mission), {"local_time": typed}, follow=True)
    assert "This is not an hour of the day." in answer.content.decode()
    assert DigestChoice.objects.get().local_time == dt.time(7, 30)


def test_dropping_what_was_never_chosen_is_told(lead: User, mission: Mission) -> None:
    answer = browser_of(lead).post(_digest_page(mission), {"local_time": ""}, follow=True)
    assert "The mission receives each mail by itself already" in answer.content.decode()


def test_only_leads_choose_for_their_mission(lead: User, mission: Mission, other_mission: Mission) -> None:
    focal = User.objects.create_user("focal@odihr.example")
    Membership.objects.create(user=focal, mission=mission, role=MembershipRole.FOCAL_POINT)

    statuses = [
        browser_of(user).post(_digest_page(to), {"local_time": "09:00"}).status_code
        for user, to in ((lead, other_mission), (focal, mission), (in_role("registrar"), mission))
    ]

    assert statuses == [404, 404, 404]
    assert mission.name not in browser_of(focal).get(PAGE).content.decode()
    assert not DigestChoice.objects.exists()


def test_an_administrator_chooses_the_language_for_somebody(lead: User) -> None:
    browser = browser_of(in_role("administrator"))
    browser.post(f"/admin/missions/user/{lead.pk}/choose-language/", {"language": "fr"})
    lead.refresh_from_db()
    assert lead.language == "fr"
