"""Ordering plans: who may order what at a time, and what the job makes of an order. The solver runs in-process."""

import datetime as dt

import pytest

from missions.kernel.models import Event
from missions.kernel.transitions import IllegalTransitionError
from missions.models import Election, Mission, User
from stations.deployment.errors import MissionPlannedInPoolError, OtherPlansBaseError, RunInProgressError
from stations.deployment.models import DeploymentPlan, PlanRun, Team
from stations.deployment.optimizer.problem import PinError
from stations.deployment.optimizer.progress import Progress
from stations.deployment.optimizer.runner import OptimizerFailedError
from stations.deployment.services import solving
from stations.deployment.services.plans import make_plan
from stations.deployment.services.runs import cancel_run, order_plan
from stations.deployment.services.solving import LEASE, MOST_ATTEMPTS, work_off_runs
from stations.deployment.solver import Limits
from stations.deployment.states import PlanQuality, PlanState, RunState
from tests.conftest import staff
from tests.stations.deployment.builders import plan

pytestmark = pytest.mark.django_db
SECOND = dt.timedelta(seconds=1)


def _order(election: Election, mission: Mission | None, at: dt.datetime, **more: object) -> PlanRun:
    return order_plan(election=election, mission=mission, by=None, at=at, **more)  # type: ignore[arg-type]


def _verbs(run: PlanRun) -> list[tuple[str, str, bool]]:
    return list(Event.objects.of(run).order_by("pk").values_list("verb", "to_state", "is_private"))


@pytest.mark.usefixtures("register", "crew", "in_process")
def test_an_order_becomes_a_draft_and_keeps_what_was_solved_and_how(
    election: Election, mission: Mission, lead: User, at: dt.datetime
) -> None:
    run = order_plan(election=election, mission=mission, seed=7, seconds=60, by=lead, at=at)

    assert work_off_runs(at=at) == 1

    run.refresh_from_db()
    made = DeploymentPlan.objects.get()
    assert (run.state, run.attempts, run.lease_until, run.fault_code, run.plan) == (RunState.DONE, 1, None, "", made)
    assert (made.mission, made.seed, made.state, made.made_from) == (mission, 7, PlanState.DRAFT, None)
    assert (run.problem_digest, run.solution_digest) == (made.problem_digest, made.solution_digest)
    assert len(run.problem_digest) == 64
    assert [(row["term"], row["stage"]) for row in run.stages] == [
        ("long_term", "teams"),
        ("long_term", "areas"),
        ("short_term", "overseas"),
        ("short_term", "teams"),
        ("short_term", "areas"),
        ("short_term", "routes"),
    ]
    assert {"objective", "bound", "gap", "seconds"} <= set(run.stages[0])
    assert run.parameters["short_term"]["routes"]["service"] == 1800
    assert {"numpy", "scipy"} <= set(run.versions)
    assert run.finished_at is not None
    assert run.finished_at >= at
    assert _verbs(run) == [("plan_ordered", "ordered", True), ("plan_run_done", "done", True)]
    assert Event.objects.of(made).get().actor == lead
    assert work_off_runs(at=at) == 0


def test_an_owner_has_one_open_order(election: Election, mission: Mission, at: dt.datetime) -> None:
    first, pool = _order(election, mission, at), _order(election, None, at)

    with pytest.raises(RunInProgressError):
        _order(election, mission, at)
    with pytest.raises(RunInProgressError):
        _order(election, None, at)
    cancel_run(run=first, by=None, at=at, reason="Too early")
    again = _order(election, mission, at)

    assert set(PlanRun.objects.waiting_for_job()) == {pool, again}
    assert _verbs(first)[-1] == ("plan_run_cancelled", "cancelled", True)
    assert _verbs(pool) == [("plan_ordered", "ordered", False)]
    with pytest.raises(IllegalTransitionError):
        cancel_run(run=first, by=None, at=at)


def test_a_plan_is_made_from_a_version_of_its_own_owner(
    election: Election, mission: Mission, other_mission: Mission, at: dt.datetime
) -> None:
    own, pooled = plan(election, mission), plan(election, None)
    gone = plan(election, mission, state=PlanState.DISCARDED, version=2)

    for base in (pooled, gone):
        with pytest.raises(OtherPlansBaseError):
            _order(election, mission, at, base=base)
    with pytest.raises(MissionPlannedInPoolError):
        _order(election, other_mission, at)
    assert _order(election, mission, at, base=own, quality=PlanQuality.BEST).base == own


@pytest.mark.usefixtures("register", "in_process")
def test_an_order_that_cannot_be_met_says_why(
    election: Election, mission: Mission, at: dt.datetime, caplog: pytest.LogCaptureFixture
) -> None:
    run = _order(election, mission, at)

    assert work_off_runs(at=at) == 1

    run.refresh_from_db()
    assert (run.state, run.fault_code) == (RunState.FAILED, "mission-without-observers")
    assert run.fault == "No accredited long-term or short-term observer is there to deploy"
    assert _verbs(run)[-1] == ("plan_run_failed", "failed", True)
    assert caplog.messages == [f"Planning run {run.pk} was given up: mission-without-observers"]


