"""The register says where its stations lie, as far as it knows, and in which areas."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from missions.models import Constituency, Election
from missions.places import Position, places_of, positions_of
from stations.models import PollingStation
from stations.place_sources import station_places
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


@pytest.mark.parametrize("typed", ["00102", "001-02", "001/02 "])
def test_a_station_is_known_by_its_code_and_its_constituencys_commission_in_one_query(
    election: Election, constituency: Constituency, typed: str
) -> None:
    home_stations(constituency, 3, latitude=40, longitude=48)

    with CaptureQueriesContext(connection) as captured:
        known = station_places.known_as(election, typed)

    assert known == ("00102", "ConEC-1")
    assert len(captured) == 1
    assert places_of(election, typed) == ("00102", "CONEC1")


def test_a_station_is_known_as_the_register_writes_it(election: Election, constituency: Constituency) -> None:
    """Two codes that differ by their signs alone: the one that was meant counts."""
    plain, signed = home_stations(constituency, 2, latitude=40, longitude=48)
    PollingStation.objects.filter(pk=signed.pk).update(code="001-01")

    assert plain.code == "00101"
    assert station_places.known_as(election, "001-01") == ("001-01", "ConEC-1")
    assert station_places.known_as(election, "001/01") == ("00101", "ConEC-1")


def test_a_station_abroad_lies_in_no_constituency(election: Election) -> None:
    overseas_station(election, "90001", "TUR", "Europe/Istanbul")

    assert station_places.known_as(election, "90001") == ("90001",)


def test_places_outside_the_register_and_of_other_elections_are_not_known(
    election: Election, constituency: Constituency
) -> None:
    home_stations(constituency, 1, latitude=40, longitude=48)
    other = Election.objects.get(pk=election.pk)
    other.pk, other.code = None, "another"
    other.save()

    assert [station_places.known_as(*asked) for asked in ((election, "airport"), (other, "00101"))] == [(), ()]
    assert places_of(other, "001-01") == ("00101",)
