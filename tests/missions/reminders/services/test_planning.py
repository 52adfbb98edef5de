import datetime as dt
import logging
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from pytest_django import DjangoCaptureOnCommitCallbacks
from pytest_django.fixtures import Settings

from missions.models import Mission
from missions.reminders.models import Message
from missions.reminders.services.planning import plan_reminders
from missions.reminders.states import MessageState
from tests.missions.reminders import fakes
from tests.missions.reminders.fakes import DAY, NOON, draft

PLANNED_AT = NOON - DAY


@pytest.mark.django_db
def test_plan_reminders_writes_down_what_every_source_yields(mission: Mission) -> None:
    fakes.first.drafts = [draft(mission_id=mission.pk)]
    fakes.second.drafts = [draft(subject_id=2)]

    planned = plan_reminders(at=PLANNED_AT)

    assert planned == 2
    fields = ("rule", "to_address", "subject_type", "subject_id", "slot", "mission_id", "state", "subject", "body")
    assert list(Message.objects.order_by("rule").values_list(*fields)) == [
        (
            *("first_rule", "lead@odihr.example", "missions.mission", 1, dt.date(2024, 2, 1), mission.pk),
            *("planned", "Ünvan: reminder", "Salam,\nthis is due.\n"),
        ),
        (
            *("second_rule", "lead@odihr.example", "missions.mission", 2, dt.date(2024, 2, 1), None),
            *("planned", "Ünvan: reminder", "Salam,\nthis is due.\n"),
        ),
    ]
    instants = ("planned_at", "due_at", "not_after", "lease_until", "attempts", "unanswered", "sent_at", "error")
    assert set(Message.objects.values_list(*instants)) == {(PLANNED_AT, NOON, NOON + DAY, None, 0, 0, None, "")}
    assert len(set(Message.objects.values_list("uid"))) == 2


@pytest.mark.django_db
def test_plan_reminders_twice_adds_and_changes_nothing() -> None:
    fakes.first.drafts = [draft(subject_id=number) for number in range(3)]
    plan_reminders(at=PLANNED_AT)
    Message.objects.filter(subject_id=1).update(state=MessageState.SENT, sent_at=NOON)
    before = list(Message.objects.order_by("pk").values())

    again = plan_reminders(at=NOON)

    assert again == 0
    assert list(Message.objects.order_by("pk").values()) == before


@pytest.mark.django_db
def test_plan_reminders_adds_the_next_days_slot_and_what_is_new() -> None:
    fakes.first.drafts = [draft()]
    plan_reminders(at=PLANNED_AT)
    fakes.first.drafts = [draft(), draft(slot=dt.date(2024, 2, 2)), draft(to_address="other@odihr.example")]

    assert plan_reminders(at=NOON) == 2


@pytest.mark.django_db
def test_plan_reminders_takes_a_repeated_draft_once() -> None:
    fakes.first.drafts = [draft(), draft(body="other words")]

    assert plan_reminders(at=PLANNED_AT) == 1
    assert Message.objects.get().body == "Salam,\nthis is due.\n"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "error", "stored_as"),
    [
        (
            {"to_address": "a@x.example, b@x.example"},
            "This is not one e-mail address.",
            "a@x.example, b@x.example",
        ),
        ({"to_address": "a@x.example\r\nBcc: b"}, "This is not one e-mail address.", "a@x.example\ufffd\ufffdBcc: b"),
        ({"to_address": "x" * 400}, "This is not one e-mail address.", "x" * 254),
        ({"subject": "two\nlines"}, "The subject contains a control character.", "lead@odihr.example"),
        ({"body": "nul \x00"}, "The text contains a character that cannot be stored.", "lead@odihr.example"),
    ],
)
def test_plan_reminders_keeps_what_cannot_be_mailed_as_failed(
    changes: dict[str, object], error: str, stored_as: str
) -> None:
    fakes.first.drafts = [draft(**changes), draft(subject_id=2)]

    plan_reminders(at=PLANNED_AT)

    rows = Message.objects.order_by("subject_id").values_list("state", "error", "to_address", "body")
    assert list(rows) == [
        ("failed", error, stored_as, ""),
        ("planned", "", "lead@odihr.example", "Salam,\nthis is due.\n"),
    ]


@pytest.mark.django_db
def test_plan_reminders_goes_on_after_a_source_that_breaks(caplog: pytest.LogCaptureFixture) -> None:
    fakes.first.drafts, fakes.first.error = [draft(subject_id=1)], RuntimeError("no such table")
    fakes.second.drafts = [draft(subject_id=2)]

    planned = plan_reminders(at=PLANNED_AT)

    assert planned == 1
    assert list(Message.objects.values_list("rule", flat=True)) == ["second_rule"]
    (record,) = caplog.records
    assert (record.levelno, record.getMessage()) == (
        logging.ERROR,
        "Reminder source first_rule broke while planning; its mails may come later",
    )
    assert record.exc_info is not None
    assert str(record.exc_info[1]) == "no such table"


@pytest.mark.django_db
def test_plan_reminders_refuses_naive_instants(caplog: pytest.LogCaptureFixture) -> None:
    fakes.first.drafts = [draft(due_at=NOON.replace(tzinfo=None))]

    assert plan_reminders(at=PLANNED_AT) == 0
    assert [str(record.exc_info[1]) for record in caplog.records if record.exc_info] == [
        "first_rule drafted a reminder with a naive instant"
    ]


@pytest.mark.django_db
def test_plan_reminders_rings_for_delivery_only_when_something_is_new(
    settings: Settings, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    fakes.first.drafts = [draft()]

    with django_capture_on_commit_callbacks() as first_time:
        plan_reminders(at=PLANNED_AT)
    with django_capture_on_commit_callbacks() as second_time:
        plan_reminders(at=PLANNED_AT)

    assert (len(first_time), len(second_time)) == (1, 0)


@pytest.mark.django_db(transaction=True)
def test_plan_reminders_at_once_from_many_beats_writes_each_once() -> None:
    fakes.first.drafts = [draft(subject_id=number) for number in range(20)]
    beats = 4
    barrier = Barrier(beats)

    def beat(_: int) -> int:
        barrier.wait()
        try:
            return plan_reminders(at=PLANNED_AT)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(beats) as pool:
        new = list(pool.map(beat, range(beats)))

    assert sum(new) == 20
    assert sorted(Message.objects.values_list("subject_id", flat=True)) == list(range(20))
