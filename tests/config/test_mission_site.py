"""The site of missions: who comes in, what they see of their own and of others, and what a lead changes."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config.mission_home import mission_home
from config.mission_site import mission_site
from missions.kernel import clock
from missions.models import Membership, Mission, User
from missions.reports.models import Report
from missions.states import DeploymentMode
from missions.timeline.models import Milestone
from missions.timeline.programme.models import Booking, MeetingRequest, Programme, SharedResource
from missions.timeline.programme.services.resources import set_up_standards
from missions.timeline.services.laying import lay_timeline
from stations.deployment.admin.owners import HOST_PLANS
from tests.staff import browser_of, in_role

pytestmark = pytest.mark.django_db

HOME = "/mission/"
STEPS = f"{HOME}timeline/milestone/"
ARRIVAL = dt.datetime(2024, 2, 4, 8, tzinfo=dt.UTC)
MEETING = dt.datetime(2024, 2, 5, 6, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _clock(db: None) -> None:
    clock.set_to(ARRIVAL)


@pytest.fixture
def laid(mission: Mission, other_mission: Mission, at: dt.datetime) -> Mission:
    """The delegation, after both missions' timelines have been laid."""
    lay_timeline(mission=mission, by=None, at=at)
    lay_timeline(mission=other_mission, by=None, at=at)
    return other_mission


@pytest.fixture
def booked(laid: Mission, mission: Mission, at: dt.datetime) -> dict[str, Booking]:
    """A meeting with the minister for each of the two, in the released programme."""
    set_up_standards(election=laid.election, by=None, at=at)
    programme = Programme.objects.create(
        election=laid.election, version=1, state="released", seconds=5, ordered_at=at, made_at=at, released_at=at
    )
    minister = SharedResource.objects.get(code="minister")
    found = {}
    for number, row in enumerate((laid, mission)):
        start = MEETING + number * dt.timedelta(hours=1)
        request = MeetingRequest.objects.create(
            mission=row,
            kind="minister",
            size=4,
            earliest_at=start,
            latest_at=start + dt.timedelta(hours=9),
            asked_at=at,
        )
        end = start + dt.timedelta(minutes=20)
        found[row.code] = Booking.objects.create(
            programme=programme, request=request, resource=minister, starts_at=start, ends_at=end
        )
    return found


@pytest.fixture
def count_queries() -> Callable[[User], int]:
    def count(user: User) -> int:
        with CaptureQueriesContext(connection) as queries:
            mission_home(User.objects.get(pk=user.pk), at=ARRIVAL)
        return len(queries)

    return count


def test_a_member_signs_in_and_lands_at_the_missions(client: Client, other_lead: User, laid: Mission) -> None:
    answer = client.post("/account/sign-in/", {"username": other_lead.email, "password": "a long enough password"})

    assert answer.headers["Location"] == HOME
    page = client.get(HOME).content.decode()
    assert all(text in page for text in ("PABSEC delegation", "Delegation arrives", "4 Feb 2024, 18:00"))
    assert "ODIHR mission" not in page
    assert "Simulated date" in page


@pytest.mark.parametrize("asked", ["/admin/", "/admin/missions/mission/"])
def test_a_member_who_asks_for_the_desk_lands_at_the_missions(client: Client, other_lead: User, asked: str) -> None:
    password = "a long enough password"

    answer = client.post(f"/account/sign-in/?next={asked}", {"username": other_lead.email, "password": password})

    assert answer.headers["Location"] == HOME


def test_the_home_tells_the_next_meeting_deadline_and_what_is_missing(
    booked: dict[str, Booking], other_lead: User
) -> None:
    home = mission_home(other_lead, at=ARRIVAL)

    [own] = home.missions
    assert [(step.label, step.title) for step in own.steps][:2] == [
        ("E-3", "Delegation arrives"),
        ("E-2", "Meeting at the ministry"),
    ]
    assert home.meeting is not None
    assert home.deadline is not None
    assert (home.meeting.title, home.meeting.when) == ("meeting with the minister", "5 Feb 2024, 10:00")
    assert home.deadline.title == "Election campaign ends"
    assert [sentence for sentence in own.missing if "Late since" in sentence]
    assert mission_home(other_lead, at=MEETING + dt.timedelta(minutes=20)).meeting is None


