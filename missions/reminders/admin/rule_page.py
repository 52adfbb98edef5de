"""What the pages of a rule tell: its steps in words, the values that texts may name, and what it would do."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from missions.admin.pages import local_text
from missions.kernel.errors import Text
from missions.reminders.conditions import condition_of
from missions.reminders.previews import Preview, Told
from missions.reminders.rule_words import anchor_words, audience_words, when_words
from missions.reminders.sources import ReminderDraft
from missions.reminders.specs import RuleSpec, StepText
from missions.states import MailLanguage


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step: to whom and when in words, and its texts by language; without own texts those of a step before."""

    number: int
    audience: str
    when: str
    texts: list[tuple[Text, str, StepText]]
    has_own_texts: bool


@dataclass(frozen=True, slots=True)
class ToldLine:
    """Somebody who is told, as the page says it."""

    about: str
    address: str
    step: int
    due: str
    note: str


@dataclass(frozen=True, slots=True)
class PreviewLines:
    """A preview as the page says it."""

    now: list[ToldLine]
    later: list[ToldLine]
    left_out: list[tuple[str, str]]
    now_count: int
    later_count: int
    left_out_count: int
    samples: list[tuple[Text, ReminderDraft]]
    is_private: bool


def steps_in_words(spec: RuleSpec) -> list[StepLine]:
    """The steps of the rule, in their order."""
    anchor = anchor_words(spec, condition_of(spec.condition))
    return [
        StepLine(
            number=position + 1,
            audience=audience_words(step),
            when=when_words(step, anchor),
            texts=[(row.label, row.value, step.texts[row]) for row in MailLanguage if row in step.texts],
            has_own_texts=bool(step.texts),
        )
        for position, step in enumerate(spec.steps)
    ]


def preview_lines(preview: Preview) -> PreviewLines:
    """The preview in words; instants by the clocks that the steps go by."""
    return PreviewLines(
        now=[_line(told, told.state or _("will be planned")) for told in preview.now],
        later=[_line(told, "") for told in preview.later],
        left_out=[(line.about, line.why) for line in preview.left_out],
        now_count=preview.now_count,
        later_count=preview.later_count,
        left_out_count=preview.left_out_count,
        samples=[(row.label, preview.samples[row]) for row in MailLanguage if row in preview.samples],
        is_private=preview.is_private,
    )


def _line(told: Told, note: str) -> ToldLine:
    return ToldLine(told.about, told.address, told.step, f"{local_text(told.due_at, told.zone)} ({told.zone})", note)
