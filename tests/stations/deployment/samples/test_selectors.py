"""Drawing again: the same stations come out, and whatever was tampered with is named."""

import datetime as dt
import zlib

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from missions.models import Election, Mission
from stations.deployment.samples.models import SampledStation, SampleFrame, StationSample
from stations.deployment.samples.selectors import (
    RegisterChanges,
    Verification,
    margin_permille,
    verify_sample,
)
from stations.deployment.samples.services.draws import draw_sample
from stations.deployment.samples.services.locks import lock_sample, replace_station
from stations.deployment.samples.states import Place
from stations.models import PollingStation
from stations.states import StationKind
from tests.stations.deployment.samples.conftest import WISH

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]

UNCHANGED = RegisterChanges(0, 0, 0)


@pytest.fixture
def sample(mission: Mission, election: Election, at: dt.datetime) -> StationSample:
    drawn = draw_sample(election=election, mission=mission, wish=WISH, by=None, at=at)
    return lock_sample(sample=drawn, by=None, at=at)


def in_towns(sample: StationSample, place: Place) -> list[SampledStation]:
    rows = SampledStation.objects.filter(sample=sample, stratum__values=["North", "urban"], place=place)
    return list(rows.select_related("station").order_by("rank"))


def test_an_honest_sample_comes_out_again_also_after_replacements(sample: StationSample, at: dt.datetime) -> None:
    station = in_towns(sample, Place.DRAWN)[0].station
    replace_station(sample=sample, station=station, reason="Closed", by=None, at=at)

    with CaptureQueriesContext(connection) as queries:
        verification = verify_sample(StationSample.objects.select_related("election").get(pk=sample.pk))

    assert verification == Verification(True, (), (), UNCHANGED)
    assert verification.holds
    assert len(queries) <= 5


def test_it_still_comes_out_when_the_register_has_changed(sample: StationSample, election: Election) -> None:
    PollingStation.objects.filter(code="001001").update(is_urban=False)
    PollingStation.objects.filter(code="002001").update(kind=StationKind.OVERSEAS, constituency=None)
    new = PollingStation.objects.get(code="001002")
    new.pk, new.code = None, "001021"
    new.save()

    verification = verify_sample(sample)

    assert verification.holds
    assert verification.register == RegisterChanges(added=1, gone=1, moved=1)
    assert (verification.register.any, UNCHANGED.any) == (True, False)


def test_a_station_that_was_slipped_in_is_named(sample: StationSample) -> None:
    row = in_towns(sample, Place.DRAWN)[0]
    drawn = SampledStation.objects.filter(sample=sample).values("station")
    foreign = PollingStation.objects.exclude(pk__in=drawn).filter(code__startswith="002").first()
    assert foreign is not None
    SampledStation.objects.filter(pk=row.pk).update(station=foreign)

    verification = verify_sample(sample)

    assert verification.differing == tuple(sorted((row.station.code, foreign.code)))
    assert not verification.holds


def test_ranks_that_were_exchanged_are_named(sample: StationSample) -> None:
    drawn, reserve = in_towns(sample, Place.DRAWN)[0], in_towns(sample, Place.RESERVE)[0]
    SampledStation.objects.filter(pk=drawn.pk).update(rank=99)
    SampledStation.objects.filter(pk=reserve.pk).update(rank=drawn.rank)

    assert verify_sample(sample).differing == tuple(sorted((drawn.station.code, reserve.station.code)))


def test_a_reserve_that_was_taken_without_a_replacement_is_named(sample: StationSample) -> None:
    reserve = in_towns(sample, Place.RESERVE)[0]
    SampledStation.objects.filter(pk=reserve.pk).update(place=Place.DRAWN)

    assert verify_sample(sample).differing == (reserve.station.code,)


def test_a_reserve_that_was_taken_out_of_turn_is_named(sample: StationSample, at: dt.datetime) -> None:
    leaving, reserve = in_towns(sample, Place.DRAWN)[0], in_towns(sample, Place.RESERVE)
    SampledStation.objects.filter(pk=leaving.pk).update(place=Place.REPLACED, replaced_at=at, reason="Closed")
    SampledStation.objects.filter(pk=reserve[2].pk).update(place=Place.DRAWN, stands_for=leaving)

    verification = verify_sample(sample)

    assert (verification.differing, verification.out_of_turn) == ((), (reserve[2].station.code,))
    assert not verification.holds


@pytest.mark.parametrize("seed", ["2025", ""])
def test_another_seed_than_the_one_noted_gives_other_stations(sample: StationSample, seed: str) -> None:
    sample.seed = seed

    assert len(verify_sample(sample).differing) > 20


@pytest.mark.parametrize("content", [b"nothing", b"stratum\t0\t[]\nstation\t1\t0\n"])
def test_a_frame_that_was_exchanged_is_not_intact(sample: StationSample, content: bytes) -> None:
    SampleFrame.objects.filter(sample=sample).update(content=zlib.compress(content))

    verification = verify_sample(StationSample.objects.get(pk=sample.pk))

    assert not verification.is_frame_intact
    assert len(verification.differing) == 26


def test_the_margin_of_a_sample_is_that_of_its_size(sample: StationSample) -> None:
    assert margin_permille(sample) == 314  # eight of forty
