"""A source of the public figure that the test sets, so that nobody has to be accredited."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from missions.headline import Headline, HeadlineRule
from missions.kernel import clock
from missions.models import Election, Organization

#: 23:00 in Baku on the day before the vote.
AS_OF = dt.datetime(2024, 2, 6, 19, tzinfo=dt.UTC)
AT = dt.datetime(2024, 2, 6, 20, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


class Desk:
    """Counts what it is told: the people of each organization and country from an instant on."""

    rule = HeadlineRule("by-hand", 1, "People whom the test names.")

    def __init__(self) -> None:
        self.rows: dict[dt.datetime, tuple[dict[str, int], dict[str, int], str]] = {}

    def say(self, since: dt.datetime, organizations: dict[str, int], countries: dict[str, int], *, who: str) -> None:
        self.rows[since] = (organizations, countries, who)

    def headline_of(self, election: Election, *, at: dt.datetime, organization: Organization | None = None) -> Headline:
        past = [since for since in self.rows if since <= at]
        organizations, countries, who = self.rows[max(past)] if past else ({}, {}, "nobody")
        if organization is not None:
            organizations = {key: n for key, n in organizations.items() if key == organization.acronym}
        heads = sum(organizations.values())
        return Headline(self.rule, heads, len(organizations), len(countries), organizations, countries, who)


desk = Desk()
Say = Callable[..., None]


@pytest.fixture
def say(settings: Settings, tmp_path: Path) -> Say:
    """Tells the desk what counts from an instant on."""
    desk.rows, desk.rule = {}, Desk.rule
    settings.HEADLINE_SOURCES = ["tests.missions.reports.figures.conftest.desk"]
    settings.PUBLIC_PAGES_DIR = tmp_path / "public-pages"
    clock.set_to(AT)
    return desk.say
