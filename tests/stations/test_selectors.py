"""Totals of the register."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from missions.models import Election
from stations.models import PollingStation
from stations.selectors import RegisterTotals, register_totals
from tests.stations.deployment.builders import constituency, home_stations, overseas_station

pytestmark = pytest.mark.django_db


def test_the_totals_count_every_part_of_the_register(election: Election) -> None:
    for number in (1, 2):
        home_stations(constituency(election, number, "North"), 3, latitude=40, longitude=48)
    for code, country in (("90001", "KOR"), ("90002", "USA"), ("90003", "USA")):
        overseas_station(election, code, country, "UTC")
    PollingStation.objects.filter(code="00102").update(latitude=None, longitude=None)

    with CaptureQueriesContext(connection) as captured:
        totals = register_totals(election)

    assert totals == RegisterTotals(
        stations=9,
        overseas=3,
        overseas_countries=2,
        constituencies=2,
        newly_covered=2,
        web_cameras=2,
        voters=2 * (510 + 520 + 530) + 3 * 80,
        without_coordinates=1,
    )
    assert len(captured) == 1


def test_an_empty_register_has_no_voters(election: Election) -> None:
    assert register_totals(election) == RegisterTotals(0, 0, 0, 0, 0, 0, 0, 0)
