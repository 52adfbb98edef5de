"""Shares of visits over the API and on the pages of both sites."""

from typing import Any

import pytest

from missions.kernel import clock
from missions.models import TokenScope, User
from stations.deployment.models import VisitShares
from tests.missions.api.world import AT, World, as_user
from tests.staff import browser_of, in_role

pytestmark = pytest.mark.django_db

CHOICE = {"rural": 120, "urban": 80, "camera": 0, "newly_covered": 100}


def _address(world: World) -> str:
    return f"/api/v1/missions/{world.mission.pk}/visit-shares/"


def _choose(world: World, user: User, body: dict[str, int], seen: int = 0, key: str = "once") -> Any:
    headers = {"Idempotency-Key": key, "If-Match": f'"{seen}"'}
    return as_user(user, TokenScope.WRITE).post(_address(world), body, format="json", headers=headers)


def test_the_usual_shares_hold_until_a_lead_chooses(world: World) -> None:
    lead = world.people.lead
    usual = as_user(lead).get(_address(world))

    chosen = _choose(world, lead, CHOICE)

    own = {"mission": world.mission.pk}
    assert usual.json() == {**own, "version": 0, "rural": 90, "urban": 90, "camera": 30, "newly_covered": 100}
    assert (chosen.status_code, chosen.json(), chosen["ETag"]) == (200, {**own, "version": 1, **CHOICE}, '"1"')
    assert as_user(lead).get(_address(world)).json() == chosen.json()


def test_an_old_version_a_wrong_number_and_a_missing_field_are_refused(world: World) -> None:
    lead = world.people.lead
    _choose(world, lead, CHOICE)

    late = _choose(world, lead, CHOICE, key="late")
    wrong = _choose(world, lead, {**CHOICE, "rural": 201}, seen=1, key="wrong")
    short = _choose(world, lead, {"rural": 100}, seen=1, key="short")
    other = _choose(world, lead, {**CHOICE, "villages": 1}, seen=1, key="other")

    assert [answer.status_code for answer in (late, wrong, short, other)] == [412, 400, 400, 400]


def test_the_host_and_other_missions_find_nothing(world: World) -> None:
    answers = [as_user(user).get(_address(world)).status_code for user in (world.people.host, world.people.other_lead)]

    assert answers == [404, 404]


def test_a_lead_chooses_on_the_missions_pages_and_a_planner_for_the_pool(world: World) -> None:
    clock.set_to(AT)
    lead, planner = browser_of(world.people.lead), browser_of(in_role("planner"))
    asked = lead.get("/mission/deployment/visitshares/add/")

    own = lead.post("/mission/deployment/visitshares/add/", {**CHOICE, "owner": f"mission-{world.mission.pk}"})
    pool = planner.post("/admin/deployment/visitshares/add/", {**CHOICE, "owner": f"election-{world.election.pk}"})

    assert [asked.context["form"][name].value() for name in CHOICE] == [90, 90, 30, 100]
    row, of_pool = VisitShares.objects.get(mission=world.mission), VisitShares.objects.get(mission=None)
    assert own.headers["Location"] == f"/mission/deployment/visitshares/{row.pk}/change/"
    assert pool.headers["Location"] == f"/admin/deployment/visitshares/{of_pool.pk}/change/"
    assert "120 %" in lead.get(own.headers["Location"]).content.decode()
    assert planner.get(f"/admin/deployment/visitshares/{row.pk}/change/").status_code == 404
    page = f"/mission/deployment/visitshares/{row.pk}/choose/"
    assert lead.get(page).context["form"]["rural"].value() == 120
    assert lead.post(page, {**CHOICE, "rural": 100, "seen": 1}).status_code == 302
    assert lead.post(page, {**CHOICE, "rural": 110, "seen": 1}).status_code == 422
    row.refresh_from_db()
    assert (row.rural, row.version) == (100, 2)


def test_who_has_chosen_or_may_not_choose_is_not_asked(world: World) -> None:
    lead = browser_of(world.people.lead)
    VisitShares.objects.create(election=world.election, mission=world.mission, **CHOICE)

    statuses = [
        lead.get("/mission/deployment/visitshares/add/").status_code,
        browser_of(in_role("auditor")).get("/admin/deployment/visitshares/add/").status_code,
        browser_of(world.people.other_lead).get("/mission/deployment/visitshares/add/").status_code,
    ]

    assert statuses == [403, 403, 403]
