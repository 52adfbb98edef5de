"""The register of a run-off, or of the constituencies in which voting is repeated."""

import datetime as dt

import pytest

from missions.models import Constituency, Election, User
from missions.states import FollowKind
from missions.timeline.moving.rounds import open_next_round
from stations.models import AccessRequirement, PollingStation
from stations.register.copying import copy_register
from stations.register.models import RegisterVersion
from stations.states import AccessCondition
from tests.stations.deployment.builders import constituency, home_stations, overseas_station

pytestmark = pytest.mark.django_db

AFTER = dt.datetime(2024, 2, 8, 8, tzinfo=dt.UTC)
_OWN = ("id", "election_id", "constituency_id")


@pytest.fixture
def register(election: Election) -> list[PollingStation]:
    """Two constituencies with two stations each, the first of which needs a permission, and one abroad."""
    north, south = constituency(election, 1, "North"), constituency(election, 2, "South")
    rows = [*home_stations(north, 2, latitude=40, longitude=49), *home_stations(south, 2, latitude=39, longitude=48)]
    AccessRequirement.objects.create(station=rows[0], condition=AccessCondition.values[0], granted_by="Ministry")
    return [*rows, overseas_station(election, "90001", "DEU", "Europe/Berlin")]


def opened(election: Election, kind: FollowKind, constituencies: list[int] | None = None) -> Election:
    return open_next_round(
        election=election, kind=kind, e_day=dt.date(2024, 2, 21), constituencies=constituencies, by=None, at=AFTER
    )


def facts(station: PollingStation) -> dict[str, object]:
    values = {field.attname: getattr(station, field.attname) for field in station._meta.concrete_fields}
    return {name: value for name, value in values.items() if name not in _OWN}


def test_a_run_off_has_every_station_as_it_is_and_names_the_register_before(
    election: Election, register: list[PollingStation]
) -> None:
    run_off = opened(election, FollowKind.RUN_OFF)

    made = list(run_off.polling_stations.order_by("pk"))
    assert [facts(row) for row in made] == [facts(PollingStation.objects.get(pk=row.pk)) for row in register]
    assert [row.constituency.election if row.constituency else None for row in made] == [run_off] * 4 + [None]
    requirement = AccessRequirement.objects.get(station__election=run_off)
    assert (requirement.station, requirement.granted_by) == (made[0], "Ministry")
    version = RegisterVersion.objects.get(election=run_off)
    assert (version.number, version.file_name, version.rows, version.added) == (1, "az-2024, 0", 5, 5)


@pytest.mark.usefixtures("register")
def test_repeat_voting_has_the_stations_of_its_constituencies(election: Election) -> None:
    repeat = opened(election, FollowKind.REPEAT, [2])

    assert list(repeat.polling_stations.values_list("code", "constituency__number")) == [("00201", 2), ("00202", 2)]
    assert Constituency.objects.filter(election=repeat).count() == 1


def test_an_election_without_stations_or_without_a_vote_before_copies_nothing(election: Election, lead: User) -> None:
    run_off = opened(election, FollowKind.RUN_OFF)

    assert copy_register(election_id=election.pk, by=lead, at=AFTER) == 0
    assert not RegisterVersion.objects.filter(election__in=(election, run_off)).exists()
