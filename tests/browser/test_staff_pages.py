"""The ministry's day in a real browser: sign in, look, decide, open a plan, and be refused what is not the host's."""

import pytest
from playwright.sync_api import expect

from accreditation.badges.models import Badge
from accreditation.letters.models import Letter
from accreditation.models import Accreditation, Application, CommissionSession, Decision
from accreditation.states import ApplicationState
from missions.kernel import clock
from missions.models import Commission, Constituency, Election, Mission
from stations.deployment.models import DeploymentPlan
from tests.browser.conftest import Visitor
from tests.missions.api.world import AT, World, build_world
from tests.staff import in_role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(election: Election, mission: Mission, other_mission: Mission, constituency: Constituency) -> World:
    """Three accredited people, a pooled plan, and a plan that is not the host's, under a simulated date."""
    clock.set_to(AT)
    return build_world(election, mission, other_mission, constituency)


@pytest.fixture
def scheduled(world: World) -> Application:
    """One application back on an agenda, reviewed by somebody else."""
    application = Application.objects.get(observer__given_names="IPC")
    Badge.objects.filter(accreditation__application=application).delete()
    Letter.objects.filter(accreditation__application=application).delete()
    Accreditation.objects.filter(application=application).delete()
    Decision.objects.filter(application=application).delete()
    application.session = CommissionSession.objects.create(
        election=world.election, commission=Commission.objects.get(code="CEC"), number="7/24", held_at=AT
    )
    application.state = ApplicationState.SCHEDULED
    application.save()
    return application


def test_staff_sign_in_and_see_the_figures(world: World, visitor: Visitor) -> None:
    visitor.sign_in(in_role("auditor"))

    page = visitor.page
    expect(page.get_by_role("heading", name="Presidential election")).to_be_visible()
    expect(page.locator(".desk-figures")).to_contain_text("3 accredited observers")
    expect(page.locator(".desk-countdown")).to_contain_text("E-20")
    expect(page.get_by_role("status")).to_contain_text("Simulated date: 18 Jan 2024")


def test_an_approver_decides_an_application(scheduled: Application, visitor: Visitor) -> None:
    visitor.sign_in(in_role("approver"))
    page = visitor.page

    page.get_by_role("link", name="Applications", exact=True).click()
    page.get_by_role("link", name="1 To decide").click()
    page.get_by_role("link", name=scheduled.observer.full_name).click()
    page.get_by_label("Votes for").fill("16")
    page.get_by_label("Votes against").fill("0")
    page.get_by_role("button", name="Accredit").click()

    expect(page.get_by_text("Done: Accredit.")).to_be_visible()
    expect(page.locator(".desk-state")).to_contain_text("accredited")
    scheduled.refresh_from_db()
    assert scheduled.state == ApplicationState.ACCREDITED


def test_a_planner_opens_the_plan_of_the_pool(world: World, visitor: Visitor) -> None:
    visitor.sign_in(in_role("planner"))
    page = visitor.page

    page.get_by_role("link", name="Plans", exact=True).click()
    page.get_by_role("link", name="Pool of the host-coordinated missions").click()

    expect(page.get_by_role("heading", name="Team 1")).to_be_visible()
    expect(page.get_by_role("link", name="001").first).to_be_visible()


def test_the_plan_of_a_self_directed_mission_does_not_exist_for_the_host(world: World, visitor: Visitor) -> None:
    visitor.sign_in(in_role("planner"))

    status = visitor.open(
        f"/admin/deployment/deploymentplan/{DeploymentPlan.objects.get(mission=world.mission).pk}/change/"
    )

    assert status == 404
    expect(visitor.page.get_by_role("heading", name="Not found")).to_be_visible()
    # The browser itself notes the status of the page.
    assert visitor.complaints == [
        "console: Failed to load resource: the server responded with a status of 404 (Not Found)"
    ]
    visitor.complaints.clear()


def test_the_policy_lets_lists_filters_and_forms_work(world: World, visitor: Visitor) -> None:
    visitor.sign_in(in_role("auditor"))
    page = visitor.page

    visitor.open("/admin/stations/pollingstation/")
    page.get_by_role("button", name="Filters").click()
    expect(page.locator("#changelist-filter")).to_be_visible()
    visitor.open(f"/admin/missions/mission/{world.mission.pk}/change/")
    expect(page.get_by_text("ODIHR mission")).to_be_visible()


def test_on_a_telephone_no_page_is_wider_than_the_screen(scheduled: Application, visitor: Visitor) -> None:
    visitor.sign_in(in_role("registrar"))
    visitor.page.set_viewport_size({"width": 390, "height": 844})
    session = CommissionSession.objects.get(number="7/24")
    mission = scheduled.nomination.mission_id
    paths = (
        "/admin/",
        "/admin/accreditation/application/",
        f"/admin/accreditation/application/{scheduled.pk}/change/",
        f"/admin/accreditation/commissionsession/{session.pk}/change/",
        f"/admin/missions/mission/{mission}/change/",
        "/admin/timeline/milestone/calendar/",
        "/admin/badges/keylist/trust/",
    )

    wide = {}
    for path in paths:
        visitor.open(path)
        width = visitor.page.evaluate("document.documentElement.scrollWidth")
        if width > 390:
            wide[path] = width

    assert wide == {}
