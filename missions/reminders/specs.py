"""A reminder rule as plain values: as it is stored, as a form holds it before it is saved, as a file brings it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from missions.reminders.models import ReminderRule, ReminderStep
from missions.reminders.schedule import Timing
from missions.reminders.states import Audience, Clock
from missions.states import MailLanguage


@dataclass(frozen=True, slots=True)
class StepText:
    """Subject and body in one language, with places for values."""

    subject: str
    body: str


Texts = Mapping[MailLanguage, StepText]


@dataclass(frozen=True, slots=True)
class RuleStep:
    """Who is told, when, by whose clocks, and in which words. Without texts of its own: in those before it."""

    audience: Audience
    timing: Timing
    texts: Texts
    group: str = ""
    clock: Clock = Clock.HOST


@dataclass(frozen=True, slots=True)
class RuleSpec:
    """All of a rule but whether it is active."""

    code: str
    title: str
    condition: str
    anchor: str
    steps: tuple[RuleStep, ...]
    is_urgent: bool = False

    @property
    def days_before(self) -> int:
        """How many days before the anchor its earliest step tells; 0 if none does."""
        return max(0, -min((step.timing.offset_days for step in self.steps), default=0))

    def texts_of(self, position: int) -> Texts:
        """The texts of a step: its own, or those of the last step before it that has any."""
        return next((step.texts for step in reversed(self.steps[: position + 1]) if step.texts), {})


def spec_of(rule: ReminderRule) -> RuleSpec:
    """The stored rule as values. Reads the steps and their texts as they are prefetched."""
    return RuleSpec(
        code=rule.code,
        title=rule.title,
        condition=rule.condition,
        anchor=rule.anchor,
        is_urgent=rule.is_urgent,
        steps=tuple(_step_of(step) for step in rule.steps.all()),
    )


def digest_of(spec: RuleSpec) -> str:
    """The same for the same rule, and for no other (hex)."""
    return hashlib.sha256(json.dumps(asdict(spec), sort_keys=True, default=str).encode()).hexdigest()


def _step_of(step: ReminderStep) -> RuleStep:
    return RuleStep(
        audience=Audience(step.audience),
        group=step.group,
        timing=Timing(step.offset_days, step.local_time, step.every_days, step.times),
        clock=Clock(step.clock),
        texts={MailLanguage(row.language): StepText(row.subject, row.body) for row in step.texts.all()},
    )
