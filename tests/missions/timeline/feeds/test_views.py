"""The calendar behind its address: who reads what, and what a guess is worth."""

import datetime as dt

import pytest
from django.test import Client
from icalendar import Calendar

from missions.kernel import clock
from missions.models import Election, Membership, Mission, User
from missions.timeline.feeds.models import FeedAddress
from missions.timeline.feeds.services.addresses import make_address, revoke_address
from missions.timeline.models import Milestone
from missions.timeline.services.laying import lay_timeline

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(db: None, at: dt.datetime) -> None:
    clock.set_to(at)


@pytest.fixture
def laid(mission: Mission, other_mission: Mission, lead: User, at: dt.datetime) -> Mission:
    """The mission, after its timeline and that of another one have been laid."""
    lay_timeline(mission=mission, by=lead, at=at)
    lay_timeline(mission=other_mission, by=lead, at=at)
    return mission


def _url(user: User, mission: Mission | None, at: dt.datetime) -> str:
    return f"/calendar/{make_address(user=user, mission=mission, name='telephone', at=at).secret}.ics"


def _uids(client: Client, url: str) -> set[str]:
    answer = client.get(url)
    assert answer.status_code == 200
    return {str(event["UID"]).partition("@")[0] for event in Calendar.from_ical(answer.content).walk("VEVENT")}


def test_a_missions_calendar_has_its_steps_and_the_laws_deadlines(
    client: Client, laid: Mission, lead: User, at: dt.datetime
) -> None:
    uids = _uids(client, _url(lead, laid, at))

    steps = {f"milestone-{pk}" for pk in Milestone.objects.filter(mission=laid).values_list("pk", flat=True)}
    assert steps <= uids
    assert {uid for uid in uids - steps if not uid.startswith("deadline-")} == set()
    assert "deadline-az-2024-polling_opens" in {uid.replace(laid.election.code, "az-2024") for uid in uids}


def test_a_lead_of_two_missions_reads_both_at_one_address(
    client: Client, laid: Mission, other_mission: Mission, lead: User, at: dt.datetime
) -> None:
    url = _url(lead, None, at)
    before = _uids(client, url)

    Membership.objects.create(user=lead, mission=other_mission, role="lead")

    more = Milestone.objects.filter(mission=other_mission).values_list("pk", flat=True)
    assert _uids(client, url) - before == {f"milestone-{pk}" for pk in more}


def test_the_hosts_own_calendar_is_the_laws(client: Client, laid: Mission, reviewer: User, at: dt.datetime) -> None:
    uids = _uids(client, _url(reviewer, None, at))

    assert uids
    assert all(uid.startswith("deadline-") for uid in uids)


def test_a_guess_a_revoked_address_and_a_lost_right_are_the_same_answer(
    client: Client, laid: Mission, lead: User, other_lead: User, at: dt.datetime
) -> None:
    revoked, shut = _url(lead, laid, at), _url(other_lead, None, at)
    revoke_address(address=FeedAddress.objects.get(user=lead), by=lead, at=at)
    lost = _url(lead, laid, at)
    Membership.objects.filter(user=lead).delete()
    User.objects.filter(pk=other_lead.pk).update(is_active=False)

    answers = [client.get(url) for url in ("/calendar/guess.ics", revoked, lost, shut)]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert len({answer.content for answer in answers}) == 1


def test_a_changed_step_changes_the_tag_and_nothing_else_does(
    client: Client, laid: Mission, lead: User, at: dt.datetime
) -> None:
    url = _url(lead, laid, at)
    tag = client.get(url).headers["ETag"]

    clock.set_to(at + dt.timedelta(hours=1))
    unchanged = client.get(url, headers={"If-None-Match": tag})
    Milestone.objects.filter(mission=laid, code="opening").update(sequence=1)
    changed = client.get(url, headers={"If-None-Match": tag})

    assert (unchanged.status_code, unchanged.content, changed.status_code) == (304, b"", 200)


def test_the_address_is_not_told_on(client: Client, laid: Mission, lead: User, at: dt.datetime) -> None:
    url = _url(lead, laid, at)

    answer = client.get(url)

    assert url.split("/")[-1].removesuffix(".ics") not in answer.content.decode() + str(answer.headers)
    assert (answer.headers["Referrer-Policy"], answer.headers["X-Robots-Tag"]) == ("no-referrer", "noindex")
    assert "private" in answer.headers["Cache-Control"]
    assert not answer.cookies
    assert client.post(url).status_code == 405


def test_titles_are_in_the_language_of_the_person(
    client: Client, laid: Mission, lead: User, election: Election, at: dt.datetime
) -> None:
    url = _url(lead, laid, at)
    User.objects.filter(pk=lead.pk).update(language="az")

    events = Calendar.from_ical(client.get(url).content).walk("VEVENT")

    titles = {str(event["UID"]).partition("@")[0]: str(event["SUMMARY"]) for event in events}
    assert titles[f"deadline-{election.code}-polling_opens"] == "Səsvermə başlayır"


def test_reading_costs_a_fixed_number_of_queries(
    client: Client, laid: Mission, lead: User, at: dt.datetime, django_assert_max_num_queries: object
) -> None:
    url = _url(lead, laid, at)
    client.get(url)

    with django_assert_max_num_queries(10):  # type: ignore[operator]  # a fixture of pytest-django
        client.get(url)
