"""Setting quotas, at the desk."""

import datetime as dt

import pytest

from accreditation.models import CategoryQuota
from accreditation.services.nominations import nominate_observers
from accreditation.services.quotas import set_quota
from accreditation.states import Category
from missions.kernel import clock
from missions.models import Mission, User
from tests.accreditation.conftest import draft_number
from tests.staff import browser_of, in_role

pytestmark = pytest.mark.django_db
LIST = "/admin/accreditation/categoryquota/"


@pytest.fixture(autouse=True)
def _noon(at: dt.datetime) -> None:
    clock.set_to(at)


def test_the_registrar_sets_a_quota_and_changes_it(mission: Mission) -> None:
    desk = browser_of(in_role("registrar"))

    added = desk.post(f"{LIST}add/", {"mission": mission.pk, "category": "interpreter", "ceiling": "3"})
    quota = CategoryQuota.objects.get()
    changed = desk.post(f"{LIST}{quota.pk}/ceiling/", {"ceiling": ""})

    assert (added.status_code, added.headers["Location"]) == (302, f"{LIST}{quota.pk}/change/")
    assert (quota.mission, quota.category, quota.ceiling) == (mission, "interpreter", 3)
    assert changed.status_code == 302
    quota.refresh_from_db()
    assert quota.ceiling is None
    assert "no limit" in desk.get(f"{LIST}{quota.pk}/change/").content.decode()
    assert "no limit" in desk.get(LIST).content.decode()


def test_fewer_places_than_people_are_refused_beside_the_answer(mission: Mission, lead: User, at: dt.datetime) -> None:
    drafts = [draft_number(1), draft_number(2)]
    nominate_observers(mission=mission, drafts=drafts, category=Category.INTERPRETER, by=lead, at=at)

    answer = browser_of(in_role("registrar")).post(
        f"{LIST}add/", {"mission": mission.pk, "category": "interpreter", "ceiling": "1"}
    )

    assert (answer.status_code, "ODIHR has taken 2 places already." in answer.content.decode()) == (422, True)


def test_international_observers_are_no_choice(mission: Mission) -> None:
    answer = browser_of(in_role("registrar")).post(
        f"{LIST}add/", {"mission": mission.pk, "category": "international_observer", "ceiling": "3"}
    )

    assert answer.status_code == 422
    assert not CategoryQuota.objects.exists()


def test_others_look_and_do_not_set(mission: Mission, reviewer: User, at: dt.datetime) -> None:
    quota = set_quota(mission=mission, category=Category.INTERPRETER, ceiling=3, by=reviewer, at=at)
    desk = browser_of(in_role("auditor"))

    assert desk.get(f"{LIST}{quota.pk}/change/").context["moves"] == []
    assert [desk.get(f"{LIST}{path}/").status_code for path in ("add", f"{quota.pk}/ceiling")] == [403, 403]
