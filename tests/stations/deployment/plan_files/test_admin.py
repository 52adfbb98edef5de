"""The pages of files with plans, at the desk for the pool and at /mission/ for a mission's own."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from missions.kernel import clock
from missions.models import Election, Mission, User
from stations.deployment.models import DeploymentPlan
from stations.deployment.plan_files.models import PlanFile
from tests.staff import browser_of, in_role
from tests.stations.deployment import builders
from tests.stations.deployment.plan_files.conftest import Desk, file_of, rows_of

pytestmark = pytest.mark.django_db

DESK = "/admin/plan_files/planfile/"
OWN = "/mission/plan_files/planfile/"


@pytest.fixture(autouse=True)
def _clock(at: dt.datetime) -> None:
    clock.set_to(at)


def answers(owner: str, data: bytes, base: object = "") -> dict[str, object]:
    return {"owner": owner, "base": base, "file": SimpleUploadedFile("plan.csv", data), "encoding": ""}


def test_a_lead_sends_a_file_looks_and_takes_it_in(desk: Desk, mission: Mission, lead: User) -> None:
    browser = browser_of(lead)
    plan_page = browser.get(f"/mission/deployment/deploymentplan/{desk.plan.pk}/change/").content.decode()
    address = f"/mission/deployment/deploymentplan/{desk.plan.pk}/file/"
    assert f'href="{address}?type=csv"' in plan_page
    data = browser.get(f"{address}?type=csv").content

    made = browser.post(f"{OWN}add/", answers(f"mission-{mission.pk}", data, desk.plan.pk))
    file = PlanFile.objects.get()
    page = f"{OWN}{file.pk}/change/"
    assert (made.status_code, made.headers["Location"]) == (302, page)
    shown = browser.get(page).content.decode()
    assert "Every row was understood" in shown
    assert f'href="{OWN}{file.pk}/take/"' in shown

    browser.post(f"{OWN}{file.pk}/take/", {})
    plan = DeploymentPlan.objects.get(version=2)
    taken = browser.get(page).content.decode()
    assert f'href="/mission/deployment/deploymentplan/{plan.pk}/change/"' in taken
    assert "plan file taken" in taken
    assert f'href="{OWN}{file.pk}/discard/"' not in taken


def test_the_rows_with_errors_stand_with_their_reasons(desk: Desk, mission: Mission, lead: User) -> None:
    browser, rows = browser_of(lead), rows_of(desk.plan)
    rows[0]["observer"] = "99999"

    browser.post(f"{OWN}add/", answers(f"mission-{mission.pk}", file_of(rows)))

    file = PlanFile.objects.get()
    page = browser.get(f"{OWN}{file.pk}/change/?only=errors")
    assert [line.number for line, _cells in page.context["lines"]] == [2]
    assert "Nobody of this mission or pool is accredited under this" in page.content.decode()
    assert f"{OWN}{file.pk}/take/" not in page.content.decode()
    refused = browser.post(f"{OWN}{file.pk}/take/", {})
    assert (refused.status_code, "no plan was made of it" in refused.content.decode()) == (422, True)


def test_a_planner_sends_in_the_plan_of_the_pool(
    desk: Desk, election: Election, mission: Mission, other_mission: Mission
) -> None:
    people = [builders.deployed(other_mission, code) for code in ("ITA", "GRC")]
    row = {"team": "1", "constituency": "2", "area": "Coast"}
    rows = [{**row, "observer": str(person.pk)} for person in people]
    browser = browser_of(in_role("planner"))

    browser.post(f"{DESK}add/", answers(f"election-{election.pk}", file_of(rows)))
    file = PlanFile.objects.get()
    browser.post(f"{DESK}{file.pk}/take/", {})

    plan = DeploymentPlan.objects.get(mission=None)
    assert list(plan.members.order_by("pk").values_list("observer", flat=True)) == [person.pk for person in people]
    foreign = browser.post(f"{DESK}add/", answers(f"mission-{mission.pk}", file_of(rows)))
    assert (foreign.status_code, list(foreign.context["form"].errors)) == (422, ["owner"])
    stranger = [{**row, "observer": str(desk.people[0].pk)}]
    browser.post(f"{DESK}add/", answers(f"election-{election.pk}", file_of(stranger)))
    assert PlanFile.objects.latest("pk").error_count == 1


def test_the_host_and_other_missions_find_nothing(desk: Desk, mission: Mission, lead: User, other_lead: User) -> None:
    Mission.objects.filter(pk=mission.pk).update(plan_sharing="full")
    DeploymentPlan.objects.filter(pk=desk.plan.pk).update(state="released", released_at=clock.now())
    browser_of(lead).post(f"{OWN}add/", answers(f"mission-{mission.pk}", file_of(rows_of(desk.plan))))
    file = PlanFile.objects.get()

    for user, base, site in ((in_role("planner"), DESK, "/admin/"), (other_lead, OWN, "/mission/")):
        browser = browser_of(user)
        hidden, absent = (browser.get(f"{base}{pk}/change/") for pk in (file.pk, 999_999))
        assert (hidden.status_code, hidden.content) == (404, absent.content)
        assert browser.get(f"{base}{file.pk}/take/").status_code == 404
        assert "plan.csv" not in browser.get(base).content.decode()
        assert browser.get(f"{site}deployment/deploymentplan/{desk.plan.pk}/file/").status_code == 404
    assert browser_of(in_role("auditor")).get(f"{DESK}add/").status_code == 403


def test_empty_files_are_given_out(lead: User) -> None:
    browser = browser_of(lead)

    text = browser.get(f"{OWN}template-csv/")

    assert text.headers["Content-Disposition"] == 'attachment; filename="plan.csv"'
    assert browser.get(f"{OWN}template-xlsx/").content.startswith(b"PK")
    assert f'href="{OWN}template-csv/"' in browser.get(OWN).content.decode()
