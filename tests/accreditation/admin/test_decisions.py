"""The page of a decision and its ways on: by the host's clock, in words, and with links for who may follow them."""

import datetime as dt

import pytest
from django.urls import reverse

from accreditation.models import Accreditation, Application, Decision
from accreditation.states import ApplicationState, Outcome
from missions.kernel import clock
from tests.accreditation.conftest import MakeApplication
from tests.staff import browser_of, in_role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(at: dt.datetime) -> None:
    clock.set_to(at)


@pytest.fixture
def refused(make_application: MakeApplication) -> Decision:
    """Refused at 09:00 UTC, on a ground of the law."""
    application = make_application(ApplicationState.SCHEDULED)
    return Decision.objects.create(
        application=application,
        outcome=Outcome.REFUSED,
        ground="information_not_confirmed",
        text="The embassy knows nothing of it.",
        reviewed_by=in_role("reviewer"),
        decided_by=in_role("approver"),
        decided_at=dt.datetime(2024, 1, 20, 9, tzinfo=dt.UTC),
    )


def _page(role: str, address: str) -> str:
    return browser_of(in_role(role, f"{role}@reads.example")).get(address).content.decode()


def _link(obj: Application) -> str:
    return f'href="{reverse("admin:accreditation_application_change", args=(obj.pk,))}"'


def test_a_decision_tells_its_instant_by_the_hosts_clock_and_its_ground_in_words(refused: Decision) -> None:
    list_page = _page("auditor", reverse("admin:accreditation_decision_changelist"))
    page = _page("approver", reverse("admin:accreditation_decision_change", args=(refused.pk,)))

    for text in (list_page, page):
        assert "20 Jan 2024, 13:00" in text
        assert "09:00" not in text
        assert "information_not_confirmed" not in text
    assert "Times are those of Asia/Baku." in page
    assert _link(refused.application) in page


def test_an_accreditation_leads_whoever_may_see_applications_to_its_own(accreditation: Accreditation) -> None:
    address = reverse("admin:accreditation_accreditation_change", args=(accreditation.pk,))

    assert _link(accreditation.application) in _page("registrar", address)
    assert _link(accreditation.application) not in _page("protocol", address)


@pytest.mark.parametrize(("term", "found"), [("1", 1), ("00001", 1), (" 00001 ", 1), ("00002", 0), ("0", 0)])
def test_an_accreditation_is_found_by_its_number_as_papers_write_it(
    accreditation: Accreditation, term: str, found: int
) -> None:
    assert accreditation.number == 1
    browser = browser_of(in_role("registrar"))

    shown = browser.get(reverse("admin:accreditation_accreditation_changelist"), {"q": term})

    assert shown.context["cl"].result_count == found
