"""The desk's afternoon in a real browser: a queue, a blocking finding, a recommendation, a vote, a file taken in."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from accreditation.models import AgendaItem, Application, Nomination
from accreditation.services.agenda import schedule_application
from accreditation.services.applications import open_review, recommend_application, submit_application
from accreditation.services.nominations import nominate_observers
from accreditation.services.sessions import call_session
from accreditation.states import ApplicationState
from missions.kernel import clock
from missions.models import Commission, Mission, User
from tests.accreditation.conftest import draft_number
from tests.accreditation.intake.conftest import row, xlsx
from tests.browser.conftest import Visitor
from tests.missions.api.world import AT
from tests.staff import in_role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def reviewer() -> User:
    return in_role("reviewer")


@pytest.fixture
def in_review(mission: Mission, lead: User, reviewer: User) -> list[Application]:
    """Two applications: the passport of the first, and more urgent one, ends before the stay; the second is sound."""
    clock.set_to(AT)
    drafts = [draft_number(1, passport_expires_on=dt.date(2024, 2, 5)), draft_number(2)]
    nominate_observers(mission=mission, drafts=drafts, by=lead, at=AT)
    rows = list(Application.objects.order_by("nomination__reference"))
    for application in rows:
        submit_application(application=application, by=lead, at=AT)
        open_review(application=application, by=reviewer, at=AT)
    Application.objects.filter(pk=rows[0].pk).update(decide_by=AT + dt.timedelta(hours=1))
    return rows


def test_a_reviewer_closes_a_finding_recommends_and_goes_on(
    in_review: list[Application], reviewer: User, visitor: Visitor
) -> None:
    first, second = in_review
    visitor.sign_in(reviewer)
    page = visitor.page

    page.get_by_role("link", name="2 My work").click()
    page.get_by_role("link", name=first.observer.full_name).click()
    expect(page.get_by_text("A blocking finding is open.")).to_be_visible()
    expect(page.get_by_role("button", name="Recommend")).to_have_count(0)
    page.locator("summary", has_text="Close").first.click()
    page.get_by_label("Why this finding need not stop the application.").fill("A new passport was shown.")
    page.get_by_role("button", name="Close the finding").click()
    page.get_by_role("button", name="Recommend").click()

    expect(page.get_by_text("Done: Recommend.")).to_be_visible()
    first.refresh_from_db()
    assert (first.state, first.reviewed_by) == (ApplicationState.RECOMMENDED, reviewer)
    page.get_by_role("link", name=f"Next: {second.observer.full_name}").click()
    expect(page.get_by_role("button", name="Recommend")).to_be_visible()


def test_an_approver_votes_on_the_page_of_the_person(
    in_review: list[Application], central_commission: Commission, reviewer: User, visitor: Visitor
) -> None:
    application = recommend_application(application=in_review[1], by=reviewer, at=AT)
    session = call_session(commission=central_commission, number="7/24", held_at=AT, by=reviewer, at=AT)
    schedule_application(application=application, session=session, by=reviewer, at=AT)
    visitor.sign_in(in_role("approver"))
    page = visitor.page

    page.get_by_role("link", name="1 My work").click()
    page.get_by_role("link", name=application.observer.full_name).click()
    page.get_by_label("Votes for").fill("16")
    page.get_by_label("Votes against").fill("1")
    page.get_by_role("button", name="Accredit").click()

    expect(page.locator(".desk-state")).to_contain_text("accredited")
    item = AgendaItem.objects.get()
    assert (item.votes_for, item.votes_against, item.votes_abstained) == (16, 1, 0)


def test_a_registrar_uploads_a_file_looks_and_takes_it_in(mission: Mission, visitor: Visitor) -> None:
    clock.set_to(AT)
    visitor.sign_in(in_role("registrar"))
    page = visitor.page

    page.get_by_role("link", name="Nomination files").click()
    page.get_by_role("link", name="Upload").click()
    page.get_by_label("Mission").select_option(str(mission.pk))
    page.get_by_label("File", exact=False).last.set_input_files(
        {"name": "people.xlsx", "mimeType": "application/octet-stream", "buffer": xlsx(row(), row(2))}
    )
    page.get_by_role("button", name="Upload", exact=True).click()
    expect(page.get_by_role("heading", name="Rows")).to_be_visible()
    assert not Nomination.objects.exists()
    page.get_by_role("button", name="Take in 2 rows").click()

    expect(page.get_by_text("2 added, 0 changed")).to_be_visible()
    assert Nomination.objects.filter(mission=mission).count() == 2


@pytest.mark.parametrize("width", [1280, 1440])
def test_the_decision_and_all_it_rests_on_are_seen_without_scrolling(
    in_review: list[Application], reviewer: User, visitor: Visitor, width: int
) -> None:
    visitor.page.set_viewport_size({"width": width, "height": 1000})
    visitor.sign_in(reviewer)
    page = visitor.page

    for path in ("", "?queue=mine", f"{in_review[0].pk}/change/"):
        visitor.open(f"/admin/accreditation/application/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") == width
    bottoms = page.locator("#step-title, #findings-title, #clocks-title, #facts-title, #papers-title").evaluate_all(
        "titles => titles.map(title => title.closest('section').getBoundingClientRect().bottom)"
    )
    assert len(bottoms) == 5
    assert max(bottoms) <= 1000
