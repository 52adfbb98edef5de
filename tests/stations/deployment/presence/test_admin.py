"""The pages: the day of a plan's teams with reports of one touch, and roll calls; absent for everybody else."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from missions.kernel import clock
from missions.models import Election, Mission, User
from stations.deployment.models import Visit
from stations.deployment.presence.models import PresenceReport, RollCall
from stations.deployment.presence.services.reports import take_reports
from stations.deployment.presence.services.roll_calls import call_roll
from stations.deployment.presence.states import PresenceKind
from tests.staff import browser_of, in_role
from tests.stations.deployment.builders import deployed, pool_mission
from tests.stations.deployment.presence.conftest import OnTheDay, hour, released_day

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock() -> None:
    clock.set_to(hour(6))


def day_page(day: OnTheDay, site: str = "mission") -> str:
    return reverse("admin:deployment_deploymentplan_day", args=(day.plan.pk,), current_app=site)


def roll_page(roll_call: RollCall, site: str = "mission", page: str = "change") -> str:
    return reverse(f"admin:presence_rollcall_{page}", args=(roll_call.pk,), current_app=site)


def _called(mission: Mission | None, election: Election) -> RollCall:
    return call_roll(election=election, mission=mission, reason="Drill", answer_by=hour(7), by=None, at=hour(5))


def test_the_day_tells_each_team_the_late_ones_first(day: OnTheDay, lead: User) -> None:
    drafts = [
        day.draft(PresenceKind.ARRIVED, hour(3, 31), nonce="a", station=0),
        day.draft(PresenceKind.LEFT, hour(4, 30), nonce="b", station=0),
        day.draft(PresenceKind.ARRIVED, hour(5), nonce="c", station=9),
    ]
    take_reports(drafts=drafts, device_now=hour(6, 10), by=lead, at=hour(6))

    page = browser_of(lead).get(day_page(day))

    assert page.status_code == 200
    teams = {team.title: team for team in page.context["teams"]}
    assert list(teams) == ["Team 2", "Team 3", "Team 1"]
    first = teams["Team 1"]
    assert (first.last, first.clock) == (
        f"08:50: arrived {day.register[9].code}",
        "The clock of the device is 10 minutes ahead; the time is corrected.",
    )
    assert [(visit.actual, visit.standing) for visit in (first.visits[0], first.visits[-1])] == [
        ("07:21–08:20", "done"),
        ("08:50–", "not planned"),
    ]
    assert [button.label for button in first.buttons] == [
        f"Left {day.register[9].code}",
        f"Arrived at {day.register[1].code}",
        "In the area",
    ]
    assert (teams["Team 2"].last, page.context["silent"]) == ("Nothing reported yet", 2)
    silent = browser_of(lead).get(f"{day_page(day)}?show=silent")
    assert {team.title for team in silent.context["teams"]} == {"Team 2", "Team 3"}


def test_a_team_without_a_route_has_none_and_not_an_end_of_it(day: OnTheDay, lead: User) -> None:
    Visit.objects.filter(visit_plan__team__number=3).delete()

    teams = {team.title: team.next for team in browser_of(lead).get(day_page(day)).context["teams"]}

    assert teams["Team 3"] == "no visits planned"
    assert teams["Team 2"] == "07:30 00201"


def test_one_touch_is_one_report(day: OnTheDay, lead: User) -> None:
    browser, answers = browser_of(lead), {"team": day.first.pk, "kind": "arrived", "station": day.register[0].pk}
    touched = {**answers, "nonce": str(uuid.uuid4())}

    for _time in range(2):
        done = browser.post(day_page(day), touched, follow=True)

    row = PresenceReport.objects.get()
    assert (row.station, row.by, row.skew_seconds) == (day.register[0], lead, 0)
    assert "Reported: Team 1 · arrived" in done.content.decode()
    wrong = browser.post(day_page(day), {**touched, "kind": "asleep"}, follow=True)
    assert "This was not a report" in wrong.content.decode()
    refused = browser.post(day_page(day), {**answers, "nonce": str(uuid.uuid4()), "kind": "in_area"}, follow=True)
    assert "none for being in the area" in refused.content.decode()
    assert PresenceReport.objects.count() == 1


def test_the_day_of_a_self_directed_mission_is_absent_for_the_host_even_where_the_plan_is_shared(
    day: OnTheDay, mission: Mission, lead: User, other_lead: User
) -> None:
    Mission.objects.filter(pk=mission.pk).update(plan_sharing="full")
    planner = browser_of(in_role("planner"))
    plan = reverse("admin:deployment_deploymentplan_change", args=(day.plan.pk,))
    shown = planner.get(plan)

    assert (shown.status_code, "On the day" in shown.content.decode()) == (200, False)
    assert [planner.get(day_page(day, "admin")).status_code, browser_of(other_lead).get(day_page(day)).status_code] == [
        404,
        404,
    ]
    own = browser_of(lead).get(
        reverse("admin:deployment_deploymentplan_change", args=(day.plan.pk,), current_app="mission")
    )
    assert day_page(day) in own.content.decode()


def test_auditors_look_at_the_pools_day_and_planners_report(election: Election, register: list) -> None:  # type: ignore[type-arg]  # of stations
    day = released_day(election, None, pool_mission(election, "POOL"), register)

    seen = {
        role: [bool(team.buttons) for team in browser_of(in_role(role)).get(day_page(day, "admin")).context["teams"]]
        for role in ("planner", "auditor")
    }

    assert seen == {"planner": [True] * 3, "auditor": [False] * 3}


def test_a_lead_calls_the_roll_answers_and_closes(mission: Mission, lead: User) -> None:
    for code in ("FRA", "DEU"):
        deployed(mission, code)
    browser: Client = browser_of(lead)

    asked = browser.post(
        reverse("admin:presence_rollcall_add", current_app="mission"),
        {"owner": f"mission-{mission.pk}", "reason": "Explosion", "minutes": 30},
    )

    roll_call = RollCall.objects.get()
    assert (asked.status_code, asked["Location"]) == (302, roll_page(roll_call))
    page = browser.get(roll_page(roll_call)).context
    assert [(person.reply, person.may_answer) for person in page["people"]] == [("no answer yet", True)] * 2
    last = page["people"][1]
    touched = {"person": last.key, "reply": "needs_help", "note": "The car burns", "nonce": last.nonce}
    for _time in range(2):
        answered = browser.post(roll_page(roll_call, page="answer"), touched, follow=True)
        assert f"{last.name}: needs help" in answered.content.decode()
    page = browser.get(roll_page(roll_call)).context
    first = page["people"][0]
    assert (first.key, first.reply, first.note) == (last.key, "needs help", "The car burns")
    assert (page["count"].needs_help, page["count"].unanswered, page["count"].safe) == (1, 1, 0)
    assert browser.post(roll_page(roll_call, page="answer"), {**touched, "person": 0}).status_code == 302
    absent = browser.post(roll_page(roll_call, page="answer"), {**touched, "person": 10**6})
    assert (absent.status_code, browser.get(roll_page(roll_call, page="answer")).status_code) == (404, 302)
    assert browser.post(roll_page(roll_call, page="close"), {"reason": "All found"}).status_code == 302
    page = browser.get(roll_page(roll_call)).context
    assert (page["is_open"], [person.may_answer for person in page["people"]], page["moves"]) == (
        False,
        [False] * 2,
        [],
    )
    late = browser.post(roll_page(roll_call, page="answer"), {**touched, "nonce": str(uuid.uuid4())}, follow=True)
    assert "The roll call is closed" in late.content.decode()


def test_of_the_pools_roll_a_mission_sees_and_answers_for_its_people(
    election: Election, other_mission: Mission, other_lead: User, lead: User
) -> None:
    own, foreign = deployed(other_mission, "FRA"), deployed(pool_mission(election, "POOL"), "DEU")
    roll_call = _called(None, election)

    mine = browser_of(other_lead).get(roll_page(roll_call))
    whole = browser_of(in_role("planner")).get(roll_page(roll_call, "admin"))
    looked = browser_of(in_role("auditor")).get(roll_page(roll_call, "admin"))

    assert [person.name for person in mine.context["people"]] == [own.full_name]
    assert foreign.full_name not in mine.content.decode()
    assert (mine.context["count"].asked, mine.context["moves"]) == (1, [])
    assert [person.may_answer for person in whole.context["people"]] == [True, True]
    assert [person.may_answer for person in looked.context["people"]] == [False, False]
    assert browser_of(lead).get(roll_page(roll_call)).status_code == 404
    person = looked.context["people"][0]
    touched = {"person": person.key, "reply": "safe", "nonce": person.nonce}
    assert (
        browser_of(in_role("auditor", "second@ministry.example"))
        .post(roll_page(roll_call, "admin", "answer"), touched)
        .status_code
        == 403
    )


def test_the_page_of_a_missions_roll_call_is_absent_for_the_host(mission: Mission) -> None:
    deployed(mission, "FRA")
    roll_call = _called(mission, mission.election)
    planner = browser_of(in_role("planner"))

    assert [planner.get(roll_page(roll_call, "admin", page)).status_code for page in ("change", "answer", "close")] == [
        404,
        404,
        404,
    ]
    assert "ODIHR" not in planner.get(reverse("admin:presence_rollcall_changelist")).content.decode()
