"""The lock before election day, and that a locked sample is mended by rank order only."""

import datetime as dt
from dataclasses import replace
from functools import partial

import pytest
from django.db import IntegrityError, transaction

from missions.kernel.models import Event
from missions.kernel.transitions import IllegalTransitionError
from missions.models import Election, Mission
from stations.deployment.samples.errors import (
    AnotherSampleLockedError,
    ReserveExhaustedError,
    SampleNotLockedError,
    SampleTooLateError,
    StationNotInSampleError,
)
from stations.deployment.samples.models import SampledStation, StationSample
from stations.deployment.samples.selectors import sampled_stations
from stations.deployment.samples.services.draws import draw_sample
from stations.deployment.samples.services.locks import discard_sample, lock_sample, replace_station
from stations.deployment.samples.states import Place, SampleState
from stations.models import PollingStation
from tests.racing import errors_of, race
from tests.stations.deployment.samples.conftest import WISH

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]

#: The first minute of election day in Baku.
MIDNIGHT = dt.datetime(2024, 2, 6, 20, tzinfo=dt.UTC)


@pytest.fixture
def sample(mission: Mission, election: Election, at: dt.datetime) -> StationSample:
    return draw_sample(election=election, mission=mission, wish=WISH, by=None, at=at)


@pytest.fixture
def locked(sample: StationSample, at: dt.datetime) -> StationSample:
    return lock_sample(sample=sample, by=None, at=at)


def stratum_of(sample: StationSample, place: Place) -> list[SampledStation]:
    """The stations of the northern towns."""
    rows = SampledStation.objects.filter(sample=sample, stratum__values=["North", "urban"], place=place)
    return list(rows.select_related("station").order_by("rank"))


def test_a_sample_is_locked_once_and_for_good(sample: StationSample, at: dt.datetime) -> None:
    locked = lock_sample(sample=sample, by=None, at=at)

    assert (locked.state, locked.locked_at, locked.version) == (SampleState.LOCKED, at, 2)
    for act in (partial(lock_sample, sample=sample), partial(discard_sample, sample=sample)):
        with pytest.raises(IllegalTransitionError):
            act(by=None, at=at)
    event = Event.objects.get(verb="sample_locked")
    assert (event.is_private, event.from_state, event.to_state) == (True, "drawn", "locked")


def test_the_lock_closes_when_election_day_begins(sample: StationSample, mission: Mission, election: Election) -> None:
    with pytest.raises(SampleTooLateError):
        lock_sample(sample=sample, by=None, at=MIDNIGHT)

    last = MIDNIGHT - dt.timedelta(microseconds=1)
    assert lock_sample(sample=sample, by=None, at=last).locked_at == last


def test_a_mission_locks_one_sample_and_the_pool_another(
    locked: StationSample, mission: Mission, election: Election, at: dt.datetime
) -> None:
    for owner in (mission, None):
        draw_sample(election=election, mission=owner, wish=WISH, by=None, at=at)
    second, pooled = StationSample.objects.filter(state=SampleState.DRAWN).order_by("pk")

    with pytest.raises(AnotherSampleLockedError):
        lock_sample(sample=second, by=None, at=at)

    assert lock_sample(sample=pooled, by=None, at=at).state == SampleState.LOCKED


def test_a_discarded_sample_stays_readable(sample: StationSample, at: dt.datetime) -> None:
    discarded = discard_sample(sample=sample, reason=" Wrong seed ", by=None, at=at)

    assert (discarded.state, discarded.stations.count()) == (SampleState.DISCARDED, 26)
    assert Event.objects.get(verb="sample_discarded").reason == "Wrong seed"


def test_the_next_of_the_reserve_takes_the_place(locked: StationSample, at: dt.datetime) -> None:
    leaving, reserve = stratum_of(locked, Place.DRAWN)[1], stratum_of(locked, Place.RESERVE)

    coming = replace_station(sample=locked, station=leaving.station, reason="Flooded", by=None, at=at)

    leaving.refresh_from_db()
    assert (coming.pk, coming.place, coming.stands_for) == (reserve[0].pk, Place.DRAWN, leaving)
    assert (leaving.place, leaving.replaced_at, leaving.reason) == (Place.REPLACED, at, "Flooded")
    event = Event.objects.get(verb="sample_station_replaced")
    assert (event.changed, event.reason, event.is_private) == (
        [f"{leaving.station.code} → {coming.station.code}"],
        "Flooded",
        True,
    )
    # The stand-in may be replaced too, by the next in turn.
    third = replace_station(sample=locked, station=coming.station, reason="Closed", by=None, at=at)
    assert (third.pk, third.stands_for) == (reserve[1].pk, coming)
    locked.refresh_from_db()
    assert locked.version == 4


