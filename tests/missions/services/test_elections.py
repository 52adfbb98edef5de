"""Setting up an election."""

import datetime as dt
from dataclasses import replace

import pytest

from missions.errors import ElectionExistsError, ElectionInvalidError
from missions.models import Commission, Election
from missions.services.elections import ElectionFacts, call_election
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
