"""Handing over a nomination, at the desk."""

import datetime as dt

import pytest

from accreditation.models import Accreditation, Nomination
from accreditation.services.nominations import nominate_observers
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
    return f"/admin/accreditation/nomination/{nomination.pk}/hand_over/"


def test_the_registrar_hands_a_nomination_over(nomination: Nomination, other_mission: Mission) -> None:
    desk = browser_of(in_role("registrar"))

    asked = desk.get(_act(nomination))
    done = desk.post(_act(nomination), {"to_mission": other_mission.pk, "reference": "", "reason": "Joined them."})

    assert list(asked.context["form"].fields["to_mission"].queryset) == [other_mission]
    assert done.status_code == 302
    nomination.refresh_from_db()
    assert (nomination.mission, nomination.reference) == (other_mission, "R-1")


def test_a_full_mission_refuses_on_the_same_page(nomination: Nomination, other_mission: Mission) -> None:
    Mission.objects.filter(pk=other_mission.pk).update(ceiling=0)

    answer = browser_of(in_role("registrar")).post(
        _act(nomination), {"to_mission": other_mission.pk, "reference": "", "reason": "Joined them."}
    )

    assert (answer.status_code, "The mission has no more places" in answer.content.decode()) == (422, True)


def test_only_who_nominates_at_the_desk_is_offered_it(nomination: Nomination) -> None:
    page = f"/admin/accreditation/nomination/{nomination.pk}/change/"

    offered = {
        role: any(move["url"] == _act(nomination) for move in browser_of(in_role(role)).get(page).context["moves"])
        for role in ("registrar", "reviewer", "auditor")
    }

    assert offered == {"registrar": True, "reviewer": False, "auditor": False}
    assert browser_of(in_role("reviewer", "x@ministry.example")).get(_act(nomination)).status_code == 403


def test_what_is_decided_is_not_handed_over(accreditation: Accreditation, at: dt.datetime) -> None:
    clock.set_to(at)
    page = f"/admin/accreditation/nomination/{accreditation.application.nomination_id}/change/"

    moves = browser_of(in_role("registrar")).get(page).context["moves"]

    assert "hand_over" not in [move["url"].split("/")[-2] for move in moves]
