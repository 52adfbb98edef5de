import datetime as dt

import pytest

from config.celery import RING_EXPIRES_SECONDS, app, ring


def test_ring_sends_the_task_of_that_name_once_and_lets_it_go_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[str, dict[str, object]]] = []
    monkeypatch.setattr(app, "send_task", lambda name, **options: sent.append((name, options)))

    ring("reminders.deliver_due")

    assert sent == [("reminders.deliver_due", {"retry": False, "expires": RING_EXPIRES_SECONDS})]


def test_beat_rings_what_people_wait_for_every_15_seconds_and_planning_every_5_minutes() -> None:
    assert app.conf.beat_schedule == {
        "accounts.answer_resets": {
            "task": "accounts.answer_resets",
            "schedule": dt.timedelta(seconds=15),
            "options": {"expires": 15.0},
        },
        "reminders.plan_due": {
            "task": "reminders.plan_due",
            "schedule": dt.timedelta(minutes=5),
            "options": {"expires": 300.0},
        },
        "reminders.deliver_due": {
            "task": "reminders.deliver_due",
            "schedule": dt.timedelta(seconds=15),
            "options": {"expires": 15.0},
        },
    }
