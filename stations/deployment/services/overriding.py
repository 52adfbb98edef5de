"""Letting a plan break a rule, with a reason."""

import datetime as dt
from collections.abc import Iterator, Sequence

from django.db import transaction

from missions.kernel.events import record_event
from missions.kernel.transitions import ensure_transition
from missions.models import User
from stations.deployment.errors import OverrideWithoutReasonError, RuleNotBrokenError, RuleNotLiftableError
from stations.deployment.findings import judgement_of
from stations.deployment.models import DeploymentPlan, RuleOverride, Team
from stations.deployment.rules.findings import NEVER_LIFTED, Finding
from stations.deployment.states import PLAN_TRANSITIONS, PlanState


def override_rule(
    *, plan: DeploymentPlan, rule: str, team: Team | None, reason: str, by: User | None, at: dt.datetime
) -> list[RuleOverride]:
    """Lift whatever a rule (such as R02) finds in a draft that would stop its release: of one team, or of all (None).

    What is lifted is what was found: where people or places change afterwards, the rule blocks again. Records
    `rule_overridden` with the reason, hidden from the host where the plan is. Raises OverrideWithoutReasonError,
    RuleNotLiftableError, RuleNotBrokenError, IllegalTransitionError if the plan is no draft.
    """
    reason = reason.strip()
    if not reason:
        raise OverrideWithoutReasonError
    if rule in NEVER_LIFTED:
        raise RuleNotLiftableError
    with transaction.atomic():
        plan = _locked(plan)
        ensure_transition(PLAN_TRANSITIONS, PlanState(plan.state), PlanState.RELEASED)
        found = [
            one.finding
            for one in judgement_of(plan, at=at, teams=None if team is None else [team.pk]).findings
            if one.stops_release and one.finding.rule == rule and (team is None or one.finding.team == team.number)
        ]
        if not found:
            raise RuleNotBrokenError
        made = RuleOverride.objects.bulk_create(_rows(plan, found, reason, by, at), batch_size=500)
        record_event(
            "rule_overridden",
            plan,
            by=by,
            at=at,
            scope_id=plan.mission_id,
            changed=[rule],
            reason=reason,
            is_private=plan.is_private,
        )
    return made


def _rows(
    plan: DeploymentPlan, found: Sequence[Finding], reason: str, by: User | None, at: dt.datetime
) -> Iterator[RuleOverride]:
    keys = dict(plan.teams.values_list("number", "pk"))
    for finding in found:
        yield RuleOverride(
            plan=plan,
            rule=finding.rule,
            code=finding.code,
            team_id=None if finding.team is None else keys[finding.team],
            fingerprint=finding.fingerprint,
            reason=reason,
            overridden_at=at,
            overridden_by=by,
        )


def _locked(plan: DeploymentPlan) -> DeploymentPlan:
    rows = DeploymentPlan.objects.select_for_update(of=("self",)).select_related("mission", "election")
    return rows.get(pk=plan.pk)
