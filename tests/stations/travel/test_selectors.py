"""Which travel times a planning run gets: the owner's own, or else the ministry's, in its own order."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from missions.models import Constituency, Election, Mission, User
from stations.models import PollingStation
from stations.travel.models import TravelMatrix
from stations.travel.permissions import can_measure_travel
from stations.travel.selectors import MeasuredTravel, measured_travel, stations_since
from stations.travel.services import remove_matrix, store_matrix
from tests.staff import in_role
from tests.stations.deployment.builders import constituency, home_stations
from tests.stations.travel.conftest import FILE, ROWS, file_of

pytestmark = pytest.mark.django_db

#: As FILE, but every way takes a second.
FLAT = file_of([",".join([*row.split(",")[:2], "1", "1"]) for row in ROWS])


def store(place: Constituency, mission: Mission | None, data: bytes, at: dt.datetime) -> TravelMatrix:
    return store_matrix(data=data, file_name="t.csv", constituency=place, mission=mission, by=None, at=at)


def test_cells_stand_in_the_order_that_was_asked_for(
    election: Election, place: Constituency, stations: list[PollingStation], at: dt.datetime
) -> None:
    store(place, None, FILE, at)

    travel = measured_travel(election, None, {place.pk: [stations[2].pk, stations[0].pk]})

    assert travel.matrices[place.pk].seconds.tolist() == [[0, 3, 1], [10, 0, 11], [4, 6, 0]]
    assert travel.matrices[place.pk].metres.tolist() == [[0, 30, 10], [100, 0, 110], [40, 60, 0]]
    assert travel.outdated == ()


def test_the_own_comes_before_the_ministrys_and_another_missions_is_never_used(
    election: Election, place: Constituency, stations: list[PollingStation], mission: Mission, at: dt.datetime
) -> None:
    asked = {place.pk: [station.pk for station in stations]}
    own = store(place, mission, FLAT, at)
    assert measured_travel(election, None, asked) == MeasuredTravel({}, ())
    store(place, None, FILE, at)

    assert measured_travel(election, mission, asked).matrices[place.pk].seconds.max() == 1
    assert measured_travel(election, None, asked).matrices[place.pk].seconds.max() == 12
    remove_matrix(matrix=own, by=None, at=at)
    assert measured_travel(election, mission, asked).matrices[place.pk].seconds.max() == 12


def test_a_station_that_came_later_makes_it_outdated(
    election: Election, place: Constituency, stations: list[PollingStation], at: dt.datetime
) -> None:
    store(place, None, FILE, at)
    other = constituency(election, 2, "South")
    [far] = home_stations(other, 1, latitude=39.0, longitude=48.0)
    new = PollingStation.objects.get(pk=stations[0].pk)
    new.pk, new.code = None, "00104"
    new.save()

    with CaptureQueriesContext(connection) as queries:
        travel = measured_travel(
            election, None, {place.pk: [*(station.pk for station in stations), new.pk], other.pk: [far.pk]}
        )

    assert travel == MeasuredTravel({}, (place.pk,))
    assert stations_since(TravelMatrix.objects.get()) == ["00104"]
    assert len(queries) == 2


def test_the_ministrys_are_for_everybody_and_a_missions_own_for_its_people(
    place: Constituency, stations: list[PollingStation], mission: Mission, lead: User, other_lead: User, at: dt.datetime
) -> None:
    ministry, own = store(place, None, FILE, at), store(place, mission, FILE, at)
    people = (lead, other_lead, in_role("planner"), in_role("auditor"), AnonymousUser())

    seen = [set(TravelMatrix.objects.visible_to(user)) for user in people]

    assert seen == [{ministry, own}, {ministry}, {ministry}, {ministry}, set()]
    assert [can_measure_travel(user, mission=mission) for user in people] == [True, False, False, False, False]
    assert [can_measure_travel(user, mission=None) for user in people] == [False, False, True, False, False]