@pytest.mark.usefixtures("register", "crew")
@pytest.mark.parametrize(
    ("error", "code", "fault"),
    [
        (
            OptimizerFailedError("memory-exceeded", ""),
            "memory-exceeded",
            "The planning run ended without a plan: It needed more memory than it may have.",
        ),
        (
            PinError(code="pin-area-full", field="previous.place_pinned", index=5),
            "pin-area-full",
            "What is pinned cannot be held: A pin cannot be held: more teams are pinned there than there are stations.",
        ),
    ],
)
def test_a_solver_that_gives_up_is_named(
    election: Election,
    mission: Mission,
    at: dt.datetime,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    code: str,
    fault: str,
) -> None:
    def run_solver(*_args: object, **_limits: object) -> None:
        raise error

    monkeypatch.setattr("stations.deployment.solver.run", run_solver)
    run = _order(election, mission, at)

    assert work_off_runs(at=at) == 1

    run.refresh_from_db()
    assert (run.state, run.fault_code, run.fault) == (RunState.FAILED, code, fault)
    assert not DeploymentPlan.objects.exists()


@pytest.mark.usefixtures("register", "crew")
def test_a_run_tells_how_far_it_is_and_keeps_its_lease(
    election: Election, mission: Mission, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = _order(election, mission, at)
    seen: list[PlanRun] = []

    def make(*, limits: Limits, **_order: object) -> None:
        limits.on_progress("short_term", Progress("areas", 1, 1))
        limits.on_progress("short_term", Progress("routes", 2, 125))
        limits.on_progress("short_term", Progress("routes", 3, 125))
        assert not limits.is_cancelled()
        seen.append(PlanRun.objects.get())
        cancel_run(run=run, by=None, at=at)
        monkeypatch.setattr(solving, "_LOOK_EVERY", 0.0)
        assert not limits.is_cancelled(), "it looks once in a while only"

    monkeypatch.setattr(solving, "make_plan", make)
    work_off_runs(at=at)

    assert seen[0].progress == [
        {"term": "short_term", "stage": "areas", "done": 1, "of": 1},
        {"term": "short_term", "stage": "routes", "done": 3, "of": 125},
    ]
    assert seen[0].lease_until is not None
    assert seen[0].lease_until >= at + LEASE


@pytest.mark.usefixtures("register", "crew")
def test_what_was_called_off_is_stopped_and_leaves_no_plan(
    election: Election, mission: Mission, at: dt.datetime, monkeypatch: pytest.MonkeyPatch, in_process: None
) -> None:
    run = _order(election, mission, at)
    stopped = []

    def make(*, limits: Limits, **order: object) -> DeploymentPlan:
        cancel_run(run=run, by=None, at=at)
        stopped.append(limits.is_cancelled())
        return make_plan(limits=Limits(), **order)  # type: ignore[arg-type]

    monkeypatch.setattr(solving, "make_plan", make)

    assert work_off_runs(at=at) == 0

    run.refresh_from_db()
    assert (stopped, run.state) == ([True], RunState.CANCELLED)
    assert not DeploymentPlan.objects.exists()
    assert not Team.objects.exists()


@pytest.mark.usefixtures("register", "crew", "in_process")
def test_an_order_that_another_worker_took_over_is_settled_by_that_one_only(
    election: Election, mission: Mission, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = _order(election, mission, at)
    later = at + LEASE + SECOND
    ends = []

    def make(**order: object) -> DeploymentPlan:
        monkeypatch.setattr(solving, "make_plan", make_plan)
        ends.append(work_off_runs(at=at + LEASE - SECOND))  # the lease holds
        ends.append(work_off_runs(at=later))  # it is over: somebody else makes the plan
        return make_plan(**order)  # type: ignore[arg-type]

    monkeypatch.setattr(solving, "make_plan", make)
    ends.append(work_off_runs(at=at))

    run.refresh_from_db()
    assert ends == [0, 1, 0]
    assert (run.state, run.attempts) == (RunState.DONE, 2)
    assert DeploymentPlan.objects.get() == run.plan


def test_an_order_that_breaks_is_tried_again_and_given_up_in_the_end(
    election: Election, mission: Mission, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = _order(election, mission, at)

    def make(**_order: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(solving, "make_plan", make)

    assert [work_off_runs(at=at + n * 2 * LEASE) for n in range(MOST_ATTEMPTS + 2)] == [0] * MOST_ATTEMPTS + [1, 0]

    run.refresh_from_db()
    assert (run.state, run.fault_code) == (RunState.FAILED, "worker-died")


def test_the_host_sees_the_runs_that_it_orders_and_a_mission_its_own(
    election: Election, mission: Mission, lead: User, other_lead: User, at: dt.datetime
) -> None:
    host = staff("host@ministry.example")
    own, pooled = _order(election, mission, at), _order(election, None, at)
    mission.plan_sharing = "full"
    mission.save()

    assert list(PlanRun.objects.visible_to(host)) == [pooled]
    assert list(PlanRun.objects.visible_to(lead)) == [own]
    assert not PlanRun.objects.visible_to(other_lead).exists()
