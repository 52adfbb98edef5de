"""Releasing a plan: rules, the plan before it, and the slots that keep everybody in one place at a time."""

import datetime as dt
from collections.abc import Iterator

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accreditation.models import Observer
from missions.kernel.doorbell import ring_after_commit
from missions.kernel.errors import Violation
from missions.kernel.events import record_event
from missions.kernel.transitions import ensure_transition
from missions.models import User
from stations.deployment.errors import ObserverDoubleBookedError, PlanBreaksRulesError
from stations.deployment.models import DeploymentPlan, ObserverSlot, TeamMember, Visit
from stations.deployment.parameters import DEFAULTS, PlanParameters
from stations.deployment.release_facts import facts_of
from stations.deployment.rules import violations_of
from stations.deployment.states import PLAN_TRANSITIONS, DayHalf, PlanState

_BATCH = 500
_NOON = 12
#: Wakes whoever plans reminders: the leads are to hear of a released plan.
RELEASE_BELL = "reminders.plan_due"

Slot = tuple[dt.date, DayHalf]


def release_plan(
    *, plan: DeploymentPlan, by: User | None, at: dt.datetime, parameters: PlanParameters = DEFAULTS
) -> DeploymentPlan:
    """Release a draft plan: from now on its people are booked, and those in its scope may read it.

    Checks the blocking rules against the facts of this moment, supersedes the owner's plan before it and frees that
    plan's slots, books both halves of election day for every member, and each other half-day in which a visit
    falls, in the host's zone. Records the release and, for the plan before, its end. Raises IllegalTransitionError,
    PlanBreaksRulesError or ObserverDoubleBookedError; then nothing has changed.
    """
    try:
        with transaction.atomic():
            return _release(plan, by, at, parameters)
    except IntegrityError as error:
        taken = _double_booked(plan)
        if not taken:
            raise
        raise ObserverDoubleBookedError(violations=taken) from error


def _release(plan: DeploymentPlan, by: User | None, at: dt.datetime, parameters: PlanParameters) -> DeploymentPlan:
    plan = _locked_with_predecessors(plan)
    source = PlanState(plan.state)
    ensure_transition(PLAN_TRANSITIONS, source, PlanState.RELEASED)
    violations = violations_of(facts_of(plan, parameters))
    if violations:
        message = _("The plan breaks %(count)d rules.") % {"count": len(violations)}
        raise PlanBreaksRulesError(message, violations=violations)
    _supersede_predecessor(plan, by, at)
    plan.state, plan.released_at = PlanState.RELEASED, at
    plan.save(update_fields=["state", "released_at"])
    _book(plan)
    record_event(
        "plan_released",
        plan,
        by=by,
        at=at,
        scope_id=plan.mission_id,
        from_state=source,
        to_state=plan.state,
        is_private=plan.is_private,
    )
    ring_after_commit(RELEASE_BELL)
    return plan


def _locked_with_predecessors(plan: DeploymentPlan) -> DeploymentPlan:
    """Lock all plans of the owner, always in the same order, so that two releases wait instead of blocking."""
    owned = DeploymentPlan.objects.filter(election=plan.election_id, mission=plan.mission_id).order_by("pk")
    list(owned.select_for_update().values_list("pk"))
    return DeploymentPlan.objects.select_related("mission", "election").get(pk=plan.pk)


def _supersede_predecessor(plan: DeploymentPlan, by: User | None, at: dt.datetime) -> None:
    before = (
        DeploymentPlan.objects.released()
        .filter(election=plan.election_id, mission=plan.mission_id)
        .select_related("mission")
        .first()
    )
    if before is None:
        return
    source = PlanState(before.state)
    ensure_transition(PLAN_TRANSITIONS, source, PlanState.SUPERSEDED)
    before.state = PlanState.SUPERSEDED
    before.save(update_fields=["state"])
    ObserverSlot.objects.filter(team__plan=before).delete()
    record_event(
        "plan_superseded",
        before,
        by=by,
        at=at,
        scope_id=before.mission_id,
        from_state=source,
        to_state=before.state,
        is_private=before.is_private,
    )


def _book(plan: DeploymentPlan) -> None:
    """Insert the slots, sorted: two releases that want the same rows meet in one order and cannot block each other."""
    members = TeamMember.objects.filter(plan=plan).values_list("observer_id", "team_id")
    visited = _slots_of_visits(plan)
    whole_day = {(plan.election.e_day, half) for half in DayHalf}
    slots = sorted(
        (observer_id, day, half.value, team_id)
        for observer_id, team_id in members
        for day, half in whole_day | visited.get(team_id, set())
    )
    ObserverSlot.objects.bulk_create(
        (
            ObserverSlot(observer_id=observer_id, day=day, half=half, team_id=team_id)
            for observer_id, day, half, team_id in slots
        ),
        batch_size=_BATCH,
    )


def _slots_of_visits(plan: DeploymentPlan) -> dict[int, set[Slot]]:
    """The half-days of the host's calendar that each team's visits touch: abroad, a night at home may be day."""
    zone = plan.election.zone
    found: dict[int, set[Slot]] = {}
    visits = Visit.objects.filter(visit_plan__team__plan=plan)
    for team_id, arrives_at, leaves_at in visits.values_list("visit_plan__team_id", "arrives_at", "leaves_at"):
        begin, end = arrives_at.astimezone(zone), leaves_at.astimezone(zone)
        found.setdefault(team_id, set()).update(_halves(begin, end))
    return found


def _halves(begin: dt.datetime, end: dt.datetime) -> Iterator[Slot]:
    """Every half-day between two instants of the same zone; one that begins when the visit ends is not touched."""
    day, half = begin.date(), DayHalf.MORNING if begin.hour < _NOON else DayHalf.AFTERNOON
    while dt.datetime.combine(day, dt.time(0 if half is DayHalf.MORNING else _NOON), begin.tzinfo) < end:
        yield day, half
        if half is DayHalf.MORNING:
            half = DayHalf.AFTERNOON
        else:
            day, half = day + dt.timedelta(days=1), DayHalf.MORNING


def _double_booked(plan: DeploymentPlan) -> list[Violation]:
    """The plan's people who are booked by another released plan; it is not said by which."""
    own = TeamMember.objects.filter(plan=plan).values("observer")
    same_owner = DeploymentPlan.objects.filter(election=plan.election_id, mission=plan.mission_id)
    taken = ObserverSlot.objects.filter(observer__in=own).exclude(team__plan__in=same_owner)
    message = _("%(name)s is already in a released plan on that day.")
    return [
        Violation(f"observer-{observer.pk}", "r08-double-booked", message % {"name": observer.full_name})
        for observer in Observer.objects.filter(pk__in=taken.values("observer")).defer("passport_number", "mrz")
    ]
