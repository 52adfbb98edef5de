"""What the rules find in a plan, as pages tell it: by strength, then by rule, the first few in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from missions.admin.pages import local_text
from stations.deployment.findings import JudgedFinding, Judgement
from stations.deployment.models import DeploymentPlan
from stations.deployment.rules.sentences import title_of
from stations.deployment.states import PlanState, RuleStrength

#: So many findings of one rule are told one by one; the rest is counted.
TOLD: Final = 12
TONES: Final = {RuleStrength.BLOCK: "danger", RuleStrength.WARN: "warning", RuleStrength.SCORE: "info"}


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One finding: where, what, and why it was lifted if it was."""

    where: str
    sentence: str
    lifted: str


@dataclass(frozen=True, slots=True)
class RuleLines:
    """The findings of one rule: `more` are not told; `open_count` still stop the release."""

    rule: str
    title: str
    lines: Sequence[FindingLine]
    count: int
    more: int
    open_count: int


@dataclass(frozen=True, slots=True)
class StrengthLines:
    """All rules of one strength."""

    label: str
    tone: str
    rules: Sequence[RuleLines]


@dataclass(frozen=True, slots=True)
class FindingsCard:
    """All of it, with the name of the profile. Of a released plan it tells what has come about since."""

    profile: str
    is_released: bool
    #: Whether other teams were not looked at: then nothing is said of the release of the whole.
    is_partial: bool
    open_blocks: int
    strengths: Sequence[StrengthLines]


def findings_card(plan: DeploymentPlan, judgement: Judgement, *, is_partial: bool = False) -> FindingsCard:
    """What a page shows of the judgement of a plan, or of the part that was judged. No query."""
    zone = plan.election.zone
    return FindingsCard(
        profile=judgement.profile.title.text(get_language() or "en"),
        is_released=plan.state == PlanState.RELEASED,
        is_partial=is_partial,
        open_blocks=judgement.open_blocks,
        strengths=[
            StrengthLines(str(strength.label), tone, _rules(found, zone))
            for strength, tone in TONES.items()
            if (found := judgement.of(strength))
        ],
    )


def where_of(one: JudgedFinding) -> str:
    """The team, or the plan as a whole."""
    if one.finding.team is None:
        return _("Whole plan")
    return _("Team %(number)d") % {"number": one.finding.team}


def _rules(found: Iterable[JudgedFinding], zone: ZoneInfo) -> list[RuleLines]:
    return [_rule(rule, list(same), zone) for rule, same in groupby(found, key=lambda one: one.finding.rule)]


def _rule(rule: str, found: Sequence[JudgedFinding], zone: ZoneInfo) -> RuleLines:
    return RuleLines(
        rule=rule,
        title=title_of(rule),
        lines=[FindingLine(where_of(one), one.finding.sentence, _lifted(one, zone)) for one in found[:TOLD]],
        count=len(found),
        more=max(0, len(found) - TOLD),
        open_count=sum(one.stops_release for one in found),
    )


def _lifted(one: JudgedFinding, zone: ZoneInfo) -> str:
    if one.override is None:
        return ""
    facts = {
        "who": one.override.overridden_by or _("the system"),
        "when": local_text(one.override.overridden_at, zone),
        "reason": one.override.reason,
    }
    return _("Lifted by %(who)s, %(when)s: %(reason)s") % facts
