"""What is wrong with a reminder rule before it is kept: named errors, each at its field. Pure."""

from collections.abc import Collection, Iterator

from django.utils.translation import gettext as _

from missions.kernel.errors import Violation
from missions.reminders.conditions import Condition
from missions.reminders.specs import RuleSpec, RuleStep, StepText
from missions.reminders.states import Audience
from missions.reminders.texts import problems_of
from missions.states import MailLanguage

MOST_STEPS = 6
MOST_DAYS = 400
MOST_TIMES = 100


def violations_of(spec: RuleSpec, *, condition: Condition | None, groups: Collection[str]) -> list[Violation]:
    """Every problem of the rule. `condition` is the one that it names, None if there is none; `groups` are the
    staff groups that exist.

    Fields are named like `title`, `steps.1.audience`, `steps.1.texts.en.subject`; steps count from 1.
    """
    return [*_own(spec, condition), *_steps(spec, condition, groups)]


def _own(spec: RuleSpec, condition: Condition | None) -> Iterator[Violation]:
    if not spec.title.strip():
        yield Violation("title", "title-empty", _("The rule needs a title."))
    if condition is None:
        yield Violation("condition", "condition-unknown", _("There is no condition “%s” here.") % spec.condition)
    elif spec.anchor not in {anchor.code for anchor in condition.anchors}:
        sentence = _("The condition knows no instant “%s” from which to count.") % spec.anchor
        yield Violation("anchor", "anchor-unknown", sentence)
    if not spec.steps:
        yield Violation("steps", "no-step", _("Without a step nobody is told."))
    elif len(spec.steps) > MOST_STEPS:
        yield Violation("steps", "too-many-steps", _("A rule has at most %d steps.") % MOST_STEPS)
    elif not spec.steps[0].texts:
        yield Violation("steps.1.texts", "text-missing", _("The first step needs a text."))


def _steps(spec: RuleSpec, condition: Condition | None, groups: Collection[str]) -> Iterator[Violation]:
    for number, step in enumerate(spec.steps, start=1):
        field = f"steps.{number}"
        yield from _audience(field, step, condition, groups)
        yield from _timing(field, step)
        if step.texts and MailLanguage.EN not in step.texts:
            sentence = _("An English text is needed: whoever reads none of the other languages gets it.")
            yield Violation(f"{field}.texts.en", "english-missing", sentence)
        if condition is not None:
            for language, text in step.texts.items():
                yield from _texts(f"{field}.texts.{language}", language, text, condition)


def _audience(field: str, step: RuleStep, condition: Condition | None, groups: Collection[str]) -> Iterator[Violation]:
    if condition is not None and step.audience not in condition.audiences:
        sentence = _("This condition cannot tell who %s are.") % step.audience.label
        yield Violation(f"{field}.audience", "audience-not-offered", sentence)
    if step.audience is Audience.GROUP and step.group not in groups:
        yield Violation(f"{field}.group", "group-unknown", _("There is no group “%s”.") % step.group)
    if step.audience is not Audience.GROUP and step.group:
        yield Violation(f"{field}.group", "group-not-meant", _("A group is named, and the step goes to others."))


def _timing(field: str, step: RuleStep) -> Iterator[Violation]:
    timing = step.timing
    if abs(timing.offset_days) > MOST_DAYS:
        sentence = _("At most %d days before or after.") % MOST_DAYS
        yield Violation(f"{field}.offset_days", "offset-too-far", sentence)
    if not 1 <= timing.every_days <= MOST_DAYS:
        yield Violation(f"{field}.every_days", "interval-wrong", _("From 1 to %d days.") % MOST_DAYS)
    if not 1 <= timing.times <= MOST_TIMES:
        yield Violation(f"{field}.times", "times-wrong", _("From 1 to %d times.") % MOST_TIMES)


def _texts(field: str, language: MailLanguage, text: StepText, condition: Condition) -> Iterator[Violation]:
    for problem in problems_of(text.subject, condition.names, language=language, is_line=True):
        yield Violation(f"{field}.subject", problem.code, problem.sentence)
    for problem in problems_of(text.body, condition.names, language=language):
        yield Violation(f"{field}.body", problem.code, problem.sentence)
