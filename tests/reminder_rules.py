"""The product's own reminder rules as sources, for the tests of the conditions in each app."""

from missions.reminders.conditions import condition_of
from missions.reminders.default_rules import default_rule
from missions.reminders.models import Message
from missions.reminders.rule_sources import RuleSource
from missions.reminders.sources import ReminderDraft


def rule_source(code: str) -> RuleSource:
    """The rule with this code as it comes with the product."""
    spec = default_rule(code)
    assert spec is not None, code
    condition = condition_of(spec.condition)
    assert condition is not None, spec.condition
    return RuleSource(spec, condition)


def message_of(draft: ReminderDraft) -> Message:
    """The message that is planned by a draft, unsaved."""
    return Message(
        to_address=draft.to_address,
        subject_type=draft.subject_type,
        subject_id=draft.subject_id,
        slot=draft.slot,
        mission_id=draft.mission_id,
        not_after=draft.not_after,
    )
