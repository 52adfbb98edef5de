"""Making and throwing away deployment plans: load, solve in a process of its own, store in one transaction."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

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
    PlanNotSolvedError,
)
from stations.deployment.models import (
    AreaOfResponsibility,
    DeploymentPlan,
    Team,
    TeamMember,
    Visit,
    VisitPlan,
)
from stations.deployment.optimizer.params import ParamsError
from stations.deployment.optimizer.problem import ProblemError
from stations.deployment.optimizer.progress import Progress
from stations.deployment.optimizer.runner import OptimizerFailedError, run
from stations.deployment.optimizer.solution import Solution
from stations.deployment.parameters import DEFAULTS, PlanParameters
from stations.deployment.problem_loading import LoadedProblem, SubProblem, load_problem
from stations.deployment.records import OBSERVER, left_out_to_json, stages_to_json
from stations.deployment.states import PLAN_TRANSITIONS, PlanState

_BATCH = 500
ProgressListener = Callable[[Progress], None]


def make_plan(
    *,
    election: Election,
    mission: Mission | None,
    seed: int,
    by: User | None,
    at: datetime,
    deadline_s: float | None = None,
    on_progress: ProgressListener | None = None,
    parameters: PlanParameters = DEFAULTS,
) -> DeploymentPlan:
    """Make a draft plan for a self-directed mission, or for the pool of host-coordinated ones (None).

    Reads, solves and only then opens a transaction, in which the whole plan is stored as the next version, with a
    history row. Equal data and seed give an equal plan. After `deadline_s` seconds the solver ends by quick methods.
    `on_progress` hears of the short-term solve, in the caller's thread.
    Raises MissionPlannedInPoolError, ElectionWithoutStationsError, MissionWithoutObserversError,
    NobodyToDeployError or PlanNotSolvedError.
    """
    if mission is not None and not mission.is_self_directed:
        raise MissionPlannedInPoolError
    loaded = load_problem(election, mission, seed=seed, parameters=parameters)
    _refuse_nothing_to_do(loaded)
    draft = _solve(loaded, seed, deadline_s, on_progress, parameters)
    # Durable: a plan takes long, and nobody may hold a transaction open around it.
    with transaction.atomic(durable=True):
        return _store(draft, election, mission, seed, by, at)


def discard_plan(*, plan: DeploymentPlan, by: User | None, at: datetime, reason: str = "") -> DeploymentPlan:
    """Put a draft plan away for good; its rows are kept. Raises IllegalTransitionError for any other state."""
    with transaction.atomic():
        plan = DeploymentPlan.objects.select_for_update(of=("self",)).select_related("mission").get(pk=plan.pk)
        source = PlanState(plan.state)
        ensure_transition(PLAN_TRANSITIONS, source, PlanState.DISCARDED)
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


def _refuse_nothing_to_do(loaded: LoadedProblem) -> None:
    if not len(loaded.index.stations) and not loaded.index.overseas:
        raise ElectionWithoutStationsError
    if loaded.people == 0:
        raise MissionWithoutObserversError
    if not len(loaded.long_term) and not len(loaded.short_term):
        message = _("%(count)d observers: %(reason)s.")
        raise NobodyToDeployError(
            violations=[
                Violation("observers", row.reason.value, message % {"count": row.count, "reason": row.sentence})
                for row in loaded.left_out
                if row.what == OBSERVER
            ]
        )


def _solve(
    loaded: LoadedProblem,
    seed: int,
    deadline_s: float | None,
    on_progress: ProgressListener | None,
    parameters: PlanParameters,
) -> PlanDraft:
    # The two solves share nobody, and each is a process of its own: this thread and another wait for them.
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(_solve_part, loaded.long_term, seed, deadline_s, None, parameters)
        short_term = _solve_part(loaded.short_term, seed, deadline_s, on_progress, parameters)
        long_term = waiting.result()
    return draft_of(loaded, long_term, short_term, parameters.day)


def _solve_part(
    part: SubProblem,
    seed: int,
    deadline_s: float | None,
    on_progress: ProgressListener | None,
    parameters: PlanParameters,
) -> Solution | None:
    if not len(part):
        return None
    try:
        return run(
            part.problem,
            part.params,
            seed=seed,
            deadline_s=deadline_s,
            memory_mb=parameters.memory_mb,
            workers=settings.OPTIMIZER_WORKERS,
            on_progress=on_progress,
        )
    except (OptimizerFailedError, ProblemError, ParamsError) as error:
        detail = _("The solver gave no plan (%(code)s).") % {"code": error.code}
        raise PlanNotSolvedError(detail, violations=[Violation("solver", error.code, str(error))]) from error


def _store(
    draft: PlanDraft, election: Election, mission: Mission | None, seed: int, by: User | None, at: datetime
) -> DeploymentPlan:
    # Two plans made at the same time would take the same version; the second waits here.
    Election.objects.select_for_update().get(pk=election.pk)
    earlier = DeploymentPlan.objects.filter(election=election, mission=mission).aggregate(last=Max("version"))
    plan = DeploymentPlan.objects.create(
        election=election,
        mission=mission,
        version=(earlier["last"] or 0) + 1,
        made_at=at,
        seed=seed,
        problem_digest=draft.problem_digest,
        solution_digest=draft.solution_digest,
        stages=stages_to_json(draft.stages),
        left_out=left_out_to_json(draft.left_out),
    )
    areas = _store_areas(plan, draft)
    teams = _store_teams(plan, draft, areas)
    _store_visits(plan, draft, teams)
    record_event("plan_made", plan, by=by, at=at, scope_id=plan.mission_id, is_private=plan.is_private)
    return plan


def _store_areas(plan: DeploymentPlan, draft: PlanDraft) -> Sequence[AreaOfResponsibility]:
    areas = AreaOfResponsibility.objects.bulk_create(
        AreaOfResponsibility(plan=plan, name=area.name) for area in draft.areas
    )
    through = AreaOfResponsibility.constituencies.through
    through.objects.bulk_create(
        (
            through(areaofresponsibility_id=area.pk, constituency_id=constituency_id)
            for area, drafted in zip(areas, draft.areas, strict=True)
            for constituency_id in drafted.constituency_ids
        ),
        batch_size=_BATCH,
    )
    return areas


def _store_teams(plan: DeploymentPlan, draft: PlanDraft, areas: Sequence[AreaOfResponsibility]) -> Sequence[Team]:
    teams = Team.objects.bulk_create(
        (
            Team(
                plan=plan,
                number=number,
                kind=team.kind,
                area=None if team.area is None else areas[team.area],
                constituency_id=team.constituency_id,
                country=team.country,
            )
            for number, team in enumerate(draft.teams, start=1)
        ),
        batch_size=_BATCH,
    )
    TeamMember.objects.bulk_create(
        (
            TeamMember(
                plan=plan,
                team=team,
                observer_id=member.observer_id,
                nomination_id=member.nomination_id,
                is_leader=member.is_leader,
            )
            for team, drafted in zip(teams, draft.teams, strict=True)
            for member in drafted.members
        ),
        batch_size=_BATCH,
    )
    return teams


def _store_visits(plan: DeploymentPlan, draft: PlanDraft, teams: Sequence[Team]) -> None:
    going = [(team, drafted) for team, drafted in zip(teams, draft.teams, strict=True) if drafted.visits]
    day = plan.election.e_day
    visit_plans = VisitPlan.objects.bulk_create((VisitPlan(team=team, day=day) for team, _ in going), batch_size=_BATCH)
    Visit.objects.bulk_create(
        (
            Visit(
                visit_plan=visit_plan,
                order=order,
                station_id=visit.station_id,
                kind=visit.kind,
                arrives_at=visit.arrives_at,
                leaves_at=visit.leaves_at,
            )
            for visit_plan, (_team, drafted) in zip(visit_plans, going, strict=True)
            for order, visit in enumerate(drafted.visits, start=1)
        ),
        batch_size=_BATCH,
    )