def test_strangers_sign_in_and_staff_and_checkers_are_refused(client: Client, laid: Mission) -> None:
    checker = User.objects.create_user("checker@doors.example", "a long enough password")
    pages = (HOME, f"{STEPS}mission/{laid.pk}/", f"{HOME}programme/booking/")

    strangers = [client.get(page) for page in pages]
    refused = [browser_of(user).get(page).status_code for user in (in_role("protocol"), checker) for page in pages]

    assert [answer.status_code for answer in strangers] == [302] * 3
    assert client.get(strangers[1].headers["Location"]).headers["Location"].startswith("/account/sign-in/?next=")
    assert refused == [403] * 6


def test_every_page_of_another_mission_is_absent(
    client: Client, booked: dict[str, Booking], mission: Mission, other_lead: User
) -> None:
    own, other = booked["PABSEC"], booked["ODIHR"]
    step, foreign = (Milestone.objects.filter(mission=row).earliest("pk") for row in (own.request.mission, mission))
    browser = browser_of(other_lead)
    pages: list[tuple[str, int, int]] = [
        (f"{STEPS}mission/%d/", own.request.mission_id, mission.pk),
        (f"{STEPS}mission/%d/add/", own.request.mission_id, mission.pk),
        (f"{STEPS}%d/change/", step.pk, foreign.pk),
        (f"{STEPS}%d/reschedule/", step.pk, foreign.pk),
        (f"{HOME}programme/booking/%d/change/", own.pk, other.pk),
        (f"{HOME}programme/meetingrequest/%d/change/", own.request_id, other.request_id),
    ]

    for page, here, there in pages:
        mine, theirs, absent = (browser.get(page % pk) for pk in (here, there, 999_999))
        assert (page, mine.status_code, theirs.status_code) == (page, 200, 404)
        assert theirs.content == absent.content


@pytest.mark.parametrize("path", ["timeline/milestone/", "programme/booking/", "programme/meetingrequest/"])
def test_lists_hold_own_rows_and_name_nobody_else(booked: dict[str, Booking], other_lead: User, path: str) -> None:
    page = browser_of(other_lead).get(f"{HOME}{path}").content.decode()

    assert "PABSEC" in page
    assert "ODIHR" not in page


def test_own_reports_have_their_title_and_others_are_absent(mission: Mission, laid: Mission, other_lead: User) -> None:
    own, other = (
        Report.objects.create(
            election=row.election,
            mission=row,
            kind="preliminary",
            title=f"By {row.code}",
            state="draft",
            drafted_at=ARRIVAL,
        )
        for row in (laid, mission)
    )
    browser = browser_of(other_lead)
    base = f"{HOME}reports/report/"

    pages = [browser.get(f"{base}{path}").content.decode() for path in ("", f"{own.pk}/change/", "?q=ODIHR")]

    assert ["By PABSEC" in page for page in pages] == [True, True, False]
    assert ["By ODIHR" in page for page in pages] == [False] * 3
    assert browser.get(f"{base}{other.pk}/change/").status_code == 404
    assert browser.get(f"{base}{own.pk}/register/").status_code == 403


def test_the_site_does_not_tell_whether_an_object_exists(other_lead: User, mission: Mission) -> None:
    browser = browser_of(other_lead)

    assert [browser.get(f"{HOME}r/{kind}/{mission.pk}/").status_code for kind in (1, 7, 9999)] == [404] * 3
    assert browser.get(f"{HOME}missions/mission/").status_code == 404


