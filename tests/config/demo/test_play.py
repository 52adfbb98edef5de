"""Where an interrupted story is taken up again."""

import datetime as dt

import pytest

from config.demo.play import last_day_told
from config.demo.story import Story, read_story
from config.reference.geography import DATA
from missions.kernel.events import record_event
from missions.models import Election

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Story:
    return read_story(DATA)


def test_a_story_without_history_is_told_from_its_first_day(story: Story) -> None:
    assert last_day_told(story) < story.days[0]


def test_the_day_of_the_last_event_is_told_again_and_none_before_it(story: Story, election: Election) -> None:
    late_in_the_evening = dt.datetime(2024, 1, 14, 21, 30, tzinfo=dt.UTC)  # 15 January in Baku
    record_event("interrupted", election, by=None, at=late_in_the_evening)

    assert last_day_told(story) == dt.date(2024, 1, 14)
