"""When somebody is voting: the election's own hours and the answers of those who know more."""

import datetime as dt

import pytest
from pytest_django.fixtures import Settings

from missions.models import Election
from missions.polling import PollingHours, polling_hours, polls_close_at

EIGHT = dt.time(8)
HOME = dt.datetime(2024, 2, 7, 15, tzinfo=dt.UTC)


class Known:
    """A source that always says the same."""

    def __init__(self, closing: dt.datetime | None) -> None:
        self.closing = closing

    def last_closing(self, election: Election) -> dt.datetime | None:
        return self.closing

    def hours(self, election: Election) -> list[PollingHours]:
        return [] if self.closing is None else [PollingHours("KOR", "Asia/Seoul", EIGHT, EIGHT, 1, is_abroad=True)]


nothing = Known(None)
earlier = Known(HOME - dt.timedelta(hours=5))
later = Known(HOME + dt.timedelta(hours=12))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        ([], HOME),
        (["nothing"], HOME),
        (["earlier"], HOME),
        (["earlier", "later", "nothing"], HOME + dt.timedelta(hours=12)),
    ],
)
def test_the_polls_close_with_the_last_that_anybody_knows_of(
    election: Election, settings: Settings, sources: list[str], expected: dt.datetime
) -> None:
    settings.POLLING_SOURCES = [f"{__name__}.{name}" for name in sources]

    assert polls_close_at(election) == expected


@pytest.mark.django_db
def test_the_hours_are_those_that_all_sources_know(election: Election, settings: Settings) -> None:
    settings.POLLING_SOURCES = [f"{__name__}.{name}" for name in ("earlier", "nothing", "later")]

    assert [row.zone for row in polling_hours(election)] == ["Asia/Seoul", "Asia/Seoul"]
