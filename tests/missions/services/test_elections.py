"""Setting up an election."""

import datetime as dt
from dataclasses import replace

import pytest

from missions.errors import (
    ElectionExistsError,
    ElectionInvalidError,
    ResultsNotPublishableError,
    ResultsPublishedError,
)
from missions.kernel.errors import MissingError
from missions.kernel.models import Event
from missions.models import Commission, Election, User
from missions.services.elections import ElectionFacts, call_election, publish_results
from missions.states import CommissionLevel

pytestmark = pytest.mark.django_db
FACTS = ElectionFacts(
    code="x-2024",
    name="Election",
    host_country="AZE",
    e_day=dt.date(2024, 2, 7),
    called_on=dt.date(2023, 12, 7),
    time_zone="Asia/Baku",
    opens_at=dt.time(8),
    closes_at=dt.time(19),
    profile_code="az-2024",
)


def _call(facts: ElectionFacts, at: dt.datetime) -> Election:
    return call_election(facts=facts, commission_code="CEC", commission_name="Central", by=None, at=at)


def test_an_election_comes_with_its_central_commission(at: dt.datetime) -> None:
    election = _call(FACTS, at)

    assert Commission.objects.get(election=election).level == CommissionLevel.CENTRAL


def test_an_election_may_wait_for_its_profile(at: dt.datetime) -> None:
    assert _call(replace(FACTS, profile_code=""), at).profile_code == ""


def test_a_code_is_taken_once(at: dt.datetime) -> None:
    _call(FACTS, at)

    with pytest.raises(ElectionExistsError):
        _call(FACTS, at)


def test_every_wrong_fact_is_named(at: dt.datetime) -> None:
    wrong = replace(
        FACTS,
        time_zone="Asia/Nowhere",
        opens_at=dt.time(19),
        closes_at=dt.time(8),
        called_on=dt.date(2024, 3, 1),
        profile_code="nothing",
    )

    with pytest.raises(ElectionInvalidError) as caught:
        _call(wrong, at)

    assert [violation.code for violation in caught.value.violations] == [
        "zone-unknown",
        "hours-reversed",
        "called-after-election",
        "profile-unknown",
    ]
    assert not Election.objects.exists()


def test_results_are_published_once_after_the_polls_and_not_in_the_future(
    election: Election, reviewer: User, at: dt.datetime
) -> None:
    closes = dt.datetime(2024, 2, 7, 15, tzinfo=dt.UTC)
    second = dt.timedelta(seconds=1)
    for published_at, now in ((closes - second, closes), (closes + second, closes)):
        with pytest.raises(ResultsNotPublishableError):
            publish_results(election=election, published_at=published_at, by=reviewer, at=now)

    published = publish_results(election=election, published_at=closes, by=reviewer, at=closes + second)

    assert published.results_published_at == closes
    event = Event.objects.of(election).get()
    assert (event.verb, event.actor, event.at) == ("results_published", reviewer, closes + second)
    with pytest.raises(ResultsPublishedError):
        publish_results(election=election, published_at=closes, by=reviewer, at=closes + second)


def test_results_of_an_absent_election_are_missing(election: Election, reviewer: User, at: dt.datetime) -> None:
    election.pk = 2**40

    with pytest.raises(MissingError):
        publish_results(election=election, published_at=at, by=reviewer, at=at)
