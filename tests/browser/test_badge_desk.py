"""The badge desk in a real browser: from the name to the next person by the keyboard alone, on a small screen."""

import io
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader
from pytest_django.fixtures import Settings

from accreditation.badges.models import Badge
from accreditation.badges.services.trust import set_up_test_trust
from accreditation.badges.states import BadgeState
from accreditation.models import Application
from accreditation.services.agenda import schedule_application
from accreditation.services.applications import open_review, recommend_application, submit_application
from accreditation.services.decisions import accredit_application
from accreditation.services.nominations import nominate_observers
from accreditation.services.sessions import call_session
from missions.kernel import clock
from missions.models import Commission, Mission, User
from tests.accreditation.conftest import DRAFT
from tests.browser.conftest import Visitor
from tests.missions.api.world import AT
from tests.staff import in_role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def _accredited(
    mission: Mission, lead: User, central_commission: Commission, settings: Settings, tmp_path: Path
) -> None:
    """Anna Meyer is accredited, and badges of the election can be signed."""
    clock.set_to(AT)
    settings.BADGE_KEY_DIR, settings.BADGE_PUBLISHED_DIR = tmp_path / "keys", tmp_path / "published"
    set_up_test_trust(election=mission.election, at=AT)
    reviewer, approver = in_role("reviewer"), in_role("approver")
    nominate_observers(mission=mission, drafts=[DRAFT], by=lead, at=AT)
    session = call_session(commission=central_commission, number="7/24", held_at=AT, by=reviewer, at=AT)
    application = submit_application(application=Application.objects.get(), by=lead, at=AT)
    application = open_review(application=application, by=reviewer, at=AT)
    application = recommend_application(application=application, by=reviewer, at=AT)
    application = schedule_application(application=application, session=session, by=reviewer, at=AT)
    accredit_application(application=application, by=approver, at=AT)


@pytest.mark.usefixtures("_accredited")
def test_a_badge_is_issued_printed_and_handed_over_without_a_mouse(visitor: Visitor) -> None:
    visitor.page.set_viewport_size({"width": 1024, "height": 768})
    visitor.sign_in(in_role("protocol"))
    visitor.open("/admin/badges/badge/desk/")
    page, keys = visitor.page, visitor.page.keyboard

    keys.type("meyer")
    keys.press("Enter")
    expect(page.get_by_role("button", name="Issue a badge")).to_be_focused()
    keys.press("Enter")
    expect(page.get_by_label("Stock serial")).to_be_focused()
    keys.type("AZ 000123")
    with page.expect_download() as saved:
        keys.press("Enter")
    expect(page.get_by_role("button", name="Hand over")).to_be_focused()
    width = page.evaluate("document.documentElement.scrollWidth")
    keys.press("Enter")

    expect(page.get_by_text("Done: Hand over, Meyer Anna.")).to_be_visible()
    expect(page.get_by_role("searchbox")).to_be_focused()
    badge = Badge.objects.get()
    assert (badge.state, badge.stock_serial, badge.collected_by) == (BadgeState.HANDED_OVER, "AZ 000123", "MEYER ANNA")
    assert saved.value.suggested_filename == "B-000001.pdf"
    assert len(PdfReader(io.BytesIO(saved.value.path().read_bytes())).pages) == 2
    assert width == 1024
