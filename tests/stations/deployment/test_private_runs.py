"""What a self-directed mission orders, changes and loses is told to nobody else, on any path and in no log."""

import logging

import pytest

from accreditation.models import Accreditation
from accreditation.states import AccreditationState
from missions.kernel import clock
from missions.kernel.models import Event
from missions.models import TokenScope
from missions.states import PlanSharing
from stations.deployment.models import DeploymentPlan, PlanRun
from stations.deployment.services.copying import copy_plan
from stations.deployment.services.runs import cancel_run, order_plan
from stations.deployment.services.solving import work_off_runs
from tests.missions.api.world import AT, World, as_user
from tests.staff import browser_of, in_role

pytestmark = pytest.mark.django_db

#: Stands in the names of the area and the constituency of the hidden plan.
CANARY = "Canary hills"


@pytest.fixture
def world(standing_world: World) -> World:
    """A mission that shares its plans in full once they are released, with a draft and runs that are not."""
    clock.set_to(AT)
    mission, lead = standing_world.mission, standing_world.people.lead
    mission.plan_sharing = PlanSharing.FULL
    mission.save()
    released = DeploymentPlan.objects.get(mission=mission)
    released.areas.update(name=CANARY)
    copy_plan(plan=released, by=lead, at=AT)
    order_plan(election=standing_world.election, mission=mission, base=released, by=lead, at=AT)
    return standing_world


def _addresses(world: World) -> list[str]:
    draft = DeploymentPlan.objects.get(mission=world.mission, state="draft")
    released = DeploymentPlan.objects.get(mission=world.mission, state="released")
    runs = PlanRun.objects.filter(mission=world.mission)
    return [
        *(f"plan-runs/{run.pk}/" for run in runs),
        *(f"plans/{draft.pk}/{part}" for part in ("", "changes/", "summary/")),
        f"plans/{released.pk}/changes/?against={draft.pk}",
    ]


@pytest.mark.parametrize("who", ["host", "other_lead"])
def test_runs_and_drafts_are_absent_to_the_byte(world: World, who: str) -> None:
    client = as_user(getattr(world.people, who), TokenScope.WRITE)
    absent = client.get("/api/v1/plans/999999999/")

    for address in _addresses(world):
        answer = client.get(f"/api/v1/{address}")
        assert (address, answer.status_code, answer.content) == (address, 404, absent.content)
    for run in PlanRun.objects.filter(mission=world.mission):
        answer = client.post(
            f"/api/v1/plan-runs/{run.pk}/cancel/", {}, format="json", headers={"Idempotency-Key": f"stop-{run.pk}"}
        )
        assert (answer.status_code, answer.content) == (404, absent.content)


@pytest.mark.parametrize("role", ["planner", "auditor"])
def test_the_staff_find_neither_them_nor_their_history(world: World, role: str) -> None:
    browser = browser_of(in_role(role))
    run = PlanRun.objects.waiting_for_job().get()
    cancel_run(run=run, by=world.people.lead, at=AT, reason=CANARY)

    listed = browser.get("/admin/deployment/planrun/").content.decode()

    assert f"/admin/deployment/planrun/{run.pk}/change/" not in listed
    assert browser.get(f"/admin/deployment/planrun/{run.pk}/change/").status_code == 404
    for page in ("/admin/", "/admin/deployment/planrun/", "/admin/kernel/event/"):
        assert CANARY not in browser.get(page).content.decode()
    told = Event.objects.filter(object_type__startswith="deployment.", scope_id=world.mission.pk)
    assert set(told.values_list("is_private", flat=True)) == {True}


def test_the_log_of_the_job_names_numbers_and_codes_only(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="stations")
    run = PlanRun.objects.waiting_for_job().get()
    Accreditation.objects.update(state=AccreditationState.RETURNED, ended_at=AT)

    work_off_runs(at=AT)

    run.refresh_from_db()
    assert run.fault_code == "mission-without-observers"
    assert [record.message for record in caplog.records if record.name.startswith("stations")] == [
        f"Planning run {run.pk} was given up: {run.fault_code}"
    ]


def test_the_log_of_the_job_keeps_places_to_itself_when_it_breaks(
    world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_all: object) -> None:
        raise KeyError(CANARY)

    monkeypatch.setattr("stations.deployment.services.solving.make_plan", fail)
    run = PlanRun.objects.waiting_for_job().get()

    assert work_off_runs(at=AT) == 0

    [record] = [record for record in caplog.records if record.name.startswith("stations")]
    assert record.message == f"Planning run {run.pk} broke at attempt 1: builtins.KeyError"
    assert (record.exc_info, CANARY in caplog.text) == (None, False)
