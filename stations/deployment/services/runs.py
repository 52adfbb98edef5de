"""Ordering plans and calling the orders off. A job makes them (services/solving.py); no page waits for a solver."""

from datetime import datetime

from django.db import IntegrityError, transaction

from missions.kernel.doorbell import ring_after_commit
from missions.kernel.events import record_event
from missions.kernel.integrity import broken_constraint
from missions.kernel.transitions import ensure_transition
from missions.models import Election, Mission, User
from stations.deployment.errors import RunInProgressError
from stations.deployment.models import DeploymentPlan, PlanRun
from stations.deployment.services.plans import refuse_foreign_base
from stations.deployment.states import RUN_TRANSITIONS, PlanQuality, RunState

#: Rung when there is work; also the name of the job.
BELL = "deployment.work_off"
#: Seconds that a solve may take: what is usual, and between what anybody may choose.
USUAL_SECONDS, FEWEST_SECONDS, MOST_SECONDS = 300, 5, 1_800
MOST_SEED = 2**31 - 1
_OPEN_ONCE = {"plan_run_one_ordered", "plan_run_pool_one_ordered"}


def order_plan(
    *,
    election: Election,
    mission: Mission | None,
    base: DeploymentPlan | None = None,
    seed: int = 0,
    seconds: int = USUAL_SECONDS,
    quality: PlanQuality = PlanQuality.FAST,
    by: User | None,
    at: datetime,
) -> PlanRun:
    """Order a plan for a self-directed mission, or for the pool (None); afresh, or keeping what it can of `base`.

    Records "plan_ordered" and rings for the job. Raises MissionPlannedInPoolError, OtherPlansBaseError, or
    RunInProgressError while another order of the same owner is open.
    """
    refuse_foreign_base(election, mission, base)
    try:
        with transaction.atomic():
            run = PlanRun.objects.create(
                election=election,
                mission=mission,
                base=base,
                seed=seed,
                seconds=seconds,
                quality=quality,
                ordered_at=at,
                ordered_by=by,
            )
            record_event(
                "plan_ordered",
                run,
                by=by,
                at=at,
                scope_id=run.mission_id,
                to_state=run.state,
                is_private=run.is_private,
            )
            ring_after_commit(BELL)
    except IntegrityError as error:
        if broken_constraint(error, PlanRun) in _OPEN_ONCE:
            raise RunInProgressError from error
        raise
    return run


def cancel_run(*, run: PlanRun, reason: str = "", by: User | None, at: datetime) -> PlanRun:
    """Call an order off; a solver that works on it is stopped within seconds, and what it finds is not kept.

    Records "plan_run_cancelled". Raises IllegalTransitionError for a run that is over.
    """
    with transaction.atomic():
        locked = lock_run(run.pk)
        finish(locked, RunState.CANCELLED, "plan_run_cancelled", reason=reason, by=by, at=at)
    return locked


def lock_run(pk: int) -> PlanRun:
    """The run, locked for the rest of the transaction."""
    return PlanRun.objects.select_for_update(of=("self",)).select_related("election", "mission").get(pk=pk)


def finish(run: PlanRun, target: RunState, verb: str, *, reason: str = "", by: User | None, at: datetime) -> None:
    """End a locked run in that state with what is written on it, and record the verb.

    Raises IllegalTransitionError if it is over already.
    """
    source = RunState(run.state)
    ensure_transition(RUN_TRANSITIONS, source, target)
    run.state, run.finished_at, run.lease_until = target, at, None
    run.save(
        update_fields=[
            "state",
            "finished_at",
            "lease_until",
            "fault_code",
            "fault",
            "parameters",
            "versions",
            "problem_digest",
            "solution_digest",
            "stages",
            "plan",
        ]
    )
    record_event(
        verb,
        run,
        by=by,
        at=at,
        scope_id=run.mission_id,
        from_state=source,
        to_state=target,
        reason=reason,
        is_private=run.is_private,
    )
