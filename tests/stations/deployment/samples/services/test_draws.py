"""Drawing for a mission and for the pool: what is stored, that it comes out again, and what is refused."""

import datetime as dt
from dataclasses import replace

import pytest

from missions.kernel.models import Event
from missions.models import Election, Mission, User
from stations.deployment.samples.drawing import lowest_lots
from stations.deployment.samples.errors import SamplePlannedInPoolError, SampleRefusedError
from stations.deployment.samples.models import SampledStation, StationSample
from stations.deployment.samples.services.draws import SampleWish, draw_sample
from stations.deployment.samples.states import FramePart, Place, SampleState, Stratifier
from stations.models import PollingStation
from stations.register.models import RegisterVersion
from tests.stations.deployment.samples.conftest import WISH

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]


def rows_of(sample: StationSample) -> list[tuple[list[str], int, str, str]]:
    rows = SampledStation.objects.filter(sample=sample).order_by("stratum__position", "rank")
    return list(rows.values_list("stratum__values", "rank", "station__code", "place"))


def test_a_sample_is_stored_with_its_ranks_and_reserve(
    mission: Mission, election: Election, lead: User, at: dt.datetime
) -> None:
    RegisterVersion.objects.create(
        election=election, number=3, sha256="a", file_name="r.csv", rows=42, added=42, changed=0, imported_at=at
    )

    sample = draw_sample(election=election, mission=mission, wish=WISH, by=lead, at=at)

    assert (sample.number, sample.state, sample.size, sample.frame_size) == (1, SampleState.DRAWN, 8, 40)
    assert (sample.register_version, sample.seed, sample.version) == (3, "2024", 1)
    strata = [(stratum.values, stratum.size, stratum.drawn) for stratum in sample.strata.all()]
    assert strata == [
        (["North", "rural"], 5, 1),
        (["North", "urban"], 15, 3),
        (["South", "rural"], 5, 1),
        (["South", "urban"], 15, 3),
    ]
    northern = [code for code in PollingStation.objects.filter(code__startswith="001").values_list("code", flat=True)]
    urban = lowest_lots([code for code in northern if int(code) % 4], "2024", 8)
    places = [Place.DRAWN] * 3 + [Place.RESERVE] * 5
    assert [row[1:] for row in rows_of(sample) if row[0] == ["North", "urban"]] == [
        (rank, code, place) for rank, (code, place) in enumerate(zip(urban, places, strict=True), start=1)
    ]


def test_equal_wishes_draw_equal_samples_and_another_seed_another(
    mission: Mission, election: Election, at: dt.datetime
) -> None:
    wishes = (WISH, WISH, replace(WISH, seed="2025"))

    first, again, other = (
        draw_sample(election=election, mission=mission, wish=wish, by=None, at=at) for wish in wishes
    )

    assert rows_of(first) == rows_of(again)
    assert first.frame_sha256 == again.frame_sha256 == other.frame_sha256
    assert rows_of(other) != rows_of(first)
    assert [sample.number for sample in (first, again, other)] == [1, 2, 3]


def test_without_a_seed_one_is_taken_that_nobody_could_foresee(
    mission: Mission, election: Election, at: dt.datetime
) -> None:
    wish = replace(WISH, seed="")

    seeds = {draw_sample(election=election, mission=mission, wish=wish, by=None, at=at).seed for _ in range(2)}

    assert {len(seed) for seed in seeds} == {32}
    assert len(seeds) == 2


def test_a_margin_gives_the_size_and_all_of_a_few_are_taken(election: Election, at: dt.datetime) -> None:
    wish = SampleWish(part=FramePart.NEWLY_COVERED, margin_permille=30, seed="x")

    sample = draw_sample(election=election, mission=None, wish=wish, by=None, at=at)

    assert (sample.size, sample.margin_permille, sample.mission) == (3, 30, None)
    assert [row[2:] for row in sorted(rows_of(sample), key=lambda row: row[2])] == [
        ("002018", Place.DRAWN),
        ("002019", Place.DRAWN),
        ("002020", Place.DRAWN),
    ]


def test_the_host_reads_of_the_pools_draw_and_of_no_other(
    mission: Mission, election: Election, lead: User, at: dt.datetime
) -> None:
    for owner in (mission, None):
        draw_sample(election=election, mission=owner, wish=WISH, by=lead, at=at)

    events = Event.objects.filter(verb="sample_drawn").order_by("pk").values_list("is_private", "scope_id")
    assert list(events) == [(True, mission.pk), (False, None)]


def test_a_host_coordinated_mission_has_no_sample_of_its_own(other_mission: Mission, at: dt.datetime) -> None:
    with pytest.raises(SamplePlannedInPoolError):
        draw_sample(election=other_mission.election, mission=other_mission, wish=WISH, by=None, at=at)


@pytest.mark.parametrize(
    ("wish", "codes"),
    [
        (replace(WISH, size=None), ["size-or-margin"]),
        (replace(WISH, margin_permille=30), ["size-or-margin"]),
        (replace(WISH, size=0), ["size-out-of-range"]),
        (replace(WISH, size=41), ["size-out-of-range"]),
        (replace(WISH, size=None, margin_permille=501), ["margin-out-of-range"]),
        (replace(WISH, minimum=-1), ["minimum-out-of-range"]),
        (replace(WISH, minimum=3), ["minimum-too-large"]),
        (replace(WISH, reserve_percent=-1), ["reserve-out-of-range"]),
        (replace(WISH, stratifiers=(Stratifier.REGION, Stratifier.REGION)), ["stratifier-twice"]),
        (replace(WISH, seed="x" * 65), ["seed-not-readable"]),
        (replace(WISH, seed="a\nb"), ["seed-not-readable"]),
        (replace(WISH, size=-1, minimum=-1), ["size-out-of-range", "minimum-out-of-range"]),
    ],
)
def test_a_wish_that_cannot_be_is_refused_with_each_fault(
    election: Election, at: dt.datetime, wish: SampleWish, codes: list[str]
) -> None:
    with pytest.raises(SampleRefusedError) as refused:
        draw_sample(election=election, mission=None, wish=wish, by=None, at=at)

    assert [violation.code for violation in refused.value.violations] == codes
    assert not StationSample.objects.exists()


def test_an_empty_frame_is_refused(election: Election, at: dt.datetime) -> None:
    PollingStation.objects.filter(kind="special").update(kind="permanent")

    with pytest.raises(SampleRefusedError) as refused:
        draw_sample(election=election, mission=None, wish=replace(WISH, part=FramePart.SPECIAL), by=None, at=at)

    assert [violation.code for violation in refused.value.violations] == ["frame-empty"]
