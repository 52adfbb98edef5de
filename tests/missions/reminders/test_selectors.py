import datetime as dt

import pytest
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from missions.reminders.models import MailPause, Message
from missions.reminders.rule_sources import RuleSource
from missions.reminders.selectors import (
    StateCount,
    count_messages_by_state,
    due_messages,
    reminder_sources,
    sendable_messages,
    source_of,
)
from missions.reminders.services.planning import plan_reminders
from missions.reminders.states import MessageState
from tests.missions.reminders import fakes, rule_fakes
from tests.missions.reminders.fakes import DAY, NOON

SECOND = dt.timedelta(seconds=1)


@pytest.mark.django_db
def test_source_of_finds_the_source_by_its_rule_and_a_rule_of_the_ministry(settings: Settings) -> None:
    settings.REMINDER_CONDITIONS = [rule_fakes.CONDITION]
    rule_fakes.stored_rule()

    assert list(reminder_sources()) == [fakes.first, fakes.second]
    assert source_of("second_rule") is fakes.second
    assert source_of("parcels") == RuleSource(rule_fakes.PARCELS_WAIT, rule_fakes.parcels)
    assert source_of("third_rule") is None


@pytest.mark.django_db
def test_source_of_forgets_a_source_that_the_settings_drop(settings: Settings) -> None:
    settings.REMINDER_SOURCES = [fakes.SECOND]

    assert source_of("first_rule") is None


@pytest.mark.parametrize(
    ("offset", "is_due"),
    [(-1, False), (0, True), (24, True), (25, False)],
    ids=["before", "when due", "last instant", "too late"],
)
def test_due_messages_are_due_from_and_until(message: Message, offset: int, is_due: bool) -> None:
    at = NOON + DAY * offset / 24

    assert (message in due_messages(at=at)) == is_due
    assert (message in sendable_messages(at=at)) == is_due


@pytest.mark.parametrize(
    ("domain", "until", "is_sendable"),
    [
        ("odihr.example", NOON + SECOND, False),
        ("odihr.example", NOON, True),
        ("odihr.example", None, True),
        ("other.example", NOON + DAY, True),
        (MailPause.OUR_SERVER, NOON + SECOND, False),
        (MailPause.OUR_SERVER, NOON, True),
    ],
    ids=["paused", "pause over", "trouble without pause", "another domain", "our server paused", "our server back"],
)
def test_sendable_messages_leave_out_whose_domain_pauses(
    message: Message, domain: str, until: dt.datetime | None, is_sendable: bool
) -> None:
    MailPause.objects.create(domain=domain, since=NOON - DAY, until=until)

    assert (message in sendable_messages(at=NOON)) == is_sendable


@pytest.mark.django_db
def test_due_messages_are_sorted_by_how_long_they_are_due() -> None:
    fakes.first.drafts = [
        fakes.draft(subject_id=1, due_at=NOON),
        fakes.draft(subject_id=2, due_at=NOON - DAY),
        fakes.draft(subject_id=3, due_at=NOON - DAY),
    ]
    plan_reminders(at=NOON)
    Message.objects.filter(subject_id=3).update(state=MessageState.CANCELLED)

    assert [row.subject_id for row in due_messages(at=NOON)] == [2, 1]


@pytest.mark.django_db
def test_count_messages_by_state_in_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    fakes.first.drafts = [fakes.draft(subject_id=number) for number in range(3)]
    plan_reminders(at=NOON)
    Message.objects.filter(subject_id=0).update(state=MessageState.PARKED)

    with django_assert_num_queries(1):
        counts = count_messages_by_state()

    assert counts == (StateCount(MessageState.PLANNED, 2), StateCount(MessageState.PARKED, 1))
