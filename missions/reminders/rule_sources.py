"""A rule of the ministry as a source of reminders: its condition tells for what, its steps when and to whom."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfoNotFoundError

from django.utils import translation

from missions.reminders import texts
from missions.reminders.audiences import AudienceBook, Recipient
from missions.reminders.batches import batches
from missions.reminders.conditions import Case, Condition, Search, condition_of
from missions.reminders.models import Message, ReminderRule
from missions.reminders.schedule import Slot, slot_at
from missions.reminders.services.rewriting import rewrite_message
from missions.reminders.sources import ReminderDraft
from missions.reminders.specs import RuleSpec, RuleStep, spec_of
from missions.reminders.states import Audience, Clock
from missions.reminders.wording import COMMON
from missions.states import MailLanguage

#: So many cases have their people looked up at once.
CASES_TOGETHER = 1_000
REASON_MAX_LENGTH = 400

_Key = tuple[str, str, int, date]

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Appointment:
    """A person who is to be told, by which step, in which slot, and of how many things that wait for them alone."""

    person: Recipient
    position: int
    slot: Slot
    own_count: int | None = None


@dataclass(frozen=True, slots=True)
class RuleSource:
    """A ReminderSource and a ComposedSource.

    Each person is told of each case by one step at a time, the latest that is due for them.
    """

    spec: RuleSpec
    condition: Condition

    @property
    def rule(self) -> str:
        """The stable name: the code of the rule."""
        return self.spec.code

    def due(self, *, at: datetime) -> Iterator[ReminderDraft]:
        """One draft per case and person whose slot it is now, as far as there is no message for it yet.

        A case that cannot be told of is logged, and stops no other.
        """
        book = AudienceBook()
        for cases in batches(self.condition.find(Search(at, self.spec.days_before)), CASES_TOGETHER):
            book.turn_to({case.mission_id for case in cases if case.mission_id is not None})
            meetings = [(case, meeting) for case in cases for meeting in self._meetings(case, book, at)]
            known = self._known(meetings)
            for case, meeting in meetings:
                if _key(case, meeting) not in known:
                    yield from self._told(case, meeting)

    def still_due(self, message: Message, *, at: datetime) -> bool:
        """Whether the message would be planned now: same person, same slot, and the condition holds."""
        return self.draft_of(message, at=at) is not None

    def compose(self, message: Message, *, at: datetime) -> bool:
        """Write the mail as it would be planned now: an hour or a count in it may be another one by now."""
        draft = self.draft_of(message, at=at)
        if draft is not None:
            rewrite_message(message, draft)
        return draft is not None

    def draft_of(self, message: Message, *, at: datetime) -> ReminderDraft | None:
        """The mail as it would be written now, or None if it would not be: then it is not wanted any more."""
        book = AudienceBook()
        for case in self.condition.find(Search(at, self.spec.days_before, message.subject_id)):
            if (case.subject_type, case.mission_id) != (message.subject_type, message.mission_id):
                continue
            book.turn_to({case.mission_id} if case.mission_id is not None else ())
            meeting = self.appointments(case, book, at).get(message.to_address)
            if meeting is not None and meeting.slot.day == message.slot:
                return self.draft(case, meeting)
        return None

    def appointments(self, case: Case, book: AudienceBook, at: datetime) -> dict[str, Appointment]:
        """Who is to be told of the case now, by address. Raises ZoneInfoNotFoundError."""
        anchor = case.anchors.get(self.spec.anchor)
        if anchor is None:
            return {}
        found: dict[str, Appointment] = {}
        for position, step in enumerate(self.spec.steps):
            slot = slot_at(step.timing, anchor=anchor, zone=zone_of(step, case), until=case.until, at=at)
            if slot is None:
                continue
            for person, count in people_of(step, case, book).items():
                before = found.get(person.address)
                if before is None or before.slot.due_at <= slot.due_at:
                    found[person.address] = Appointment(person, position, slot, count)
        return found

    def draft(self, case: Case, meeting: Appointment) -> ReminderDraft:
        """The mail to one person in their language, or in English. Raises texts.TextError."""
        language, subject, body, reason = self._words(case, meeting)
        return ReminderDraft(
            to_address=meeting.person.address,
            subject_type=case.subject_type,
            subject_id=case.subject_id,
            slot=meeting.slot.day,
            due_at=meeting.slot.due_at,
            not_after=meeting.slot.not_after,
            mission_id=case.mission_id,
            subject=subject,
            body=body,
            language=language,
            reason=reason,
            may_wait=not self.spec.is_urgent,
            is_private=self.condition.is_private,
        )

    def _meetings(self, case: Case, book: AudienceBook, at: datetime) -> Iterable[Appointment]:
        try:
            return self.appointments(case, book, at).values()
        except ZoneInfoNotFoundError:
            logger.exception("Rule %s cannot date %s %d", self.rule, case.subject_type, case.subject_id)
            return ()

    def _known(self, meetings: Sequence[tuple[Case, Appointment]]) -> set[_Key]:
        """Which of them have their message. One query, and none for nobody."""
        if not meetings:
            return set()
        rows = Message.objects.filter(
            rule=self.rule,
            subject_id__in={case.subject_id for case, _meeting in meetings},
            slot__in={meeting.slot.day for _case, meeting in meetings},
        )
        return set(rows.values_list("to_address", "subject_type", "subject_id", "slot"))

    def _told(self, case: Case, meeting: Appointment) -> Iterator[ReminderDraft]:
        try:
            yield self.draft(case, meeting)
        except texts.TextError:
            logger.exception("Rule %s cannot tell of %s %d", self.rule, case.subject_type, case.subject_id)

    def _words(self, case: Case, meeting: Appointment) -> tuple[MailLanguage, str, str, str]:
        own = self.spec.texts_of(meeting.position)
        language = meeting.person.language if meeting.person.language in own else MailLanguage.EN
        if language not in own:
            raise texts.TextError(f"step {meeting.position + 1} has no text")
        with translation.override(language):
            facts = dict(case.facts())
            if meeting.own_count is not None:
                facts["count"] = meeting.own_count
            subject = texts.render_line(own[language].subject, facts, language=language)
            body = texts.render(own[language].body, facts, language=language)
            return language, subject, body, self._reason(self.spec.steps[meeting.position], language)

    def _reason(self, step: RuleStep, language: MailLanguage) -> str:
        facts = {"rule": self.spec.title, "group": step.group}
        return texts.shortened(COMMON.say(f"rule.{step.audience}", facts, language=language), REASON_MAX_LENGTH)


def active_rule_sources() -> tuple[RuleSource, ...]:
    """The active rules whose condition this installation knows, by title. Three queries."""
    rules = ReminderRule.objects.active().prefetch_related("steps__texts")
    return tuple(source for rule in rules if (source := _source(rule)) is not None)


def rule_source_of(code: str) -> RuleSource | None:
    """The active rule with this code; None if there is none, or if its condition is not known here."""
    rule = ReminderRule.objects.active().prefetch_related("steps__texts").filter(code=code).first()
    return None if rule is None else _source(rule)


def people_of(step: RuleStep, case: Case, book: AudienceBook) -> dict[Recipient, int | None]:
    """Who is meant by a step, each person once, with the number of things that wait for them alone, if it is known."""
    if step.audience is Audience.GROUP:
        return dict.fromkeys(book.of_group(step.group))
    if step.audience is Audience.TURN:
        counts: dict[Recipient, int | None] = {}
        for permission, count in case.turns.items():
            for person in book.holders_of(permission) if count else ():
                counts[person] = (counts.get(person) or 0) + count
        return counts
    return dict.fromkeys(book.of_mission(case.mission_id, step.audience)) if case.mission_id is not None else {}


def zone_of(step: RuleStep, case: Case) -> str:
    """The zone whose clocks and calendar the step goes by."""
    return case.zone if step.clock is Clock.SUBJECT else case.host_zone


def _source(rule: ReminderRule) -> RuleSource | None:
    condition = condition_of(rule.condition)
    return None if condition is None else RuleSource(spec_of(rule), condition)


def _key(case: Case, meeting: Appointment) -> _Key:
    return meeting.person.address, case.subject_type, case.subject_id, meeting.slot.day
