import datetime as dt

import pytest
from celery import Celery

from config import beat
from config.beat import StaticScheduler
from tests.stopwatch import Watch


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    watch = Watch()
    monkeypatch.setattr(beat, "monotonic", watch)
    return watch


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The jobs for which the scheduler rang."""
    names: list[str] = []
    monkeypatch.setattr(StaticScheduler, "producer", None)
    monkeypatch.setattr(StaticScheduler, "apply_entry", lambda self, entry, producer: names.append(entry.name))
    return names


def _scheduler() -> StaticScheduler:
    app = Celery("beat-tests", set_as_current=False)
    app.conf.beat_schedule = {
        "often": {"task": "often", "schedule": dt.timedelta(seconds=5)},
        "seldom": {"task": "seldom", "schedule": dt.timedelta(minutes=5)},
    }
    return StaticScheduler(app)


def test_a_beat_rings_for_everything_when_it_starts(watch: Watch, rung: list[str]) -> None:
    wait = _scheduler().tick()

    assert sorted(rung) == ["often", "seldom"]
    assert wait == 5.0


def test_a_beat_rings_for_each_job_at_its_interval(watch: Watch, rung: list[str]) -> None:
    scheduler = _scheduler()
    for _ in range(600):
        scheduler.tick()
        watch.seconds += 1

    assert (rung.count("often"), rung.count("seldom")) == (120, 2)


def test_a_beat_that_slept_rings_once_and_not_for_each_interval_that_it_missed(watch: Watch, rung: list[str]) -> None:
    scheduler = _scheduler()
    scheduler.tick()
    watch.seconds += 6 * 60 * 60

    scheduler.tick()

    assert (rung.count("often"), rung.count("seldom")) == (2, 2)
    assert scheduler.tick() == 5.0
