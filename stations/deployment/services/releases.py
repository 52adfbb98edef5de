"""Releasing a plan: rules, the plan before it, and the slots that keep everybody in one place at a time."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils.translation import ngettext

from accreditation.models import Accreditation, Observer
from missions.kernel.doorbell import ring_after_commit
from missions.kernel.errors import Violation
from missions.kernel.events import record_event
from missions.kernel.integrity import broken_constraint
from missions.kernel.transitions import ensure_transition
from missions.models import User
from stations.deployment.errors import ObserverDoubleBookedError, PlanBreaksRulesError, PlanChangedError
from stations.deployment.findings import findings_of, lifted_in
from stations.deployment.gaps import holds_nobody
from stations.deployment.models import DeploymentPlan, ObserverSlot, TeamMember, Visit
from stations.deployment.profile_choice import profile_of_owner
from stations.deployment.rules.findings import Finding
from stations.deployment.rules.sentences import sentence_of
from stations.deployment.services.notices import write_notices
from stations.deployment.slots import Slot, slots_of_team
from stations.deployment.states import PLAN_TRANSITIONS, PlanState

_BATCH = 500
#: Wakes whoever plans reminders: the leads are to hear of a released plan.
RELEASE_BELL = "reminders.plan_due"
_DOUBLE_BOOKED = "r08-double-booked"


def release_plan(*, plan: DeploymentPlan, by: User | None, at: dt.datetime, seen: int | None = None) -> DeploymentPlan:
    """Release a draft plan: from now on its people are booked, and those in its scope may read it.

    Judges it by its owner's rules and the facts of this moment, which the plan then keeps; what blocks must have been
    lifted with a reason. Supersedes the owner's plan before it and frees that plan's slots, books both halves of
    election day for every member, and each other half-day in which a visit falls, in the host's zone. Accreditations
    are locked first: one that is being taken away either is gone before the rules look, or waits for the release.
    Keeps which missions are to take note: those whose people's assignments differ from the plan before.
    `seen` is the revision that the person looked at; None for whoever takes the plan as it is. Records the release
    and, for the plan before, its end. Raises IllegalTransitionError, PlanChangedError,
    PlanBreaksRulesError or ObserverDoubleBookedError; then nothing has changed.
    """
    try:
        with transaction.atomic():
            return _release(plan, seen, by, at)
    except IntegrityError as error:
        if broken_constraint(error, ObserverSlot) != "slot_observer_once":
            raise
        raise ObserverDoubleBookedError(violations=_double_booked(plan)) from error


def _release(plan: DeploymentPlan, seen: int | None, by: User | None, at: dt.datetime) -> DeploymentPlan:
    held = _lock_accreditations(plan)
    plan = _locked_with_predecessors(plan)
    source = PlanState(plan.state)
    ensure_transition(PLAN_TRANSITIONS, source, PlanState.RELEASED)
    if seen is not None and plan.revision != seen:
        raise PlanChangedError
    if not set(plan.members.values_list("observer_id", flat=True)) <= held:
        raise PlanChangedError
    profile = profile_of_owner(plan.election, plan.mission)
    _ensure_sound(plan, findings_of(plan, profile, at=at))
    before = _supersede_predecessor(plan, by, at)
    plan.state, plan.released_at, plan.profile = PlanState.RELEASED, at, profile.code
    plan.save(update_fields=["state", "released_at", "profile"])
    _book(plan)
    write_notices(plan, before)
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


def _lock_accreditations(plan: DeploymentPlan) -> set[int]:
    """Lock the accreditations of the plan's people, in the order of their keys; returns the people looked at."""
    people = set(plan.members.values_list("observer_id", flat=True))
    rows = Accreditation.objects.filter(election=plan.election_id, observer__in=plan.members.values("observer"))
    list(rows.order_by("pk").select_for_update(of=("self",), no_key=True).values_list("pk"))
    return people


