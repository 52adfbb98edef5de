"""The one door through which people change drafts, and the way back."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from functools import singledispatch
from typing import Any

from django.db import transaction

from missions.kernel.events import record_event
from missions.models import User
from stations.deployment.errors import NothingToUndoError, PlanChangedError, PlanNotDraftError
from stations.deployment.findings import Judgement, judgement_of
from stations.deployment.hand_acts import Act
from stations.deployment.models import DeploymentPlan, PlanChange, Team
from stations.deployment.services.hand.draft import Draft
from stations.deployment.services.hand.images import put_back
from stations.deployment.states import ChangeKind, PlanState


@dataclass(frozen=True, slots=True)
class Done:
    """What an act has done: its kind, and of which teams, stations and areas, without the names of people."""

    kind: ChangeKind
    facts: dict[str, str]


@dataclass(frozen=True, slots=True)
class HandWork:
    """What came of a change: the plan, the change, and what the rules find in the touched teams and the whole."""

    plan: DeploymentPlan
    change: PlanChange
    judgement: Judgement


@singledispatch
def carry_out(act: Act, draft: Draft) -> Done:
    """Do it to the draft. The rooms beside this one register how."""
    raise NotImplementedError(type(act).__name__)


def change_by_hand(*, plan: DeploymentPlan, act: Act, seen: int | None, by: User | None, at: dt.datetime) -> HandWork:
    """Carry out one act on a draft, keep what takes it back, and judge the teams that it touched.

    `seen` is the revision that the person looked at; None for whoever takes the plan as it is. Findings forbid
    nothing in a draft: they are told, and what blocks forbids its release. Records `plan_changed`, hidden from the
    host where the plan is. Raises PlanNotDraftError, PlanChangedError (somebody else was faster), or one of the
    errors of what is impossible: NotInPlanError, ObserverNotDeployableError, ObserverInTeamError, RolesDifferError,
    StationNotUsableError, VisitTwiceError, VisitHoursError, AreaNameError, NothingChangesError.
    """
    with transaction.atomic():
        plan = _locked_draft(plan, seen)
        draft = Draft(plan)
        done = carry_out(act, draft)
        plan.revision += 1
        plan.save(update_fields=["revision", "left_out"])
        change = PlanChange.objects.create(
            plan=plan,
            number=plan.revision,
            kind=done.kind,
            facts=done.facts,
            inverse=draft.inverse,
            made_at=at,
            made_by=by,
        )
        _record("plan_changed", change, by, at)
    return HandWork(plan, change, _judged(plan, draft.touched, at))


def undo_change(*, plan: DeploymentPlan, seen: int | None, by: User | None, at: dt.datetime) -> HandWork:
    """Take back the last change that was not taken back yet: again and again, until the draft is as it was made.

    Teams, visits, areas and who was left out are as before it; `seen` as in `change_by_hand`. Records
    `plan_change_undone`. Raises PlanNotDraftError, PlanChangedError or NothingToUndoError.
    """
    with transaction.atomic():
        plan = _locked_draft(plan, seen)
        change = PlanChange.objects.filter(plan=plan, undone_at=None).order_by("-number").first()
        if change is None:
            raise NothingToUndoError
        inverse: dict[str, Any] = change.inverse
        put_back(
            plan,
            teams=inverse["teams"],
            areas=inverse["areas"],
            made=inverse["made"],
            made_areas=inverse.get("made_areas", ()),  # changes of earlier versions made none
        )
        plan.revision += 1
        plan.left_out = inverse["left_out"]
        plan.save(update_fields=["revision", "left_out"])
        change.undone_at, change.undone_by = at, by
        change.save(update_fields=["undone_at", "undone_by"])
        _record("plan_change_undone", change, by, at)
    return HandWork(plan, change, _judged(plan, [team["pk"] for team in inverse["teams"]], at))


def _locked_draft(plan: DeploymentPlan, seen: int | None) -> DeploymentPlan:
    """One lock for all hands: whoever changes the same draft waits here, so that nobody can block anybody."""
    rows = DeploymentPlan.objects.select_for_update(of=("self",)).select_related("mission", "election")
    locked = rows.get(pk=plan.pk)
    if locked.state != PlanState.DRAFT:
        raise PlanNotDraftError
    if seen is not None and locked.revision != seen:
        raise PlanChangedError
    return locked


def _record(verb: str, change: PlanChange, by: User | None, at: dt.datetime) -> None:
    plan = change.plan
    record_event(verb, plan, by=by, at=at, scope_id=plan.mission_id, changed=[change.kind], is_private=plan.is_private)


def _judged(plan: DeploymentPlan, touched: Collection[int], at: dt.datetime) -> Judgement:
    """The findings of these teams, as far as they are still there, and of the plan as a whole."""
    there = Team.objects.filter(plan=plan, pk__in=touched)
    return judgement_of(plan, at=at, teams=list(there.values_list("pk", flat=True)))
