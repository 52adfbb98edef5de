"""A special station with all four preconditions, an escort to it, and who grants."""

import datetime as dt

import pytest

from missions.models import Constituency, Election, Mission, User
from stations.access.models import AccessGrant, EscortRun
from stations.access.services.grants import request_access
from stations.access.services.runs import RunDraft, add_escort_run
from stations.models import AccessRequirement, PollingStation
from stations.states import AccessCondition, StationKind
from tests.staff import in_role

#: Election day in Baku, from before the polls to after the count.
DEPARTS = dt.datetime(2024, 2, 7, 2, tzinfo=dt.UTC)
RETURNS = dt.datetime(2024, 2, 7, 20, tzinfo=dt.UTC)
UNTIL = dt.datetime(2024, 2, 8, 20, tzinfo=dt.UTC)


def special_station(constituency: Constituency, code: str, *conditions: AccessCondition) -> PollingStation:
    election = constituency.election
    station = PollingStation.objects.create(
        election=election,
        code=code,
        name=f"Field {code}",
        kind=StationKind.SPECIAL,
        constituency=constituency,
        voters=60,
        is_newly_covered=True,
        country=election.host_country,
        time_zone=election.time_zone,
        opens_at=election.opens_at,
        closes_at=election.closes_at,
    )
    for condition in conditions:
        AccessRequirement.objects.create(station=station, condition=condition, granted_by=f"Agency of {condition}")
    return station


@pytest.fixture
def station(constituency: Constituency) -> PollingStation:
    return special_station(constituency, "122001", *AccessCondition)


@pytest.fixture
def second_station(constituency: Constituency) -> PollingStation:
    return special_station(constituency, "122002", AccessCondition.ESCORT)


@pytest.fixture
def open_station(constituency: Constituency) -> PollingStation:
    """One that needs nothing."""
    return special_station(constituency, "122003")


@pytest.fixture
def run(election: Election, station: PollingStation, second_station: PollingStation, at: dt.datetime) -> EscortRun:
    """A convoy with six seats."""
    draft = RunDraft(AccessCondition.ESCORT, "Convoy", DEPARTS, RETURNS, ("122001", "122002"), 6)
    return add_escort_run(election=election, draft=draft, by=None, at=at)


@pytest.fixture
def permit(mission: Mission, station: PollingStation, lead: User, at: dt.datetime) -> AccessGrant:
    """A request for two persons."""
    return request_access(mission=mission, station=station, condition=AccessCondition.PERMIT, persons=2, by=lead, at=at)


@pytest.fixture
def escort(mission: Mission, station: PollingStation, lead: User, at: dt.datetime) -> AccessGrant:
    """A request for two persons."""
    return request_access(mission=mission, station=station, condition=AccessCondition.ESCORT, persons=2, by=lead, at=at)


@pytest.fixture
def officer() -> User:
    return in_role("protocol")
