"""Ordering the review of everybody who waits, at the desk."""

import datetime as dt

import pytest

from accreditation.models import BulkReview
from accreditation.services.quotas import set_quota
from accreditation.services.reviewing import review_lists
from accreditation.states import ApplicationState, Category
from missions.kernel import clock
from missions.models import Mission
from tests.accreditation.conftest import MakeApplication
from tests.staff import browser_of, in_role

pytestmark = pytest.mark.django_db
LIST = "/admin/accreditation/bulkreview/"


@pytest.fixture(autouse=True)
def _noon(at: dt.datetime) -> None:
    clock.set_to(at)


def test_the_reviewer_orders_it_from_the_mission_and_sees_the_counts(
    mission: Mission, make_application: MakeApplication, at: dt.datetime
) -> None:
    make_application(ApplicationState.SUBMITTED)
    desk = browser_of(in_role("reviewer"))
    add = f"{LIST}add/?mission={mission.pk}"

    page = desk.get(f"/admin/missions/mission/{mission.pk}/change/").content.decode()
    form = desk.get(add).content.decode()
    done = desk.post(add, {"mission": mission.pk, "category": "international_observer"})

    order = BulkReview.objects.get()
    assert add in page
    assert f'<option value="{mission.pk}" selected>' in form
    assert (done.status_code, done.headers["Location"]) == (302, f"{LIST}{order.pk}/change/")
    assert "under way" in desk.get(LIST).content.decode()
    review_lists(at=at)
    shown = desk.get(f"{LIST}{order.pk}/change/").content.decode()
    assert "<dd>done</dd>" in "".join(shown.split("\n")).replace("  ", "")
    assert "review done" in shown


def test_from_a_quota_nobody_who_waits_is_told_and_nothing_is_ordered(mission: Mission, at: dt.datetime) -> None:
    quota = set_quota(mission=mission, category=Category.INTERPRETER, ceiling=None, by=None, at=at)

    answer = browser_of(in_role("reviewer")).post(f"/admin/accreditation/categoryquota/{quota.pk}/review/")

    assert (answer.status_code, "Nobody waits for a review here" in answer.content.decode()) == (422, True)
    assert not BulkReview.objects.exists()


def test_who_may_not_review_sees_no_button_and_orders_nothing(
    mission: Mission, make_application: MakeApplication
) -> None:
    make_application(ApplicationState.SUBMITTED)
    desk = browser_of(in_role("approver"))

    page = desk.get(f"/admin/missions/mission/{mission.pk}/change/").content.decode()
    answer = desk.post(f"{LIST}add/", {"mission": mission.pk, "category": "international_observer"})

    assert ("bulkreview/add" in page, answer.status_code) == (False, 403)
    assert not BulkReview.objects.exists()
