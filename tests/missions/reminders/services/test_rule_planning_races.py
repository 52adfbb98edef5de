"""Beats at once: whoever plans, each reminder is written once. Real connections; the control shows that they race."""

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from pytest_django.fixtures import Settings

from missions.models import Mission
from missions.reminders.models import Message, ReminderRule
from missions.reminders.rule_sources import RuleSource
from missions.reminders.services.planning import plan_reminders
from missions.reminders.sources import ReminderDraft
from tests.missions.reminders import rule_fakes
from tests.missions.reminders.fakes import NOON
from tests.missions.reminders.rule_fakes import case, stored_rule

pytestmark = pytest.mark.django_db(transaction=True)
BEATS, CASES = 3, 20


@pytest.fixture
def drafted(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many drafts each beat had in hand when all of them had looked and none had written."""
    settings.REMINDER_CONDITIONS = [rule_fakes.CONDITION]
    together, counts, honest = Barrier(BEATS), [], RuleSource.due

    def due(self: RuleSource, *, at: dt.datetime) -> Iterator[ReminderDraft]:
        drafts = list(honest(self, at=at))
        counts.append(len(drafts))
        together.wait(timeout=30)
        yield from drafts

    monkeypatch.setattr(RuleSource, "due", due)
    return counts


def _beat(_number: int) -> int:
    try:
        return plan_reminders(at=NOON)
    finally:
        connections.close_all()


@pytest.mark.usefixtures("lead")
def test_three_beats_at_once_write_each_reminder_once(mission: Mission, drafted: list[int]) -> None:
    ReminderRule.objects.all().delete()
    stored_rule()
    rule_fakes.cases.extend(case(mission, subject_id=number) for number in range(CASES))

    with ThreadPoolExecutor(BEATS) as pool:
        new = list(pool.map(_beat, range(BEATS)))

    assert drafted == [CASES] * BEATS, "the control: every beat was about to write all of them"
    assert sum(new) == CASES
    assert sorted(Message.objects.values_list("subject_id", flat=True)) == list(range(CASES))
