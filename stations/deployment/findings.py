"""The findings of a plan: judged as it is stored now, with what has been lifted, and in groups for pages."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from stations.deployment.models import DeploymentPlan, RuleOverride
from stations.deployment.profile_choice import profile_of
from stations.deployment.release_facts import facts_of
from stations.deployment.rules import DeploymentProfile, Finding, judge
from stations.deployment.states import RuleStrength


@dataclass(frozen=True, slots=True)
class JudgedFinding:
    """A finding, and the override that lifted it, if there is one."""

    finding: Finding
    override: RuleOverride | None

    @property
    def stops_release(self) -> bool:
        return self.finding.blocks and self.override is None


@dataclass(frozen=True, slots=True)
class Judgement:
    """All findings of a plan by one profile, in the order of their rules."""

    profile: DeploymentProfile
    findings: tuple[JudgedFinding, ...]

    def of(self, strength: RuleStrength) -> tuple[JudgedFinding, ...]:
        """Those of one strength."""
        return tuple(one for one in self.findings if one.finding.strength is strength)

    @property
    def open_blocks(self) -> int:
        """How many findings stop the release."""
        return sum(one.stops_release for one in self.findings)


def findings_of(
    plan: DeploymentPlan, profile: DeploymentProfile, *, at: dt.datetime, teams: Collection[int] | None = None
) -> tuple[Finding, ...]:
    """Every finding of the stored plan by the profile; with `teams` (keys) of these, and of the plan as a whole.

    The same rules judge what the optimizer made, what was changed by hand and what was read from a file.
    """
    return judge(facts_of(plan, profile.limits, at=at, teams=teams), profile)


def judgement_of(plan: DeploymentPlan, *, at: dt.datetime, teams: Collection[int] | None = None) -> Judgement:
    """The findings of a plan, which the caller has fetched in scope, each with its override."""
    profile = profile_of(plan)
    overrides = {row.fingerprint: row for row in plan.overrides.select_related("overridden_by", "team")}
    found = sorted(findings_of(plan, profile, at=at, teams=teams), key=_order)
    return Judgement(profile, tuple(JudgedFinding(one, overrides.get(one.fingerprint)) for one in found))


def lifted_in(plan: DeploymentPlan) -> frozenset[str]:
    """The fingerprints of the findings that were lifted. One query."""
    return frozenset(plan.overrides.values_list("fingerprint", flat=True))


def _order(finding: Finding) -> tuple[str, str, int]:
    return finding.rule, finding.code, finding.team or 0
