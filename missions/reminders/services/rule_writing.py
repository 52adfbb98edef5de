"""Making and changing reminder rules. What is wrong with one is refused here, so that no mail fails for it later."""

from datetime import datetime

from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction

from missions.kernel.doorbell import ring_after_commit
from missions.kernel.errors import Violation
from missions.kernel.events import record_event
from missions.models import User
from missions.reminders.conditions import condition_of
from missions.reminders.default_rules import default_rule, default_rules
from missions.reminders.errors import (
    ReminderRuleChangedError,
    ReminderRuleCodeTakenError,
    ReminderRuleIsOwnError,
    ReminderRuleRefusedError,
)
from missions.reminders.models import ReminderRule, ReminderStep, ReminderText
from missions.reminders.rule_checks import violations_of
from missions.reminders.specs import RuleSpec, digest_of, spec_of

PLANNING_BELL = "reminders.plan_due"
_OWN_FIELDS = ("title", "condition", "anchor", "is_urgent")


def problems_of_rule(spec: RuleSpec) -> list[Violation]:
    """Everything that stands against keeping the rule, by its fields. One query."""
    groups = set(Group.objects.values_list("name", flat=True))
    return violations_of(spec, condition=condition_of(spec.condition), groups=groups)


def add_rule(*, spec: RuleSpec, by: User | None, at: datetime) -> ReminderRule:
    """Keep a new rule; it is not active yet. Records `reminder_rule_added`.

    Raises ReminderRuleRefusedError or ReminderRuleCodeTakenError.
    """
    _ensure_sound(spec)
    try:
        with transaction.atomic():
            rule = ReminderRule(code=spec.code)
            _fill(rule, spec)
            rule.save(force_insert=True)
            _write_steps([(rule, spec)])
            record_event("reminder_rule_added", rule, by=by, at=at)
            return rule
    except IntegrityError as error:
        if ReminderRule.objects.filter(code=spec.code).exists():
            raise ReminderRuleCodeTakenError from error
        raise


@transaction.atomic
def change_rule(*, rule: ReminderRule, spec: RuleSpec, version: int, by: User | None, at: datetime) -> ReminderRule:
    """Keep the rule as it is now wanted; its code stays. The same again changes nothing.

    `version` is the one that was read. Mails that are planned and not sent go by the new rule. Records
    `reminder_rule_changed` with the parts that changed. Raises ReminderRuleChangedError, ReminderRuleRefusedError.
    """
    locked = _locked(rule)
    if locked.version != version:
        raise ReminderRuleChangedError
    _ensure_sound(spec)
    return _replace(locked, spec, "reminder_rule_changed", by, at)


@transaction.atomic
def restore_default(*, rule: ReminderRule, by: User | None, at: datetime) -> ReminderRule:
    """Make a rule say again what it says in the product as it is installed. Records `reminder_rule_restored`.

    Raises ReminderRuleIsOwnError.
    """
    locked = _locked(rule)
    default = default_rule(locked.code)
    if default is None:
        raise ReminderRuleIsOwnError
    locked.default_digest = digest_of(default)
    locked.save(update_fields=["default_digest"])
    return _replace(locked, default, "reminder_rule_restored", by, at)


@transaction.atomic
def switch_rule(*, rule: ReminderRule, is_active: bool, by: User | None, at: datetime) -> ReminderRule:
    """Let the rule write mails, or let it rest: then planned mails are cancelled when they would be sent.

    Records `reminder_rule_activated` or `reminder_rule_rested`; rings for planning. Raises ReminderRuleRefusedError
    if the rule to be activated cannot work (any more).
    """
    locked = _locked(rule)
    if locked.is_active == is_active:
        return locked
    if is_active:
        _ensure_sound(spec_of(locked))
    locked.is_active = is_active
    locked.version += 1
    locked.save(update_fields=["is_active", "version"])
    record_event("reminder_rule_activated" if is_active else "reminder_rule_rested", locked, by=by, at=at)
    ring_after_commit(PLANNING_BELL)
    return locked


@transaction.atomic
def lay_default_rules() -> int:
    """Add the rules of the product that are not there, and renew those that nobody has changed. Returns how many.

    A rule that somebody changed is left alone, also by later releases; whether a rule is active is never touched.
    """
    stored = {rule.code: rule for rule in ReminderRule.objects.prefetch_related("steps__texts")}
    fresh, renewed = [], 0
    for spec in default_rules():
        rule, digest = stored.get(spec.code), digest_of(spec)
        if rule is None:
            rule = ReminderRule(code=spec.code, is_active=True, default_digest=digest)
            _fill(rule, spec)
            fresh.append((rule, spec))
        elif rule.default_digest != digest and rule.default_digest == digest_of(spec_of(rule)):
            _renew(rule, spec, digest)
            renewed += 1
    ReminderRule.objects.bulk_create(rule for rule, _spec in fresh)
    _write_steps(fresh)
    return len(fresh) + renewed


def _locked(rule: ReminderRule) -> ReminderRule:
    return ReminderRule.objects.select_for_update().prefetch_related("steps__texts").get(pk=rule.pk)


def _ensure_sound(spec: RuleSpec) -> None:
    if problems := problems_of_rule(spec):
        raise ReminderRuleRefusedError(violations=problems)


def _replace(rule: ReminderRule, spec: RuleSpec, verb: str, by: User | None, at: datetime) -> ReminderRule:
    before = spec_of(rule)
    changed = [name for name in (*_OWN_FIELDS, "steps") if getattr(before, name) != getattr(spec, name)]
    if not changed:
        return rule
    _fill(rule, spec)
    rule.version += 1
    rule.save(update_fields=[*_OWN_FIELDS, "version"])
    if "steps" in changed:
        rule.steps.all().delete()
        _write_steps([(rule, spec)])
    record_event(verb, rule, by=by, at=at, changed=changed)
    ring_after_commit(PLANNING_BELL)
    return rule


def _renew(rule: ReminderRule, spec: RuleSpec, digest: str) -> None:
    _fill(rule, spec)
    rule.default_digest = digest
    rule.version += 1
    rule.save(update_fields=[*_OWN_FIELDS, "default_digest", "version"])
    rule.steps.all().delete()
    _write_steps([(rule, spec)])


def _fill(rule: ReminderRule, spec: RuleSpec) -> None:
    for name in _OWN_FIELDS:
        setattr(rule, name, getattr(spec, name))


def _write_steps(rules: list[tuple[ReminderRule, RuleSpec]]) -> None:
    """Insert the steps of rules that have none, and their texts. Two queries for any number."""
    steps, texts = [], []
    for rule, spec in rules:
        for position, step in enumerate(spec.steps, start=1):
            row = ReminderStep(
                rule=rule,
                position=position,
                audience=step.audience,
                group=step.group,
                offset_days=step.timing.offset_days,
                local_time=step.timing.local_time,
                clock=step.clock,
                every_days=step.timing.every_days,
                times=step.timing.times,
            )
            steps.append(row)
            texts += [
                ReminderText(step=row, language=language, subject=text.subject, body=text.body)
                for language, text in step.texts.items()
            ]
    ReminderStep.objects.bulk_create(steps)
    ReminderText.objects.bulk_create(texts)
