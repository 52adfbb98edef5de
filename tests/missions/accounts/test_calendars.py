"""The page of the own calendars, through the client."""

import datetime as dt
import re

import pytest
from django.test import Client

from missions.kernel import clock
from missions.models import Mission, User
from missions.timeline.feeds.models import FeedAddress
from missions.timeline.feeds.services.addresses import make_address
from tests.missions.accounts.conftest import HOST
from tests.staff import browser_of

pytestmark = pytest.mark.django_db

PAGE = "/account/calendars/"


@pytest.fixture(autouse=True)
def _clock(db: None, at: dt.datetime) -> None:
    clock.set_to(at)


def test_a_new_address_is_shown_once_and_works(client: Client, mission: Mission, lead: User) -> None:
    browser = browser_of(lead)

    made = browser.post(PAGE, {"mission": mission.pk, "name": "telephone"}).content.decode()

    (url,) = re.findall(rf"{HOST}(/calendar/[^<]+)", made)
    assert client.get(url).status_code == 200
    again = browser.get(PAGE).content.decode()
    assert (url in again, "telephone" in again) == (False, True)


def test_only_own_missions_are_offered_and_taken(mission: Mission, other_mission: Mission, lead: User) -> None:
    browser = browser_of(lead)

    page = browser.get(PAGE).content.decode()
    refused = browser.post(PAGE, {"mission": other_mission.pk, "name": "telephone"})

    assert (mission.code in page, other_mission.code in page) == (True, False)
    assert (refused.status_code, FeedAddress.objects.count()) == (422, 0)


def test_a_name_that_is_taken_is_told_at_the_form(mission: Mission, lead: User, at: dt.datetime) -> None:
    make_address(user=lead, mission=mission, name="telephone", at=at)

    answer = browser_of(lead).post(PAGE, {"name": "telephone"})

    assert answer.status_code == 422
    assert "You have a calendar address of this name" in answer.content.decode()


def test_an_address_is_revoked_by_its_person_alone(
    mission: Mission, lead: User, other_lead: User, at: dt.datetime
) -> None:
    address = make_address(user=lead, mission=mission, name="telephone", at=at).address
    url = f"{PAGE}{address.pk}/revoke/"

    stranger = browser_of(other_lead).post(url)
    address.refresh_from_db()
    assert address.revoked_at is None
    owner = browser_of(lead).post(url)

    address.refresh_from_db()
    assert (stranger.status_code, owner.status_code) == (404, 302)
    assert address.revoked_at is not None
