"""The staff's pages of a timeline: what they tell, who may change what, and in how many queries."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from missions.kernel import clock
from missions.models import Mission
from missions.timeline.models import Milestone
from missions.timeline.services.changes import Slot, add_milestone, change_milestone
from missions.timeline.services.laying import lay_timeline
from tests.staff import browser_of, in_role

pytestmark = pytest.mark.django_db
BASE = "/admin/timeline/milestone/"
PLACE = {"day": "2024-02-03", "local_time": "20:30", "zone": "Asia/Baku", "reason": "The flight is earlier."}


@pytest.fixture(autouse=True)
def _noon_of_e_20(at: dt.datetime) -> None:
    clock.set_to(at)


@pytest.fixture
def timeline(other_mission: Mission, at: dt.datetime) -> Mission:
    lay_timeline(mission=other_mission, by=None, at=at)
    return other_mission


@pytest.fixture
def arrival(timeline: Mission) -> Milestone:
    return Milestone.objects.get(mission=timeline, code="arrival")


@pytest.fixture
def protocol() -> Client:
    return browser_of(in_role("protocol"))


def _page(client: Client, path: str) -> str:
    response = client.get(f"{BASE}{path}")
    assert response.status_code == 200
    return response.content.decode()


def test_the_timeline_tells_every_step_and_what_is_amiss(protocol: Client, arrival: Milestone, at: dt.datetime) -> None:
    late = Slot(dt.date(2024, 2, 5), dt.time(12), "Asia/Baku")
    change_milestone(milestone=arrival, slot=late, reason="Snow", by=None, at=at, version=1, despite=True)

    page = _page(protocol, f"mission/{arrival.mission_id}/")

    assert page.count("“Meeting at the ministry” is planned before “Delegation arrives”, which comes first.") == 2
    for text in ("5 Feb 2024, 12:00", "By hand: Snow", "Delegation departs", "E+2", "2024-02-05 12:00 Asia/Baku: Snow"):
        assert text in page
    assert f"{BASE}{arrival.pk}/reschedule/" in page


def test_a_mission_without_a_timeline_is_laid_from_its_page(protocol: Client, other_mission: Mission) -> None:
    assert "No timeline is laid for this mission yet." in _page(protocol, f"mission/{other_mission.pk}/")

    laid = protocol.post(f"{BASE}mission/{other_mission.pk}/lay/")

    assert (laid.status_code, laid["Location"]) == (302, f"{BASE}mission/{other_mission.pk}/")
    assert Milestone.objects.filter(mission=other_mission).count() == 11


def test_a_timeline_without_a_template_is_refused_in_words(protocol: Client, other_mission: Mission) -> None:
    Mission.objects.update(template_code="")

    refused = protocol.post(f"{BASE}mission/{other_mission.pk}/lay/")

    assert refused.status_code == 422
    assert "No timeline template is chosen for the mission" in refused.content.decode()


def test_a_change_asks_warns_and_is_made(protocol: Client, arrival: Milestone) -> None:
    path = f"{BASE}{arrival.pk}/reschedule/"
    form = protocol.get(path).context["form"]
    assert (form.initial["day"], form.initial["local_time"], form.initial["after"], form["version"].value()) == (
        dt.date(2024, 2, 4),
        dt.time(18),
        ["accreditation"],
        1,
    )
    late = {**PLACE, "day": "2024-02-05", "after": ["accreditation"], "version": "1"}

    warned = protocol.post(path, late)
    assert warned.status_code == 422
    assert "“Meeting at the ministry” is planned before" in warned.content.decode()

    made = protocol.post(path, {**late, "despite": "on"})
    assert (made.status_code, made["Location"]) == (302, f"{BASE}mission/{arrival.mission_id}/")
    arrival.refresh_from_db()
    assert (arrival.offset_days, arrival.local_time, arrival.reason) == (-2, dt.time(20, 30), "The flight is earlier.")

    stale = protocol.post(path, {**late, "despite": "on"})
    assert (stale.status_code, "The step has changed since you read it" in stale.content.decode()) == (422, True)


def test_the_other_acts_are_made_from_the_page_of_the_step(protocol: Client, arrival: Milestone) -> None:
    def post(act: str, version: int, **answers: str) -> int:
        return protocol.post(f"{BASE}{arrival.pk}/{act}/", {"version": str(version), **answers}).status_code

    happened = {"day": "2024-01-18", "local_time": "15:00"}
    assert [
        post("mark", 1, **happened),
        post("unmark", 2),
        post("cancel", 3, reason="Nobody"),
        post("restore", 4, reason="Somebody"),
        post("reset", 5),
    ] == [302] * 5
    arrival.refresh_from_db()
    assert (arrival.version, arrival.is_own, arrival.actual_at, arrival.cancelled_at) == (6, False, None, None)
    page = _page(protocol, f"{arrival.pk}/change/")
    for text in ("milestone happened", "milestone cancelled", "milestone reset", "Somebody"):
        assert text in page


def test_a_step_is_added(protocol: Client, timeline: Mission) -> None:
    path = f"{BASE}mission/{timeline.pk}/add/"
    assert protocol.get(path).context["form"].initial == {"day": dt.date(2024, 2, 7), "zone": "Asia/Baku"}

    missing = protocol.post(path, {**PLACE, "reason": ""})
    added = protocol.post(path, {**PLACE, "title": "Tea", "after": ["accreditation"]})

    assert (missing.status_code, added.status_code) == (422, 302)
    own = Milestone.objects.get(title="Tea")
    assert (own.mission, own.offset_days, own.after) == (timeline, -4, ["accreditation"])


@pytest.mark.parametrize(
    ("role", "looks", "changes"),
    [("registrar", 200, 200), ("protocol", 200, 200), ("auditor", 200, 403), ("planner", 200, 403)],
)
def test_who_may_look_and_who_may_change(arrival: Milestone, role: str, looks: int, changes: int) -> None:
    client = browser_of(in_role(role))

    assert client.get(f"{BASE}mission/{arrival.mission_id}/").status_code == looks
    assert client.get(f"{BASE}{arrival.pk}/reschedule/").status_code == changes
    assert client.get(f"{BASE}mission/{arrival.mission_id}/add/").status_code == changes
    assert client.get(f"{BASE}mission/{arrival.mission_id}/lay/").status_code == changes
    page = _page(client, f"mission/{arrival.mission_id}/")
    assert ("reschedule" in page) == (changes == 200)


@pytest.mark.parametrize("mission_id", ["0", "999999999", str(2**63), str(2**80)])
def test_a_mission_that_is_not_there_is_404(protocol: Client, mission_id: str) -> None:
    assert protocol.get(f"{BASE}mission/{mission_id}/").status_code == 404


def test_a_page_with_a_zone_that_is_no_longer_known_opens(protocol: Client, arrival: Milestone) -> None:
    Milestone.objects.filter(pk=arrival.pk).update(time_zone="US/Pacific-New")

    assert "US/Pacific-New of “Delegation arrives” is not known" in _page(protocol, f"mission/{arrival.mission_id}/")
    assert "US/Pacific-New" in _page(protocol, f"{arrival.pk}/change/")
    assert protocol.get(f"{BASE}{arrival.pk}/reschedule/").status_code == 200
    assert protocol.get(BASE).status_code == 200


def test_the_page_takes_as_many_queries_for_many_steps(protocol: Client, timeline: Mission, at: dt.datetime) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            _page(protocol, f"mission/{timeline.pk}/")
        return len(captured)

    before = queries()
    for number in range(5):
        add_milestone(
            mission=timeline,
            title=f"Tea {number}",
            slot=Slot(dt.date(2024, 2, 6), dt.time(20), "Asia/Baku"),
            reason="?",
            by=None,
            at=at,
        )

    assert queries() == before
