import datetime as dt
from math import inf

import pytest
from django.db.models.functions import Now

from missions.kernel import clock
from missions.kernel.jobs import job_ages, note_job_began, note_job_ended
from missions.kernel.models import JobRun

pytestmark = pytest.mark.django_db
LONG_AGO = dt.datetime(2024, 2, 7, tzinfo=dt.UTC)


def row(name: str) -> JobRun:
    return JobRun.objects.get(name=name)


def test_a_job_is_noted_once_however_often_it_runs() -> None:
    note_job_began("mails", by_beat=True)
    JobRun.objects.update(began_at=LONG_AGO, beat_at=LONG_AGO, succeeded_at=LONG_AGO)

    note_job_began("mails", by_beat=False)

    noted = row("mails")
    assert noted.began_at > LONG_AGO
    assert (noted.beat_at, noted.succeeded_at, noted.failed_at) == (LONG_AGO, LONG_AGO, None)
    assert JobRun.objects.count() == 1


def test_a_beat_is_told_from_a_bell() -> None:
    note_job_began("mails", by_beat=True)
    first = row("mails").beat_at
    JobRun.objects.update(beat_at=LONG_AGO)

    note_job_began("mails", by_beat=True)

    assert first is not None
    assert (row("mails").beat_at or LONG_AGO) > LONG_AGO


@pytest.mark.parametrize("is_well", [True, False])
def test_how_a_job_ended_is_kept_apart(is_well: bool) -> None:
    note_job_began("mails", by_beat=False)

    note_job_ended("mails", is_well=is_well)

    noted = row("mails")
    assert (noted.succeeded_at is None, noted.failed_at is None) == (not is_well, is_well)


def test_ages_are_counted_by_real_time_whatever_the_clock_says() -> None:
    clock.set_to(LONG_AGO)
    JobRun.objects.create(name="never", began_at=LONG_AGO)
    JobRun.objects.create(name="mails", began_at=LONG_AGO, succeeded_at=Now() - dt.timedelta(seconds=90), beat_at=Now())

    ages = job_ages()

    assert set(ages.succeeded) == {"never", "mails"}
    assert ages.succeeded["never"] == inf
    assert 90 <= ages.succeeded["mails"] < 3_600
    assert 0 <= ages.beat < 3_600


def test_without_any_job_the_beat_is_endlessly_old() -> None:
    assert job_ages().beat == inf