def test_the_timeline_is_drawn_told_and_changed_by_its_lead(laid: Mission, other_lead: User) -> None:
    browser = browser_of(other_lead)
    arrival = Milestone.objects.get(mission=laid, code="arrival")
    page = browser.get(f"{STEPS}mission/{laid.pk}/").content.decode()
    happened = {"day": "2024-02-04", "local_time": "11:30", "version": "1"}

    assert page.count('<polygon class="gantt-planned"') == Milestone.objects.filter(mission=laid).count()
    assert all(text in page for text in ('role="img"', "<title id=", "<desc id=", f"{STEPS}{arrival.pk}/reschedule/"))
    assert "/admin/" not in page.replace("/static/admin/", "")
    assert f"{STEPS}mission/{laid.pk}/lay/" not in page

    made = browser.post(f"{STEPS}{arrival.pk}/mark/", happened)

    assert (made.status_code, made.headers["Location"]) == (302, f"{STEPS}{arrival.pk}/change/")
    arrival.refresh_from_db()
    assert arrival.actual_at == dt.datetime(2024, 2, 4, 7, 30, tzinfo=dt.UTC)


def test_a_focal_point_looks_and_changes_nothing(laid: Mission, other_lead: User) -> None:
    Membership.objects.filter(user=other_lead).update(role="focal_point")
    browser = browser_of(other_lead)
    arrival = Milestone.objects.get(mission=laid, code="arrival")

    assert "reschedule" not in browser.get(f"{STEPS}mission/{laid.pk}/").content.decode()
    assert browser.get(f"{STEPS}mission/{laid.pk}/add/").status_code == 403
    assert browser.post(f"{STEPS}mission/{laid.pk}/lay/").status_code == 403
    browser.post(f"{STEPS}{arrival.pk}/cancel/", {"reason": "Nobody", "version": "1"})
    arrival.refresh_from_db()
    assert (arrival.cancelled_at, arrival.version) == (None, 1)


def test_more_missions_cost_the_home_no_more_queries(
    booked: dict[str, Booking], mission: Mission, other_lead: User, count_queries: Callable[[User], int]
) -> None:
    one = count_queries(other_lead)
    Membership.objects.create(user=other_lead, mission=mission, role="lead")

    assert count_queries(other_lead) == one


@pytest.mark.parametrize(
    "page",
    [
        "deployment/deploymentsettings",
        "deployment/planrun",
        "deployment/visitshares",
        "plan_files/planfile",
        "presence/rollcall",
        "samples/stationsample",
    ],
)
def test_an_empty_list_tells_who_plans(other_mission: Mission, other_lead: User, page: str) -> None:
    Mission.objects.filter(pk=other_mission.pk).update(deployment_mode=DeploymentMode.HOST_COORDINATED)
    hosts = browser_of(other_lead).get(f"{HOME}{page}/").content.decode()
    Mission.objects.filter(pk=other_mission.pk).update(deployment_mode=DeploymentMode.SELF_DIRECTED)
    own = browser_of(other_lead).get(f"{HOME}{page}/").content.decode()

    assert str(HOST_PLANS) in hosts
    assert str(HOST_PLANS) not in own
    assert "What you add stands here." in own


def test_every_page_of_the_sidebar_opens(booked: dict[str, Booking], other_lead: User) -> None:
    browser = browser_of(other_lead)
    groups = browser.get(HOME).context["sidebar_navigation"]
    links = [item["link"] for group in groups for item in group["items"]]

    assert [(link, browser.get(link).status_code) for link in links] == [(link, 200) for link in links]
    assert {model._meta.label for model in mission_site._registry} == {
        "missions.Membership",
        "timeline.Milestone",
        "programme.Booking",
        "programme.MeetingRequest",
        "reports.Report",
        "access.AccessGrant",
        "presence.RollCall",
        "samples.StationSample",
        "travel.TravelMatrix",
        "stations.PollingStation",
        "deployment.PlanRun",
        "plan_files.PlanFile",
        "deployment.DeploymentSettings",
        "deployment.DeploymentPlan",
        "deployment.BreakGlass",
        "deployment.VisitShares",
    }
