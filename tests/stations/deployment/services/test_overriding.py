"""Letting a rule be broken: with a reason, for what was seen, and never for what the database itself holds."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from accreditation.models import Document, Observer
from accreditation.states import DocumentKind
from missions.kernel.errors import DomainError
from missions.kernel.models import Event
from missions.kernel.transitions import IllegalTransitionError
from missions.models import Election, Mission, User
from stations.deployment.errors import (
    OverrideWithoutReasonError,
    PlanBreaksRulesError,
    RuleNotBrokenError,
    RuleNotLiftableError,
)
from stations.deployment.findings import judgement_of
from stations.deployment.models import DeploymentPlan, RuleOverride
from stations.deployment.services.overriding import override_rule
from stations.deployment.services.releases import release_plan
from stations.deployment.states import PlanState, RuleStrength
from stations.models import PollingStation
from tests.stations.deployment.builders import area, deployed, plan, team

pytestmark = pytest.mark.django_db
REASON = "The second member is ill; a local interpreter goes along."


@pytest.fixture
def lonely(election: Election, mission: Mission, register: list[PollingStation]) -> DeploymentPlan:
    """Two teams of one observer each, and one of two."""
    made = plan(election, mission)
    north = area(made, "North")
    for number, people in enumerate(
        [[deployed(mission, "FRA")], [deployed(mission, "DEU")], [deployed(mission, "ITA"), deployed(mission, "ESP")]],
        1,
    ):
        team(made, number, people, register[5 * number - 5 : 5 * number], within=north)
    return made


def test_what_is_lifted_no_longer_stops_the_release(lonely: DeploymentPlan, lead: User, later: dt.datetime) -> None:
    override_rule(plan=lonely, rule="R01", team=None, reason=f" {REASON} ", by=lead, at=later)

    released = release_plan(plan=lonely, by=lead, at=later)

    assert (released.state, released.profile) == (PlanState.RELEASED, "odihr-like")
    rows = RuleOverride.objects.values_list("rule", "code", "team__number", "reason", "overridden_by", "overridden_at")
    assert list(rows) == [("R01", "r01-two-observers", number, REASON, lead.pk, later) for number in (1, 2)]
    event = Event.objects.get(verb="rule_overridden")
    assert (event.object_id, event.changed, event.reason, event.is_private, event.scope_id, event.actor) == (
        lonely.pk,
        ["R01"],
        REASON,
        True,
        lonely.mission_id,
        lead,
    )


def test_lifted_for_one_team_the_rule_still_stops_the_other(
    lonely: DeploymentPlan, lead: User, later: dt.datetime
) -> None:
    override_rule(plan=lonely, rule="R01", team=lonely.teams.get(number=1), reason=REASON, by=lead, at=later)

    with pytest.raises(PlanBreaksRulesError) as caught:
        release_plan(plan=lonely, by=lead, at=later)

    assert [(v.field, v.code, v.detail) for v in caught.value.violations] == [
        ("team-2", "r01-two-observers", "A team is two observers; this one has 1.")
    ]
    assert caught.value.detail == "The plan breaks 1 rule."


def test_when_other_people_break_the_rule_the_override_lifts_nothing(
    lonely: DeploymentPlan, mission: Mission, lead: User, later: dt.datetime
) -> None:
    override_rule(plan=lonely, rule="R01", team=None, reason=REASON, by=lead, at=later)
    lonely.teams.get(number=1).members.update(observer=deployed(mission, "POL"))

    judgement = judgement_of(lonely, at=later)

    assert [(one.finding.team, one.override is None) for one in judgement.of(RuleStrength.BLOCK)] == [
        (1, True),
        (2, False),
    ]
    assert judgement.open_blocks == 1


@pytest.mark.parametrize(
    ("rule", "number", "reason", "error"),
    [
        ("R01", None, "  ", OverrideWithoutReasonError),
        ("R08", None, REASON, RuleNotLiftableError),
        ("R02", None, REASON, RuleNotBrokenError),
        ("R01", 3, REASON, RuleNotBrokenError),
        ("R12", None, REASON, RuleNotBrokenError),
        ("R99", None, REASON, RuleNotBrokenError),
    ],
    ids=["no-reason", "two-places", "kept", "kept-by-this-team", "only-warns", "no-such-rule"],
)
def test_there_must_be_a_reason_and_something_to_lift(
    lonely: DeploymentPlan,
    lead: User,
    later: dt.datetime,
    rule: str,
    number: int | None,
    reason: str,
    error: type[DomainError],
) -> None:
    chosen = None if number is None else lonely.teams.get(number=number)

    with pytest.raises(error):
        override_rule(plan=lonely, rule=rule, team=chosen, reason=reason, by=lead, at=later)

    assert (RuleOverride.objects.count(), Event.objects.count()) == (0, 0)


def test_the_same_is_lifted_once(lonely: DeploymentPlan, lead: User, later: dt.datetime) -> None:
    override_rule(plan=lonely, rule="R01", team=None, reason=REASON, by=lead, at=later)

    with pytest.raises(RuleNotBrokenError):
        override_rule(plan=lonely, rule="R01", team=None, reason="Again", by=lead, at=later)

    assert RuleOverride.objects.count() == 2


@pytest.mark.parametrize("state", [state for state in PlanState if state is not PlanState.DRAFT])
def test_only_in_a_draft_is_anything_lifted(
    election: Election, mission: Mission, lead: User, later: dt.datetime, state: PlanState
) -> None:
    with pytest.raises(IllegalTransitionError):
        override_rule(plan=plan(election, mission, state=state), rule="R01", team=None, reason="So", by=lead, at=later)


@pytest.mark.parametrize("changes", [{"reason": ""}, {}], ids=["without-reason", "twice"])
def test_the_database_refuses_an_override_without_reason_and_a_second_one(
    lonely: DeploymentPlan, later: dt.datetime, changes: dict[str, str]
) -> None:
    facts = {"plan": lonely, "rule": "R01", "code": "r01-two-observers", "fingerprint": "f" * 64, "reason": "Ill"}
    RuleOverride.objects.create(**facts, overridden_at=later)

    with pytest.raises(IntegrityError), transaction.atomic():
        RuleOverride.objects.create(
            **{**facts, "fingerprint": "f" * 64 if not changes else "e" * 64, **changes}, overridden_at=later
        )

    assert RuleOverride.objects.count() == 1


def test_of_the_pool_an_override_is_no_secret_of_a_mission(
    election: Election, other_mission: Mission, register: list[PollingStation], later: dt.datetime
) -> None:
    pooled = plan(election, None)
    team(pooled, 1, [deployed(other_mission, "FRA")], register[:5], within=area(pooled, "North"))

    override_rule(plan=pooled, rule="R01", team=None, reason=REASON, by=None, at=later)

    assert Event.objects.get().is_private is False


def test_a_profile_that_only_warns_lets_the_plan_go(
    election: Election, other_mission: Mission, register: list[PollingStation], later: dt.datetime
) -> None:
    """The pool asks for no papers; a mission of observers does."""
    people = [deployed(other_mission, "FRA"), deployed(other_mission, "DEU")]
    Document.objects.filter(kind=DocumentKind.PLEDGE).delete()
    pooled = plan(election, None)
    team(pooled, 1, people, register[:5], within=area(pooled, "North"))

    released = release_plan(plan=pooled, by=None, at=later)

    assert (released.state, released.profile) == (PlanState.RELEASED, "host-law")
    assert [
        one.finding.code for one in judgement_of(released, at=later).of(RuleStrength.WARN) if one.finding.rule == "R05"
    ] == ["r05-papers-missing"] * 2
    assert Observer.objects.count() == 2
