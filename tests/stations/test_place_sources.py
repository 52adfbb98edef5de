"""The register says where its stations lie, as far as it knows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from missions.models import Constituency, Election
from missions.places import Position, positions_of
from tests.stations.deployment.builders import home_stations, overseas_station

pytestmark = pytest.mark.django_db


def test_stations_are_placed_by_their_code_in_one_query(election: Election, constituency: Constituency) -> None:
    home_stations(constituency, 3, latitude=40, longitude=48)
    overseas_station(election, "90001", "TUR", "Europe/Istanbul", latitude=None, longitude=None)

    with CaptureQueriesContext(connection) as captured:
        found = positions_of(election, ["00101", "00103", "90001", "airport"])

    assert found == {"00101": Position(40.01, 48.0), "00103": Position(40.03, 48.0)}
    assert len(captured) == 1


def test_a_code_of_another_election_is_not_placed(election: Election, constituency: Constituency) -> None:
    home_stations(constituency, 1, latitude=40, longitude=48)
    other = Election.objects.get(pk=election.pk)
    other.pk, other.code = None, "another"
    other.save()

    assert positions_of(other, ["00101"]) == {}
