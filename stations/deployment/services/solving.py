"""The job that makes the plans that are ordered: each order is claimed, solved, and settled with its plan in one go."""

import logging
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from time import monotonic

from django.db import transaction
from django.utils.translation import gettext as _

from missions.kernel.errors import DomainError
from missions.kernel.leases import claim
from stations.deployment.drafts import PlanDraft
from stations.deployment.errors import RunTakenError
from stations.deployment.models import DeploymentPlan, PlanRun
from stations.deployment.optimizer.progress import Progress
from stations.deployment.profile_choice import parameters_of_owner
from stations.deployment.records import StageProgress
from stations.deployment.services.plans import make_plan
from stations.deployment.services.runs import finish, lock_run
from stations.deployment.solver import Limits, library_versions
from stations.deployment.states import PlanQuality, RunState

logger = logging.getLogger(__name__)

#: A worker that says nothing for so long has died, and another may try. Loading and storing are shorter.
LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 3
#: How often a running solve looks whether its order still stands and tells how far it is, in seconds.
_LOOK_EVERY = 1.0
_CODE_LENGTH, _FAULT_LENGTH = 60, 1_000


def work_off_runs(*, at: datetime) -> int:
    """Make the plans that are ordered, the oldest first; returns how many orders came to an end.

    An attempt is counted before it begins: an order that kills its worker is given up after MOST_ATTEMPTS. One that
    breaks stops no other. Nothing is held open while the solver works, and the plan is stored in one transaction with
    the end of the order: an order that was called off, or taken over by another worker, leaves no plan.
    """
    done = 0
    for pk in PlanRun.objects.waiting_for_job().order_by("ordered_at", "pk").values_list("pk", flat=True):
        if claim(PlanRun.objects.waiting_for_job(), pk=pk, at=at, lease=LEASE):
            done += _work_on(PlanRun.objects.select_related("election", "mission", "base").get(pk=pk), at=at)
    return done


def _work_on(run: PlanRun, *, at: datetime) -> bool:
    watch = _Watch(run, at)
    try:
        if run.attempts > MOST_ATTEMPTS:
            watch.give_up("worker-died", _("The plan could not be made; please call for help."))
        else:
            _make(run, watch, at=at)
    except RunTakenError:
        return False
    except Exception as error:  # one broken order must not keep the others waiting; it is tried again after its lease
        # Neither message nor traceback: what failed may name places where a mission goes, and the host reads the log.
        where = f"{type(error).__module__}.{type(error).__qualname__}"
        logger.error("Planning run %s broke at attempt %s: %s", run.pk, run.attempts, where)
        return False
    return True


def _make(run: PlanRun, watch: "_Watch", *, at: datetime) -> None:
    parameters = replace(parameters_of_owner(run.election, run.mission), quality=PlanQuality(run.quality))
    limits = Limits(
        seconds=run.seconds,
        memory_mb=parameters.memory_mb,
        on_progress=watch.hear,
        is_cancelled=watch.is_gone,
    )
    try:
        make_plan(
            election=run.election,
            mission=run.mission,
            base=run.base,
            seed=run.seed,
            by=run.ordered_by,
            at=at,
            limits=limits,
            parameters=parameters,
            with_it=watch.settle,
        )
    except RunTakenError:
        raise
    except DomainError as error:
        code = error.violations[0].code if error.violations else error.code
        watch.give_up(code, error.sentence)
        logger.warning("Planning run %s was given up: %s", run.pk, code)


class _Watch:
    """One attempt at an order: it says how far it is, keeps its lease, and ends the order while it is its own."""

    def __init__(self, run: PlanRun, at: datetime) -> None:
        self._run, self._at, self._started = run, at, monotonic()
        self._own = PlanRun.objects.waiting_for_job().filter(pk=run.pk, attempts=run.attempts)
        self._stages: dict[tuple[str, str], StageProgress] = {}
        self._next_look = 0.0
        self._gone = False

    @property
    def now(self) -> datetime:
        return self._at + timedelta(seconds=monotonic() - self._started)

    def hear(self, term: str, progress: Progress) -> None:
        """Keep it for the next look."""
        self._stages[term, progress.stage] = StageProgress(term, progress.stage, progress.done, progress.of)

    def is_gone(self) -> bool:
        """Whether somebody has called the order off, or another worker has it. Asks the database now and then."""
        if monotonic() >= self._next_look:
            stages = [asdict(stage) for stage in self._stages.values()]
            self._gone = not self._own.update(progress=stages, lease_until=self.now + LEASE)
            self._next_look = monotonic() + _LOOK_EVERY
        return self._gone

    def settle(self, plan: DeploymentPlan, draft: PlanDraft) -> None:
        """End the order with its plan, in the transaction that stores it. Raises RunTakenError."""
        run = self._locked()
        run.plan = plan
        run.parameters, run.versions = dict(draft.parameters), library_versions()
        run.problem_digest, run.solution_digest = draft.problem_digest, draft.solution_digest
        run.stages = plan.stages
        finish(run, RunState.DONE, "plan_run_done", by=None, at=self.now)

    def give_up(self, code: str, fault: str) -> None:
        """End the order without a plan. Raises RunTakenError."""
        with transaction.atomic(durable=True):
            run = self._locked()
            run.fault_code, run.fault = code[:_CODE_LENGTH], fault[:_FAULT_LENGTH]
            run.versions = library_versions()
            finish(run, RunState.FAILED, "plan_run_failed", reason=run.fault, by=None, at=self.now)

    def _locked(self) -> PlanRun:
        run = lock_run(self._run.pk)
        if run.state != RunState.ORDERED or run.attempts != self._run.attempts:
            raise RunTakenError
        return run
