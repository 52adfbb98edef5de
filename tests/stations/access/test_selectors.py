"""Which preconditions of planned visits are missing, and why."""

import datetime as dt
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from missions.models import Mission
from stations.access.models import AccessGrant, EscortRun
from stations.access.selectors import MissingAccess, PlannedVisit, missing_access
from stations.access.services.grants import grant_access, refuse_access, request_access, withdraw_access
from stations.access.states import MissingReason
from stations.models import AccessRequirement, PollingStation
from stations.states import AccessCondition
from tests.stations.access.conftest import DEPARTS, RETURNS, UNTIL

pytestmark = pytest.mark.django_db

_NOT = MissingReason.NOT_REQUESTED


@pytest.fixture
def visit(mission: Mission, station: PollingStation) -> PlannedVisit:
    return PlannedVisit(mission.pk, station.pk, DEPARTS + dt.timedelta(hours=1), RETURNS - dt.timedelta(hours=1))


def why(visit: PlannedVisit, condition: AccessCondition) -> MissingReason | None:
    missing = {row.condition: row.reason for row in missing_access([visit])}
    return missing.get(condition)


def test_everything_is_missing_at_first_and_names_who_grants_it(visit: PlannedVisit) -> None:
    assert missing_access([visit]) == tuple(
        MissingAccess(visit, condition, f"Agency of {condition}", _NOT) for condition in sorted(AccessCondition)
    )


def test_a_station_without_preconditions_is_open(visit: PlannedVisit, open_station: PollingStation) -> None:
    assert missing_access([replace(visit, station_id=open_station.pk)]) == ()
    assert missing_access([]) == ()


def test_a_permit_goes_through_all_reasons(visit: PlannedVisit, permit: AccessGrant, at: dt.datetime) -> None:
    permits = AccessCondition.PERMIT
    assert why(visit, permits) is MissingReason.WAITING

    grant_access(grant=permit, granted_by="Agency", valid_until=visit.leaves_at, by=None, at=at)
    assert why(visit, permits) is None
    longer = replace(visit, leaves_at=visit.leaves_at + dt.timedelta(seconds=1))
    assert why(longer, permits) is MissingReason.ENDS_BEFORE

    refuse_access(grant=permit, reason="Mines", by=None, at=at)
    assert why(visit, permits) is MissingReason.REFUSED
    again = request_access(mission=permit.mission, station=permit.station, condition=permits, persons=2, by=None, at=at)
    assert why(visit, permits) is MissingReason.WAITING
    withdraw_access(grant=again, by=None, at=at)
    assert why(visit, permits) is _NOT


def test_a_grant_of_another_mission_or_station_does_not_count(
    visit: PlannedVisit, permit: AccessGrant, other_mission: Mission, second_station: PollingStation, at: dt.datetime
) -> None:
    grant_access(grant=permit, granted_by="Agency", valid_until=UNTIL, by=None, at=at)

    assert why(replace(visit, mission_id=other_mission.pk), AccessCondition.PERMIT) is _NOT
    escort = replace(visit, station_id=second_station.pk)
    assert [row.condition for row in missing_access([escort])] == [AccessCondition.ESCORT]


@pytest.mark.parametrize(
    ("arrives", "leaves", "reason"),
    [
        (DEPARTS, RETURNS, None),
        (DEPARTS - dt.timedelta(seconds=1), RETURNS, MissingReason.OTHER_TIME),
        (DEPARTS, RETURNS + dt.timedelta(seconds=1), MissingReason.OTHER_TIME),
    ],
)
def test_an_escort_is_there_as_long_as_the_visit(
    visit: PlannedVisit,
    escort: AccessGrant,
    run: EscortRun,
    at: dt.datetime,
    arrives: dt.datetime,
    leaves: dt.datetime,
    reason: MissingReason | None,
) -> None:
    grant_access(grant=escort, granted_by="Agency", valid_until=UNTIL, run=run, by=None, at=at)

    assert why(replace(visit, arrives_at=arrives, leaves_at=leaves), AccessCondition.ESCORT) is reason


def test_a_register_file_that_writes_the_conditions_anew_keeps_the_grant(
    visit: PlannedVisit, permit: AccessGrant, at: dt.datetime
) -> None:
    grant_access(grant=permit, granted_by="Agency", valid_until=UNTIL, by=None, at=at)
    AccessRequirement.objects.filter(station=permit.station).delete()
    assert missing_access([visit]) == ()

    AccessRequirement.objects.create(station=permit.station, condition=AccessCondition.PERMIT, granted_by="New agency")

    assert missing_access([visit]) == ()


def test_any_number_of_visits_takes_two_queries(visit: PlannedVisit, permit: AccessGrant) -> None:
    with CaptureQueriesContext(connection) as queries:
        missing = missing_access([visit] * 2_000)

    assert (len(missing), len(queries)) == (8_000, 2)
