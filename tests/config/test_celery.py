import datetime as dt

import pytest

from config.celery import BY_BEAT, RING_EXPIRES_SECONDS, SCHEDULE, app, ring


def test_ring_sends_the_task_of_that_name_once_and_lets_it_go_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[str, dict[str, object]]] = []
    monkeypatch.setattr(app, "send_task", lambda name, **options: sent.append((name, options)))

    ring("reminders.deliver_due")

    assert sent == [("reminders.deliver_due", {"retry": False, "expires": RING_EXPIRES_SECONDS})]


def test_beat_rings_each_job_and_lets_a_ring_go_stale_with_the_next() -> None:
    beat = app.conf.beat_schedule

    assert beat["reminders.plan_due"] == {
        "task": "reminders.plan_due",
        "schedule": dt.timedelta(minutes=5),
        "options": {"expires": 300.0, "headers": {BY_BEAT: True}},
    }
    assert set(beat) == set(SCHEDULE)
    assert all(entry["options"]["expires"] == entry["schedule"].total_seconds() for entry in beat.values())


def test_what_people_wait_for_is_looked_at_every_15_seconds() -> None:
    waiting = {"accounts.answer_resets", "reminders.deliver_due"}

    assert {SCHEDULE[name] for name in waiting} == {dt.timedelta(seconds=15)}
