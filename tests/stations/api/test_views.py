"""What the register says, and how it is filtered."""

import pytest

from missions.models import Constituency
from stations.models import PollingStation
from stations.states import StationKind
from tests.missions.api.world import World, add_constituency, add_station, as_user


@pytest.fixture
def register(world: World) -> World:
    """Station 001 of the world with a camera, 002 in newly covered territory of constituency 2, and 003 overseas."""
    covered = add_station(world, add_constituency(world.election, 2), 2)
    PollingStation.objects.filter(pk=covered.pk).update(is_newly_covered=True, kind=StationKind.TEMPORARY)
    abroad = add_station(world, Constituency.objects.get(number=1), 3)
    PollingStation.objects.filter(pk=abroad.pk).update(
        kind=StationKind.OVERSEAS, constituency=None, country="LVA", city="Riga", latitude=None, longitude=None
    )
    return world


@pytest.mark.django_db
def test_a_station_is_shown_whole(register: World) -> None:
    (found,) = as_user(register.people.lead).get("/api/v1/polling-stations/?code=001").json()["results"]

    found.pop("id")
    assert found == {
        "election": register.election.pk,
        "code": "001",
        "name": "Station 1",
        "kind": "permanent",
        "constituency_number": 1,
        "address": "",
        "latitude": 40.40926,
        "longitude": 49.86709,
        "voters": 1001,
        "is_urban": False,
        "has_web_camera": True,
        "is_newly_covered": False,
        "country": "AZE",
        "city": "",
        "time_zone": "Asia/Baku",
        "opens_at": "08:00:00",
        "closes_at": "19:00:00",
        "embassy_contact": "",
        "accredited_by_embassy": False,
        "access_requirements": [{"condition": "escort", "granted_by": "Ministry"}],
        "closed_at": None,
        "closed_reason": "",
    }


@pytest.mark.django_db
def test_a_station_overseas_has_no_constituency(register: World) -> None:
    (found,) = as_user(register.people.lead).get("/api/v1/polling-stations/?country=LVA").json()["results"]

    assert (found["code"], found["city"], found["constituency_number"]) == ("003", "Riga", None)
    assert (found["latitude"], found["longitude"]) == (None, None)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("", ["001", "002", "003"]),
        ("kind=overseas", ["003"]),
        ("constituency_number=2", ["002"]),
        ("has_web_camera=true", ["001"]),
        ("has_web_camera=false", ["002", "003"]),
        ("is_newly_covered=true", ["002"]),
        ("country=AZE&is_newly_covered=false", ["001"]),
        ("code=1", []),
    ],
)
def test_stations_are_filtered(register: World, query: str, codes: list[str]) -> None:
    found = as_user(register.people.lead).get(f"/api/v1/polling-stations/?{query}").json()["results"]

    assert [station["code"] for station in found] == codes


@pytest.mark.django_db
@pytest.mark.parametrize("word", ["maybe", "True", "1", "yes", "none"])
def test_a_flag_is_true_or_false_and_nothing_else(register: World, word: str) -> None:
    response = as_user(register.people.lead).get(f"/api/v1/polling-stations/?has_web_camera={word}")

    assert response.status_code == 400


@pytest.mark.django_db
def test_the_register_version_tells_its_number_and_not_who_imported_what(world: World) -> None:
    (found,) = as_user(world.people.lead).get("/api/v1/register-versions/").json()["results"]

    found.pop("id")
    assert found == {
        "election": world.election.pk,
        "number": 1,
        "sha256": f"{1:064d}",
        "rows": 1,
        "added": 1,
        "changed": 0,
        "imported_at": "2024-01-18T12:00:00Z",
    }
