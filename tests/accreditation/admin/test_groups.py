"""Noting a political group at the desk, and to whom its pages show it."""

import datetime as dt

import pytest

from accreditation.models import Nomination
from accreditation.services.nominations import nominate_observers
from accreditation.states import Category
from missions.kernel import clock
from missions.models import Mission, User
from tests.accreditation.conftest import DRAFT
from tests.staff import browser_of, in_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def nomination(mission: Mission, lead: User, at: dt.datetime) -> Nomination:
    clock.set_to(at)
    nominate_observers(mission=mission, drafts=[DRAFT], by=lead, at=at)
    return Nomination.objects.get()


def _act(nomination: Nomination) -> str:
    return f"/admin/accreditation/nomination/{nomination.pk}/political_group/"


def test_the_registrar_notes_the_group_and_is_shown_it(nomination: Nomination) -> None:
    desk = browser_of(in_role("registrar"))

    done = desk.post(_act(nomination), {"group": " Greens "})
    again = desk.get(_act(nomination))

    assert done.status_code == 302
    nomination.refresh_from_db()
    assert nomination.political_group == "Greens"
    assert again.context["form"].fields["group"].initial == "Greens"


def test_nobody_else_at_the_ministry_is_shown_it(nomination: Nomination) -> None:
    Nomination.objects.update(political_group="Canary group")
    pages = (f"/admin/accreditation/nomination/{nomination.pk}/change/", "/admin/accreditation/nomination/")

    desks = {role: browser_of(in_role(role)) for role in ("registrar", "reviewer", "planner", "protocol", "auditor")}

    shown = {
        role: ["Canary group" in desk.get(page).content.decode() for page in pages] for role, desk in desks.items()
    }

    nobody = [False, False]
    assert shown == {
        "registrar": [True, False],
        "reviewer": nobody,
        "planner": nobody,
        "protocol": nobody,
        "auditor": nobody,
    }
    assert desks["reviewer"].get(_act(nomination)).status_code == 403


def test_who_does_not_observe_has_no_group(nomination: Nomination) -> None:
    Nomination.objects.update(category=Category.FOREIGN_MEDIA)

    browser_of(in_role("registrar")).post(_act(nomination), {"group": "Greens"})

    assert Nomination.objects.get().political_group == ""