def test_only_a_station_of_a_locked_sample_is_replaced(sample: StationSample, at: dt.datetime) -> None:
    drawn, reserve = stratum_of(sample, Place.DRAWN)[0], stratum_of(sample, Place.RESERVE)[0]

    with pytest.raises(SampleNotLockedError):
        replace_station(sample=sample, station=drawn.station, reason="Closed", by=None, at=at)
    lock_sample(sample=sample, by=None, at=at)
    for station in (reserve.station, PollingStation.objects.get(code="90001")):
        with pytest.raises(StationNotInSampleError):
            replace_station(sample=sample, station=station, reason="Closed", by=None, at=at)


def test_when_the_reserve_is_used_up_it_is_said(locked: StationSample, at: dt.datetime) -> None:
    for _ in range(5):
        station = stratum_of(locked, Place.DRAWN)[-1].station
        replace_station(sample=locked, station=station, reason="Closed", by=None, at=at)
    station = stratum_of(locked, Place.DRAWN)[-1].station

    with pytest.raises(ReserveExhaustedError):
        replace_station(sample=locked, station=station, reason="Closed", by=None, at=at)

    assert len(stratum_of(locked, Place.DRAWN)) == 3


def test_the_optimizer_is_told_the_locked_sample_as_it_stands(
    mission: Mission, election: Election, at: dt.datetime
) -> None:
    sample = draw_sample(election=election, mission=mission, wish=replace(WISH, size=4, minimum=0), by=None, at=at)
    assert sampled_stations(election, mission) == {}

    lock_sample(sample=sample, by=None, at=at)
    leaving = stratum_of(sample, Place.DRAWN)[0]
    coming = replace_station(sample=sample, station=leaving.station, reason="Closed", by=None, at=at)

    told = sampled_stations(election, mission)
    drawn = SampledStation.objects.filter(sample=sample, place=Place.DRAWN)
    assert dict(told) == dict(drawn.values_list("station", "rank"))
    assert (told[coming.station_id], leaving.station_id in told, len(told)) == (coming.rank, False, 4)
    assert sampled_stations(election, None) == {}


def test_the_database_refuses_what_cannot_be(locked: StationSample, at: dt.datetime) -> None:
    drawn, reserve = stratum_of(locked, Place.DRAWN)[0], stratum_of(locked, Place.RESERVE)[0]
    wrong: list[tuple[SampledStation, dict[str, object]]] = [
        (drawn, {"place": Place.REPLACED}),  # without reason and instant
        (drawn, {"reason": "Closed"}),
        (reserve, {"rank": drawn.rank}),
        (reserve, {"stands_for": drawn}),
    ]

    for row, values in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            SampledStation.objects.filter(pk=row.pk).update(**values)
    with pytest.raises(IntegrityError), transaction.atomic():
        StationSample.objects.filter(pk=locked.pk).update(locked_at=None)


@pytest.mark.django_db(transaction=True)
def test_racers_replace_one_station_once_and_others_by_rank(locked: StationSample, at: dt.datetime) -> None:
    first, second = stratum_of(locked, Place.DRAWN)[:2]
    turn = [row.pk for row in stratum_of(locked, Place.RESERVE)]
    acts = [
        partial(replace_station, sample=locked, station=row.station, reason="Closed", by=None, at=at)
        for row in (first, first, first, second, second, second)
    ]

    results = race(acts)

    assert errors_of(results) == [StationNotInSampleError] * 4
    stand_ins = SampledStation.objects.filter(sample=locked, stands_for__isnull=False).order_by("rank")
    assert [row.pk for row in stand_ins] == turn[:2]
    assert {row.stands_for_id for row in stand_ins} == {first.pk, second.pk}


@pytest.mark.django_db(transaction=True)
def test_racers_lock_one_sample(mission: Mission, election: Election, at: dt.datetime) -> None:
    samples = [draw_sample(election=election, mission=mission, wish=WISH, by=None, at=at) for _ in range(4)]

    results = race([partial(lock_sample, sample=sample, by=None, at=at) for sample in samples])

    assert errors_of(results) == [AnotherSampleLockedError] * 3
    assert StationSample.objects.locked().count() == 1
