"""From the invitation to the own desk in a real browser: the mail's link, the first password, and where one lands."""

import re

import pytest
from django.core import mail
from playwright.sync_api import expect
from pytest_django.fixtures import Settings

from missions.kernel import clock
from missions.models import ApiToken, Election, Mission, User
from missions.reminders.services.delivery import deliver_due
from tests.browser.conftest import Visitor
from tests.missions.api.world import AT
from tests.staff import in_role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "seven quiet herons"


@pytest.fixture(autouse=True)
def _mails_lead_here(settings: Settings, visitor: Visitor, election: Election) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.PUBLIC_URL = visitor.origin
    clock.set_to(AT)


def _link_mailed_to(address: str) -> str:
    """The path of the link in the latest mail to the address."""
    deliver_due(at=clock.now())
    body = next(str(message.body) for message in reversed(mail.outbox) if message.to == [address])
    return next(word for word in body.split() if "://" in word).split("/", 3)[3]


def _choose_password(visitor: Visitor, path: str) -> None:
    visitor.open(f"/{path}")
    visitor.page.get_by_label("New password", exact=True).fill(PASSWORD)
    visitor.page.get_by_label("New password confirmation").fill(PASSWORD)
    visitor.page.get_by_role("button", name="Set the password").click()
    visitor.page.wait_for_load_state("networkidle")


def test_a_reviewer_is_invited_chooses_a_password_and_lands_at_the_desk(visitor: Visitor) -> None:
    visitor.sign_in(in_role("administrator"))
    page = visitor.page
    page.get_by_role("link", name="Accounts", exact=True).click()
    page.get_by_title("Add user").click()
    page.get_by_label("E-mail address").fill("Rena@ministry.example")
    page.get_by_label("First name").fill("Rəna")
    page.get_by_label("Last name").fill("Quliyeva")
    page.get_by_label("Role").select_option("reviewer")
    page.get_by_role("button", name="Invite a member of the staff").click()
    expect(page.get_by_role("link", name="Revoke the invitation")).to_be_visible()
    page.context.clear_cookies()

    _choose_password(visitor, _link_mailed_to("rena@ministry.example"))

    expect(page.get_by_role("heading", name="Presidential election")).to_be_visible()
    page.get_by_role("link", name="Applications", exact=True).click()
    assert User.objects.get(email="rena@ministry.example").check_password(PASSWORD)


def test_a_lead_is_appointed_lands_at_the_missions_home_and_makes_a_token(visitor: Visitor, mission: Mission) -> None:
    visitor.sign_in(in_role("registrar"))
    page = visitor.page
    page.get_by_role("link", name="Who acts for missions").click()
    page.get_by_title("Add membership").click()
    page.get_by_role("combobox", name="Mission").select_option(str(mission.pk))
    page.get_by_label("E-mail address").fill("new@odihr.example")
    page.get_by_label("Acts as").select_option("lead")
    page.get_by_role("button", name="Appoint somebody for a mission").click()
    page.wait_for_load_state("networkidle")
    page.context.clear_cookies()

    _choose_password(visitor, _link_mailed_to("new@odihr.example"))

    expect(page).to_have_url(re.compile("/mission/$"))
    visitor.open("/account/")
    expect(page.get_by_role("row", name="ODIHR mission")).to_contain_text("mission lead")
    page.get_by_label("Name").fill("laptop")
    page.get_by_role("button", name="Make the token").click()
    expect(page.locator(".desk-secret")).to_contain_text("odk_")
    page.get_by_role("button", name="laptop").click()
    expect(page.get_by_text("opens nothing any more")).to_be_visible()
    assert not ApiToken.objects.exists()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Log in")).to_be_visible()


@pytest.mark.parametrize("path", ["sign-in/", "reset/", "reset/asked/", ""])
def test_pages_have_one_main_landmark_one_heading_and_every_field_a_name(
    visitor: Visitor, lead: User, path: str
) -> None:
    if not path:
        visitor.sign_in(lead)
    visitor.open(f"/account/{path}")
    nameless = """() => [...document.querySelectorAll("input, select, button")]
        .filter(field => field.type !== "hidden")
        .filter(field => !(field.labels && field.labels.length) && !field.ariaLabel && !field.textContent.trim())
        .map(field => field.outerHTML)"""

    assert (visitor.page.locator("main").count(), visitor.page.locator("h1").count()) == (1, 1)
    assert visitor.page.evaluate(nameless) == []