def _locked_with_predecessors(plan: DeploymentPlan) -> DeploymentPlan:
    """Lock all plans of the owner, always in the same order, so that two releases wait instead of blocking."""
    owned = DeploymentPlan.objects.filter(election=plan.election_id, mission=plan.mission_id).order_by("pk")
    list(owned.select_for_update().values_list("pk"))
    return DeploymentPlan.objects.select_related("mission", "election").get(pk=plan.pk)


def _ensure_sound(plan: DeploymentPlan, findings: Iterable[Finding]) -> None:
    """Refuse what blocks and has not been lifted. Somebody in two places is a clash with another plan, told apart."""
    lifted = lifted_in(plan)
    blocks = [finding for finding in findings if finding.blocks and finding.fingerprint not in lifted]
    clashes = [finding for finding in blocks if finding.code == _DOUBLE_BOOKED]
    if clashes:
        raise ObserverDoubleBookedError(violations=[_clash(key, f.sentence) for f in clashes for key in f.people])
    if blocks:
        message = ngettext("The plan breaks %(count)d rule.", "The plan breaks %(count)d rules.", len(blocks))
        raise PlanBreaksRulesError(message % {"count": len(blocks)}, violations=[_violation(f) for f in blocks])


def _violation(finding: Finding) -> Violation:
    field = "plan" if finding.team is None else f"team-{finding.team}"
    return Violation(field, finding.code, finding.sentence)


def _clash(observer_id: int, sentence: str) -> Violation:
    return Violation(f"observer-{observer_id}", _DOUBLE_BOOKED, sentence)


def _supersede_predecessor(plan: DeploymentPlan, by: User | None, at: dt.datetime) -> DeploymentPlan | None:
    before = (
        DeploymentPlan.objects.released()
        .filter(election=plan.election_id, mission=plan.mission_id)
        .select_related("mission")
        .first()
    )
    if before is None:
        return None
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
    return before


def _book(plan: DeploymentPlan) -> None:
    """Insert the slots, sorted: two releases that want the same rows meet in one order and cannot block each other.

    Slots that other plans hold for people who have lost their accreditation there make room.
    """
    people = TeamMember.objects.filter(plan=plan).values("observer")
    ObserverSlot.objects.filter(holds_nobody(), observer__in=people).exclude(team__plan=plan).delete()
    spans: dict[int, list[tuple[dt.datetime, dt.datetime]]] = defaultdict(list)
    visits = Visit.objects.filter(visit_plan__team__plan=plan)
    for team_id, arrives_at, leaves_at in visits.values_list("visit_plan__team_id", "arrives_at", "leaves_at"):
        spans[team_id].append((arrives_at, leaves_at))
    members = list(TeamMember.objects.filter(plan=plan).values_list("observer_id", "team_id"))
    e_day, zone = plan.election.e_day, plan.election.zone
    taken: dict[int, set[Slot]] = {
        team_id: slots_of_team(e_day, zone, spans[team_id]) for team_id in {team for _observer, team in members}
    }
    slots = sorted(
        (observer_id, day, half.value, team_id) for observer_id, team_id in members for day, half in taken[team_id]
    )
    ObserverSlot.objects.bulk_create(
        (
            ObserverSlot(observer_id=observer_id, day=day, half=half, team_id=team_id)
            for observer_id, day, half, team_id in slots
        ),
        batch_size=_BATCH,
    )


def _double_booked(plan: DeploymentPlan) -> list[Violation]:
    """The plan's people who are booked by another released plan; it is not said by which."""
    own = TeamMember.objects.filter(plan=plan).values("observer")
    same_owner = DeploymentPlan.objects.filter(election=plan.election_id, mission=plan.mission_id)
    taken = ObserverSlot.objects.filter(~holds_nobody(), observer__in=own).exclude(team__plan__in=same_owner)
    people = Observer.objects.filter(pk__in=taken.values("observer")).defer("passport_number", "mrz")
    return [_clash(person.pk, sentence_of(_DOUBLE_BOOKED, {"name": person.full_name})) for person in people]
