"""Which stations a sample is drawn from, and into which strata they fall."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from missions.models import Election
from stations.deployment.samples.frames import load_frame
from stations.deployment.samples.states import FramePart, Stratifier
from stations.models import PollingStation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]


@pytest.mark.parametrize(
    ("part", "size"),
    [
        (FramePart.ALL, 42),
        (FramePart.HOME, 40),
        (FramePart.OVERSEAS, 2),
        (FramePart.NEWLY_COVERED, 3),
        (FramePart.SPECIAL, 1),
    ],
)
def test_a_part_of_the_register_has_these_stations(election: Election, part: FramePart, size: int) -> None:
    frame = load_frame(election, part, ())

    assert (len(frame), [stratum.values for stratum in frame.strata]) == (size, [()])


@pytest.mark.parametrize(
    ("stratifier", "sizes"),
    [
        (Stratifier.REGION, {"KOR": 1, "North": 20, "South": 20, "USA": 1}),
        (Stratifier.SETTLEMENT, {"rural": 12, "urban": 30}),
        (Stratifier.SPECIAL, {"ordinary": 41, "special": 1}),
        (Stratifier.NEWLY_COVERED, {"long_covered": 39, "newly_covered": 3}),
        (Stratifier.CAMERA, {"camera": 2, "no_camera": 40}),
        (Stratifier.OVERSEAS, {"abroad": 2, "home": 40}),
    ],
)
def test_a_property_divides_the_register(election: Election, stratifier: Stratifier, sizes: dict[str, int]) -> None:
    frame = load_frame(election, FramePart.ALL, [stratifier])

    assert {stratum.values[0]: len(stratum.codes) for stratum in frame.strata} == sizes
    assert list(sizes) == [stratum.values[0] for stratum in frame.strata]


def test_two_properties_divide_into_what_occurs_with_one_query(election: Election) -> None:
    with CaptureQueriesContext(connection) as queries:
        frame = load_frame(election, FramePart.HOME, [Stratifier.REGION, Stratifier.SPECIAL])

    assert [(stratum.values, len(stratum.codes)) for stratum in frame.strata] == [
        (("North", "ordinary"), 20),
        (("South", "ordinary"), 19),
        (("South", "special"), 1),
    ]
    assert frame.station_ids["002020"] == PollingStation.objects.get(code="002020").pk
    assert len(queries) == 1


def test_a_station_out_of_use_is_not_drawn(election: Election, at: dt.datetime) -> None:
    PollingStation.objects.filter(code="001001").update(closed_at=at, closed_reason="Burnt down")

    assert len(load_frame(election, FramePart.HOME, ())) == 39
