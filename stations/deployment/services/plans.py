"""Making and throwing away deployment plans: load, solve in processes of their own, store in one transaction."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils.translation import ngettext

from missions.kernel.errors import Violation
from missions.kernel.events import record_event
from missions.kernel.transitions import ensure_transition
from missions.models import Election, Mission, User
from stations.deployment.drafts import PlanDraft, draft_of
from stations.deployment.errors import (
    ElectionWithoutStationsError,
    MissionPlannedInPoolError,
    MissionWithoutObserversError,
    NobodyToDeployError,
    OtherPlansBaseError,
    PlanChangedError,
)
from stations.deployment.loaded_problem import LoadedProblem
from stations.deployment.models import DeploymentPlan
from stations.deployment.parameters import PlanParameters
from stations.deployment.problem_loading import load_problem
from stations.deployment.profile_choice import parameters_of_owner
from stations.deployment.records import LONG_TERM, OBSERVER, SHORT_TERM, LeftOut
from stations.deployment.services.interpreters import assign_interpreters
from stations.deployment.services.storing import new_version, store_draft
from stations.deployment.solver import Limits, solve_parts
from stations.deployment.states import PLAN_TRANSITIONS, PlanState


def make_plan(
    *,
    election: Election,
    mission: Mission | None,
    base: DeploymentPlan | None = None,
    seed: int,
    by: User | None,
    at: datetime,
    limits: Limits | None = None,
    parameters: PlanParameters | None = None,
    with_it: Callable[[DeploymentPlan, PlanDraft], None] | None = None,
) -> DeploymentPlan:
    """Make a draft plan for a self-directed mission, or for the pool of host-coordinated ones (None).

    Reads, solves and only then opens a transaction, in which the whole plan is stored as the next version, with a
    history row. Equal data and seed give an equal plan. With `base`, an earlier version of the same owner, its
    assignments are kept where that is possible, and its pins hold. `with_it` is called in that transaction, and with
    its error nothing is stored. Without `parameters` the numbers are those by which the owner's plans are judged.
    Raises MissionPlannedInPoolError, OtherPlansBaseError, ElectionWithoutStationsError, MissionWithoutObserversError,
    NobodyToDeployError, PinImpossibleError or PlanNotSolvedError.
    """
    refuse_foreign_base(election, mission, base)
    parameters = parameters or parameters_of_owner(election, mission)
    loaded = load_problem(election, mission, seed=seed, parameters=parameters, base=base)
    _refuse_nothing_to_do(loaded)
    solved = solve_parts(loaded, seed, limits or Limits(memory_mb=parameters.memory_mb))
    draft = draft_of(loaded, solved.get(LONG_TERM), solved.get(SHORT_TERM), parameters.day)
    # Durable: a plan takes long, and nobody may hold a transaction open around it.
    with transaction.atomic(durable=True):
        plan = new_version(election, mission, made_from=base, at=at)
        plan.seed = seed
        store_draft(plan, draft)
        assign_interpreters(plan)
        record_event("plan_made", plan, by=by, at=at, scope_id=plan.mission_id, is_private=plan.is_private)
        if with_it is not None:
            with_it(plan, draft)
    return plan


def discard_plan(
    *, plan: DeploymentPlan, by: User | None, at: datetime, reason: str = "", seen: int | None = None
) -> DeploymentPlan:
    """Put a draft plan away for good; its rows are kept.

    `seen` is the revision that the person looked at; None for whoever takes the plan as it is. Raises
    IllegalTransitionError for any other state, PlanChangedError.
    """
    with transaction.atomic():
        plan = DeploymentPlan.objects.select_for_update(of=("self",)).select_related("mission").get(pk=plan.pk)
        source = PlanState(plan.state)
        ensure_transition(PLAN_TRANSITIONS, source, PlanState.DISCARDED)
        if seen is not None and plan.revision != seen:
            raise PlanChangedError
        plan.state = PlanState.DISCARDED
        plan.save(update_fields=["state"])
        record_event(
            "plan_discarded",
            plan,
            by=by,
            at=at,
            scope_id=plan.mission_id,
            from_state=source,
            to_state=plan.state,
            reason=reason,
            is_private=plan.is_private,
        )
    return plan


def refuse_foreign_base(election: Election, mission: Mission | None, base: DeploymentPlan | None) -> None:
    """Raise MissionPlannedInPoolError or OtherPlansBaseError where no plan of that owner can be made from that base."""
    if mission is not None and not mission.is_self_directed:
        raise MissionPlannedInPoolError
    owner = (election.pk, mission.pk if mission else None)
    if base and ((base.election_id, base.mission_id) != owner or base.state == PlanState.DISCARDED):
        raise OtherPlansBaseError


def _left_out(row: LeftOut) -> str:
    message = ngettext("%(count)d observer: %(reason)s.", "%(count)d observers: %(reason)s.", row.count)
    return message % {"count": row.count, "reason": row.sentence}


def _refuse_nothing_to_do(loaded: LoadedProblem) -> None:
    if not len(loaded.index.stations) and not loaded.index.overseas:
        raise ElectionWithoutStationsError
    if loaded.people == 0:
        raise MissionWithoutObserversError
    if not len(loaded.long_term) and not len(loaded.short_term):
        raise NobodyToDeployError(
            violations=[
                Violation("observers", row.reason.value, _left_out(row))
                for row in loaded.left_out
                if row.what == OBSERVER
            ]
        )
