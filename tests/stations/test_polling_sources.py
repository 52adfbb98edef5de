"""The last station to close, told from its own zone and hours."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from missions.models import Constituency, Election
from missions.polling import polls_close_at
from stations.models import PollingStation
from stations.polling_sources import registered_stations
from tests.stations.deployment.builders import home_stations, overseas_station

pytestmark = pytest.mark.django_db


def test_los_angeles_closes_twelve_hours_after_baku(election: Election, constituency: Constituency) -> None:
    home_stations(constituency, 3, latitude=40, longitude=48)
    for code, country, zone in (
        ("90001", "KOR", "Asia/Seoul"),
        ("90002", "IRN", "Asia/Tehran"),
        ("90003", "USA", "America/New_York"),
        ("90004", "USA", "America/Los_Angeles"),
    ):
        overseas_station(election, code, country, zone)

    with CaptureQueriesContext(connection) as captured:
        closing = registered_stations.last_closing(election)

    assert closing == dt.datetime(2024, 2, 8, 3, tzinfo=dt.UTC)
    assert len(captured) == 1


def test_the_register_is_asked_by_the_settings_of_the_product(election: Election) -> None:
    assert polls_close_at(election) == dt.datetime(2024, 2, 7, 15, tzinfo=dt.UTC)

    overseas_station(election, "90001", "USA", "America/Los_Angeles")

    assert polls_close_at(election) == dt.datetime(2024, 2, 8, 3, tzinfo=dt.UTC)


def test_a_station_that_closes_later_than_the_others_counts(election: Election, constituency: Constituency) -> None:
    home_stations(constituency, 2, latitude=40, longitude=48)
    PollingStation.objects.filter(code=PollingStation.objects.earliest("code").code).update(closes_at=dt.time(22))

    assert registered_stations.last_closing(election) == dt.datetime(2024, 2, 7, 18, tzinfo=dt.UTC)


def test_an_empty_register_knows_nothing(election: Election) -> None:
    assert registered_stations.last_closing(election) is None
