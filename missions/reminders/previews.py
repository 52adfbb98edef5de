"""Who would get a mail by a rule now, who later, and who would not, and why. Nothing is written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfoNotFoundError

from django.utils.translation import gettext as _

from missions.models import Membership
from missions.reminders import rules, texts
from missions.reminders.audiences import ROLES, AudienceBook
from missions.reminders.batches import batches
from missions.reminders.conditions import Case, Condition, Search
from missions.reminders.models import Message
from missions.reminders.rule_sources import CASES_TOGETHER, Appointment, RuleSource, people_of, zone_of
from missions.reminders.rule_words import anchor_words, audience_words
from missions.reminders.schedule import next_slot
from missions.reminders.sources import ReminderDraft
from missions.reminders.specs import RuleSpec
from missions.reminders.states import MessageState
from missions.states import MailLanguage

#: So many lines of each kind are shown; the counts are always whole.
SHOWN = 200
#: So far ahead is looked for those who are told later.
LOOK_AHEAD_DAYS = 14


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody who is told: of what, by which step, from when on; `state` if there is a message already."""

    about: str
    address: str
    step: int
    due_at: datetime
    zone: str
    reason: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something of which somebody is not told, and why not."""

    about: str
    why: str


@dataclass(slots=True)
class Preview:
    """What a rule would do at an instant. Lists are cut at SHOWN, counts are whole; a sample for each language."""

    now: list[Told] = field(default_factory=list)
    later: list[Told] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    samples: dict[MailLanguage, ReminderDraft] = field(default_factory=dict)
    now_count: int = 0
    later_count: int = 0
    left_out_count: int = 0
    is_private: bool = False

    def tell(self, told: Told) -> None:
        self.now_count += 1
        if len(self.now) < SHOWN:
            self.now.append(told)

    def postpone(self, told: Told) -> None:
        self.later_count += 1
        if len(self.later) < SHOWN:
            self.later.append(told)

    def leave_out(self, about: str, why: str) -> None:
        self.left_out_count += 1
        if len(self.left_out) < SHOWN:
            self.left_out.append(LeftOut(about, why))


def preview_rule(spec: RuleSpec, condition: Condition, *, at: datetime) -> Preview:
    """What the rule would do at the instant, whether it is active, saved, or neither.

    Empty where the condition is private: who would be told is nothing that the ministry may read.
    """
    if condition.is_private:
        return Preview(is_private=True)
    return _Previewer(RuleSource(spec, condition), at).run()


class _Previewer:
    def __init__(self, source: RuleSource, at: datetime) -> None:
        self._source, self._at = source, at
        self._book, self._found = AudienceBook(), Preview()
        self._standing: set[tuple[str, str, int]] = set()

    def run(self) -> Preview:
        search = Search(self._at, self._source.spec.days_before + LOOK_AHEAD_DAYS)
        for cases in batches(self._source.condition.find(search), CASES_TOGETHER):
            missions = {case.mission_id for case in cases if case.mission_id is not None}
            self._book.turn_to(missions)
            inactive, states = _inactive_members(missions), self._states(cases)
            for case in cases:
                self._look_at(case, inactive, states)
        self._look_at_what_is_gone()
        return self._found

    def _look_at(
        self, case: Case, inactive: Mapping[tuple[int, str], list[str]], states: Mapping[tuple[object, ...], str]
    ) -> None:
        spec = self._source.spec
        if spec.anchor not in case.anchors:
            anchor = anchor_words(spec, self._source.condition)
            self._found.leave_out(case.label, _("It is not known when: %s.") % anchor)
            return
        try:
            meetings = self._source.appointments(case, self._book, self._at)
            self._look_ahead(case, meetings)
        except ZoneInfoNotFoundError as error:
            self._found.leave_out(case.label, _("The time zone is not known here: %s.") % error.args[0])
            return
        for meeting in meetings.values():
            self._meet(case, meeting, states)
        for step in spec.steps:
            for address in inactive.get((case.mission_id or 0, step.audience), ()):
                self._found.leave_out(case.label, _("The account of %s is not active.") % address)

    def _meet(self, case: Case, meeting: Appointment, states: Mapping[tuple[object, ...], str]) -> None:
        address = meeting.person.address
        if problem := rules.address_problem(address):
            self._found.leave_out(case.label, f"{address}: {problem}")
            return
        try:
            draft = self._source.draft(case, meeting)
        except texts.TextError as error:
            self._found.leave_out(case.label, _("The text cannot be filled: %s.") % error)
            return
        self._found.samples.setdefault(MailLanguage(draft.language), draft)
        self._standing.add((address, case.subject_type, case.subject_id))
        self._found.tell(
            Told(
                about=case.label,
                address=address,
                step=meeting.position + 1,
                due_at=meeting.slot.due_at,
                zone=zone_of(self._source.spec.steps[meeting.position], case),
                reason=draft.reason,
                state=states.get((address, case.subject_type, case.subject_id, meeting.slot.day), ""),
            )
        )

    def _look_ahead(self, case: Case, meetings: Mapping[str, Appointment]) -> None:
        """Who is told by a later slot, and of which steps there is nobody."""
        anchor = case.anchors[self._source.spec.anchor]
        for position, step in enumerate(self._source.spec.steps):
            people = people_of(step, case, self._book)
            zone = zone_of(step, case)
            slot = next_slot(step.timing, anchor=anchor, zone=zone, until=case.until, at=self._at)
            if not people:
                self._found.leave_out(case.label, _("There is nobody: %s.") % audience_words(step))
            elif slot is not None and slot.due_at <= self._at + timedelta(days=LOOK_AHEAD_DAYS):
                for person in people:
                    if person.address not in meetings:
                        self._found.postpone(Told(case.label, person.address, position + 1, slot.due_at, zone))

    def _states(self, cases: Iterable[Case]) -> dict[tuple[object, ...], str]:
        rows = Message.objects.filter(
            rule=self._source.rule, subject_id__in={case.subject_id for case in cases}
        ).values_list("to_address", "subject_type", "subject_id", "slot", "state")
        return {(*key,): str(MessageState(state).label) for *key, state in rows}

    def _look_at_what_is_gone(self) -> None:
        """Messages that wait, and that will not be sent: for them the condition does not hold any more."""
        waiting = Message.objects.filter(rule=self._source.rule, state=MessageState.PLANNED).order_by("pk")
        for message in waiting.iterator(chunk_size=1_000):
            if (message.to_address, message.subject_type, message.subject_id) not in self._standing:
                why = _("The mail to %s waits and will not be sent: its reason is gone.") % message.to_address
                self._found.leave_out(message.subject, why)


def _inactive_members(mission_ids: Iterable[int]) -> dict[tuple[int, str], list[str]]:
    """The addresses of accounts that are not active, by mission and audience. One query."""
    found: dict[tuple[int, str], list[str]] = {}
    rows = Membership.objects.filter(mission_id__in=mission_ids, user__is_active=False).order_by("user__email")
    for mission_id, role, address in rows.values_list("mission_id", "role", "user__email"):
        for audience, roles in ROLES.items():
            if role in roles:
                found.setdefault((mission_id, audience), []).append(address)
    return found
