"""What a move of election day means for badges: the end of a code that was signed never moves."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accreditation.badges.impact_sources import moved_badges
from accreditation.badges.models import Badge
from accreditation.badges.selectors import badges_over_before
from accreditation.badges.services.issuing import issue_badge
from accreditation.badges.states import BadgeState
from accreditation.models import Accreditation
from missions.impact import Change, Weight
from missions.models import Election, User
from missions.timeline.changes import ElectionMove
from tests.accreditation.badges.conftest import MakeAccreditation
from tests.accreditation.badges.made import badge_in

pytestmark = pytest.mark.django_db

Told = list[tuple[str, str, str]]


def told(election: Election, new_day: dt.date, by: User, at: dt.datetime) -> Told:
    impacts = moved_badges.of_change(ElectionMove(election.pk, new_day), user=by, at=at)
    return [(row.code, row.weight, str(row.sentence)) for row in impacts]


@pytest.fixture
def badges(make_accreditation: MakeAccreditation, issuer: User, at: dt.datetime) -> list[Badge]:
    """A card at its holder, one at the desk, a badge without card, and one that was lost. They end on 7 February."""
    states = (BadgeState.HANDED_OVER, BadgeState.PRINTED, BadgeState.SIGNED, BadgeState.LOST)
    return [
        badge_in(state, make_accreditation(number), by=issuer, at=at, number=number)
        for number, state in enumerate(states, start=1)
    ]


@pytest.mark.usefixtures("badges")
def test_cards_that_end_in_time_stay_good_and_name_the_former_day(
    election: Election, issuer: User, at: dt.datetime
) -> None:
    assert told(election, dt.date(2024, 2, 1), issuer, at) == [
        (
            "badges_name_day",
            Weight.TELLS,
            "2 cards stay good on the new day. They go on naming the former one.",
        ),
        (
            "badges_unprinted",
            Weight.SPOILS,
            "1 badge without a card names the former day and is issued anew before it is printed.",
        ),
    ]


def test_cards_that_end_too_early_are_work_for_the_desk(
    badges: list[Badge], election: Election, issuer: User, at: dt.datetime
) -> None:
    Badge.objects.filter(pk=badges[0].pk).update(valid_until=at + dt.timedelta(days=60))

    assert [row[:2] for row in told(election, dt.date(2024, 2, 21), issuer, at)] == [
        ("badges_too_short", Weight.SPOILS),
        ("badges_name_day", Weight.TELLS),
        ("badges_unprinted", Weight.SPOILS),
    ]


@pytest.mark.parametrize(("end", "is_over"), [("14:59:59", True), ("15:00:00", False)])
def test_a_card_counts_that_is_good_until_the_polls_close(
    badges: list[Badge], election: Election, end: str, is_over: bool
) -> None:
    closing = dt.datetime(2024, 2, 7, 15, tzinfo=dt.UTC)
    Badge.objects.filter(pk=badges[0].pk).update(valid_until=f"2024-02-07T{end}Z")
    rows = Badge.objects.filter(pk=badges[0].pk)

    assert badges_over_before(rows, election, instant=closing).exists() is is_over


@pytest.mark.usefixtures("trust")
def test_a_key_that_ends_earlier_ends_its_badges(
    accreditation: Accreditation, election: Election, issuer: User, at: dt.datetime
) -> None:
    badge = issue_badge(accreditation=accreditation, by=issuer, at=at)
    Badge.objects.update(valid_until=at + dt.timedelta(days=400))
    rows = Badge.objects.filter(pk=badge.pk)

    assert not badges_over_before(rows, election, instant=at + dt.timedelta(days=20)).exists()
    assert badges_over_before(rows, election, instant=at + dt.timedelta(days=200)).exists()


@pytest.mark.usefixtures("badges")
def test_it_is_silent_about_other_changes_and_elections_and_asks_little(
    election: Election, issuer: User, at: dt.datetime
) -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        told(election, dt.date(2024, 2, 21), issuer, at)

    assert list(moved_badges.of_change(Change(election.pk), user=issuer, at=at)) == []
    other = Election.objects.create(
        code="other",
        name="Other",
        host_country="AZE",
        e_day=election.e_day,
        time_zone="Asia/Baku",
        opens_at=election.opens_at,
        closes_at=election.closes_at,
    )
    assert told(other, dt.date(2024, 2, 21), issuer, at) == []
    assert len(queries) <= 7
