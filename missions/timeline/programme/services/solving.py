"""The job that makes versions: each is claimed, solved in a process of its own, and stored in one transaction."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic

from django.db import transaction
from django.utils.translation import gettext as _

from missions.kernel.events import record_event
from missions.kernel.leases import claim
from missions.kernel.transitions import ensure_transition
from missions.timeline.programme.loading import LoadedProblem, Past, load_problem
from missions.timeline.programme.models import Programme
from missions.timeline.programme.parameters import DEFAULTS
from missions.timeline.programme.placing import place, starts_of, store
from missions.timeline.programme.records import (
    NO_ROOM,
    LeftOut,
    PartRecord,
    RepairRecord,
    ServedRecord,
    SolutionRecord,
    left_out_to_json,
    solution_to_json,
)
from missions.timeline.programme.services.orders import lock_programmes
from missions.timeline.programme.solver import Limits, Made, SolverFailedError, make
from missions.timeline.programme.states import PROGRAMME_TRANSITIONS, Method, ProgrammeState
from missions.timeline.programme.wording import conflict_text, solver_fault, tight_text
from missions.timeline.scheduler.facts import facts_of
from missions.timeline.scheduler.first_come import first_come
from missions.timeline.scheduler.plan import Part, Plan, Repair, Served, Status
from missions.timeline.scheduler.problem import Booking as Start
from missions.timeline.scheduler.score import score

logger = logging.getLogger(__name__)

#: Longer than any solve may take; then another worker may try.
LEASE = timedelta(minutes=30)
MOST_ATTEMPTS = 3
#: How often a running solve looks whether somebody has put its version away, in seconds.
_LOOK_EVERY = 1.0


def work_off_programmes(*, at: datetime) -> int:
    """Make the versions that are ordered, the oldest first; returns how many came forward.

    An attempt is counted before it begins: a version that kills its worker is given up after MOST_ATTEMPTS. One
    that breaks stops no other. Nothing is held open while the solver works: a version that was put away meanwhile
    stays put away.
    """
    done = 0
    for pk in Programme.objects.waiting_for_job().order_by("ordered_at", "pk").values_list("pk", flat=True):
        if claim(Programme.objects.waiting_for_job(), pk=pk, at=at, lease=LEASE):
            done += _work_on(Programme.objects.select_related("election", "base").get(pk=pk), at=at)
    return done


def _work_on(row: Programme, *, at: datetime) -> bool:
    if row.attempts > MOST_ATTEMPTS:
        return _give_up(row, _("The programme could not be made; please call for help."), at=at)
    started = monotonic()
    loaded = None
    try:
        digest = load_problem(row.election).digest
        loaded = load_problem(row.election, past=_past(row, at))
        made = make(loaded.problem, _published(row, loaded), Method(row.method), _limits(row))
        if made.plan is None:
            return _give_up(row, conflict_text(loaded, made.conflict) if made.conflict else "", at=at)
        done_at = at + timedelta(seconds=monotonic() - started)
        return _keep(row, loaded, made.plan, made, digest=digest, at=done_at)
    except SolverFailedError as error:
        logger.warning("Programme %s was not made: %s", row.pk, error.code)
        return _give_up(row, _fault(loaded, error.code), at=at)
    except Exception:  # one broken version must not keep the others waiting; its lease ends and it is tried again
        logger.exception("Programme %s broke at attempt %s", row.pk, row.attempts)
        return False


def _fault(loaded: LoadedProblem | None, code: str) -> str:
    """What the solver refuses, and where to look if it found nothing at all in its time."""
    if loaded is None or code != "unfinished":
        return solver_fault(code)
    return f"{solver_fault(code)} {tight_text(loaded, first_come(loaded.problem).failed)}".strip()


def _past(row: Programme, at: datetime) -> Past:
    """What has begun by the released version that this one is made from."""
    begun = row.base.bookings.filter(starts_at__lte=at).values_list("request", "starts_at") if row.base else ()
    return Past(at, dict(begun))


def _published(row: Programme, loaded: LoadedProblem) -> tuple[Start, ...]:
    return starts_of(loaded, row.base.bookings.all()) if row.base else ()


def _limits(row: Programme) -> Limits:
    return Limits(
        seconds=row.seconds,
        grace_s=DEFAULTS.grace_s,
        memory_mb=DEFAULTS.memory_mb,
        seed=row.seed,
        on_stage=lambda stage: _tell(row.pk, stage),
        is_cancelled=_watch(row.pk),
    )


def _tell(pk: int, stage: str) -> None:
    Programme.objects.waiting_for_job().filter(pk=pk).update(progress=stage[:100])


def _watch(pk: int) -> Callable[[], bool]:
    """Asks the database now and then whether the version still waits for its programme."""
    next_look = 0.0
    is_gone = False

    def is_cancelled() -> bool:
        nonlocal next_look, is_gone
        if monotonic() >= next_look:
            is_gone = not Programme.objects.waiting_for_job().filter(pk=pk).exists()
            next_look = monotonic() + _LOOK_EVERY
        return is_gone

    return is_cancelled


def _keep(row: Programme, loaded: LoadedProblem, plan: Plan, made: Made, *, digest: str, at: datetime) -> bool:
    """Store the version, unless it was put away while it was made. `digest`: of what is asked and offered."""
    rooms = dict(row.base.bookings.values_list("request", "room")) if row.base else {}
    placed = place(loaded, plan.bookings, rooms)
    refused = [LeftOut(int(key), NO_ROOM) for key in plan.refused]
    unfit = [LeftOut(int(key), reason.value) for key, reason in loaded.unfit.items()]
    with transaction.atomic(durable=True):
        locked = lock_programmes(row.election_id)[row.pk]
        if locked.state != ProgrammeState.ORDERED:
            return False
        store(locked, placed)
        locked.solution = solution_to_json(_solution(loaded, plan, made, _published(row, loaded)))
        locked.left_out = left_out_to_json([*refused, *unfit])
        locked.problem_digest = digest
        locked.made_at = at
        _move(locked, ProgrammeState.DRAFT, "programme_made", at=at)
    return True


def _give_up(row: Programme, fault: str, *, at: datetime) -> bool:
    """Put the version aside with what stood in the way, unless it was put away while it was made."""
    with transaction.atomic(durable=True):
        locked = lock_programmes(row.election_id)[row.pk]
        if locked.state != ProgrammeState.ORDERED:
            return False
        locked.fault = fault[:500]
        _move(locked, ProgrammeState.FAILED, "programme_failed", at=at)
    return True


def _move(row: Programme, target: ProgrammeState, verb: str, *, at: datetime) -> None:
    source = ProgrammeState(row.state)
    ensure_transition(PROGRAMME_TRANSITIONS, source, target)
    row.state, row.lease_until, row.progress = target, None, ""
    row.save(
        update_fields=[
            "state",
            "lease_until",
            "progress",
            "solution",
            "left_out",
            "problem_digest",
            "made_at",
            "fault",
        ]
    )
    record_event(verb, row, by=None, at=at, from_state=source, to_state=target, reason=row.fault)


def _solution(loaded: LoadedProblem, plan: Plan, made: Made, published: tuple[Start, ...]) -> SolutionRecord:
    return SolutionRecord(
        asked=sum(row.weight for row in loaded.problem.requests),
        granted=_part(plan.granted),
        delay=_part(plan.delay),
        idle=_part(plan.idle),
        idle_before=plan.idle_before,
        seconds=round(sum(stage.seconds for stage in plan.stages), 2),
        first_come=_served(made.first_come) if made.first_come else None,
        repair=_repair(loaded, made.repair, published) if made.repair else None,
        is_in_turn=plan.status is Status.FIRST_COME,
    )


def _served(served: Served) -> ServedRecord:
    return ServedRecord(len(served.bookings), served.granted, served.delay, len(served.failed))


def _repair(loaded: LoadedProblem, repair: Repair, published: tuple[Start, ...]) -> RepairRecord:
    return RepairRecord(
        changed=tuple(map(int, repair.changed)),
        forced=tuple(map(int, repair.forced)),
        cancelled=tuple(map(int, repair.cancelled)),
        new=tuple(map(int, repair.new)),
        fewest=repair.fewest,
        weight_before=score(facts_of(loaded.problem), published).granted,
    )


def _part(part: Part) -> PartRecord:
    return PartRecord(part.value, part.bound)
