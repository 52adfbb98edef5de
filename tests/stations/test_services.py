"""A station is taken out of use once, with a reason, and back once; new plans leave it out."""

import datetime as dt

import pytest

from accreditation.states import Role
from missions.kernel.models import Event
from missions.models import Election, Mission
from stations.deployment.problem_loading import load_problem
from stations.deployment.states import LeftOutReason
from stations.errors import StationClosedError, StationInUseError
from stations.models import PollingStation
from stations.services import close_station, reopen_station
from tests.stations.deployment.builders import constituency, deployed, home_stations

pytestmark = pytest.mark.django_db


@pytest.fixture
def station(election: Election) -> PollingStation:
    return home_stations(constituency(election, 1, "North"), 3, latitude=41, longitude=48)[0]


def test_out_of_use_and_back_once_each(station: PollingStation, at: dt.datetime) -> None:
    closed = close_station(station=station, reason="Flooded", by=None, at=at)
    assert (closed.closed_at, closed.closed_reason, closed.is_closed) == (at, "Flooded", True)
    assert PollingStation.objects.in_use().count() == 2
    with pytest.raises(StationClosedError):
        close_station(station=station, reason="Again", by=None, at=at)

    opened = reopen_station(station=station, by=None, at=at, reason="Dry")
    assert (opened.closed_at, opened.closed_reason, opened.is_closed) == (None, "", False)
    with pytest.raises(StationInUseError):
        reopen_station(station=station, by=None, at=at)

    told = Event.objects.of(station).order_by("pk").values_list("verb", "reason")
    assert list(told) == [("station_closed", "Flooded"), ("station_reopened", "Dry")]


def test_new_plans_leave_it_out_and_say_why(
    station: PollingStation, election: Election, mission: Mission, at: dt.datetime
) -> None:
    deployed(mission, "FRA", Role.STO)
    close_station(station=station, reason="Flooded", by=None, at=at)

    loaded = load_problem(election, mission)

    assert station.pk not in loaded.index.stations.tolist()
    assert [(row.what, row.reason, row.ids) for row in loaded.left_out] == [
        ("station", LeftOutReason.STATION_CLOSED, (station.pk,))
    ]
