"""Reads about samples: which stations to visit, what a page shows, and whether a sample is what its seed draws."""

import hashlib
import zlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from missions.models import Election, Mission
from stations.deployment.samples.drawing import (
    FrameError,
    Stratum,
    StratumDraw,
    allocate,
    draw,
    margin_of_size,
    read_frame,
)
from stations.deployment.samples.frames import load_frame
from stations.deployment.samples.models import SampledStation, StationSample
from stations.deployment.samples.states import FramePart, Place, Stratifier


@dataclass(frozen=True, slots=True)
class RegisterChanges:
    """How the register differs now from the frame: stations that came, went, or belong to another stratum."""

    added: int
    gone: int
    moved: int

    @property
    def any(self) -> bool:
        return bool(self.added or self.gone or self.moved)


@dataclass(frozen=True, slots=True)
class Verification:
    """What came out when a sample was drawn again from its own frame and seed.

    `is_frame_intact`: the kept frame has the digest that was noted when the sample was drawn. `differing` are codes
    of stations whose stratum, rank or first place is another one than the draw gives. `out_of_turn` are stations that
    were taken from the reserve while one of a lower rank waited, or for no station that was replaced. What happened
    to the register since is told in `register`; it is no fault of the sample.
    """

    is_frame_intact: bool
    differing: tuple[str, ...]
    out_of_turn: tuple[str, ...]
    register: RegisterChanges

    @property
    def holds(self) -> bool:
        """Whether the sample is exactly what its seed draws, mended by the rule."""
        return self.is_frame_intact and not self.differing and not self.out_of_turn


def sampled_stations(election: Election, mission: Mission | None) -> Mapping[int, int]:
    """The stations of the locked sample of a mission, or of the pool (None): their keys, with the rank in the stratum.

    Empty while none is locked. One query.
    """
    rows = SampledStation.objects.in_sample().filter(
        sample__in=StationSample.objects.locked().filter(election=election, mission=mission)
    )
    return dict(rows.order_by("station").values_list("station", "rank"))


def margin_permille(sample: StationSample) -> int:
    """The margin of error in tenths of a point that a simple random sample of this size has."""
    return margin_of_size(sample.frame_size, sample.size)


def verify_sample(sample: StationSample) -> Verification:
    """Draw the sample again from the frame that was kept, and compare. Four queries, whatever its size."""
    content = zlib.decompress(sample.frame.content)
    is_intact = hashlib.sha256(content).hexdigest() == sample.frame_sha256
    stored = _stored_rows(sample)
    try:
        strata = read_frame(content)
        expected = _drawn_again(sample, strata)
    except (FrameError, ValueError):
        codes = sorted(row.code for rows in stored.values() for row in rows)
        return Verification(False, tuple(codes), (), RegisterChanges(0, 0, 0))
    differing: set[str] = set()
    out_of_turn: set[str] = set()
    for position, drawn in enumerate(expected):
        rows = stored.pop(position, [])
        differing |= _differing(drawn, rows)
        out_of_turn |= _out_of_turn(rows)
    differing |= {row.code for rows in stored.values() for row in rows}
    changes = _register_changes(sample, strata)
    return Verification(is_intact, tuple(sorted(differing)), tuple(sorted(out_of_turn)), changes)


@dataclass(frozen=True, slots=True)
class _Row:
    rank: int
    code: str
    place: Place
    stands_for: str | None


def _stored_rows(sample: StationSample) -> dict[int, list[_Row]]:
    found: dict[int, list[_Row]] = defaultdict(list)
    rows = SampledStation.objects.filter(sample=sample).order_by("stratum__position", "rank")
    for position, rank, code, place, stands_for in rows.values_list(
        "stratum__position", "rank", "station__code", "place", "stands_for__station__code"
    ):
        found[position].append(_Row(rank, code, Place(place), stands_for))
    return found


def _drawn_again(sample: StationSample, strata: Sequence[Stratum]) -> list[StratumDraw]:
    shares = allocate([len(stratum.codes) for stratum in strata], sample.size, sample.minimum)
    return draw(strata, shares, seed=sample.seed, reserve_percent=sample.reserve_percent)


def _differing(drawn: StratumDraw, rows: Sequence[_Row]) -> set[str]:
    """Stations with another rank than the draw gives them, or on the other side of the line to the reserve."""
    expected = {code: rank for rank, code in enumerate(drawn.codes, start=1)}
    there = {row.code: row.rank for row in rows}
    wrong = {code for code in expected.keys() | there.keys() if expected.get(code) != there.get(code)}
    for row in rows:
        from_reserve = row.place is Place.RESERVE or row.stands_for is not None
        if from_reserve != (row.rank > drawn.drawn):
            wrong.add(row.code)
    return wrong


def _out_of_turn(rows: Sequence[_Row]) -> set[str]:
    replaced = {row.code for row in rows if row.place is Place.REPLACED}
    waiting = [row.rank for row in rows if row.place is Place.RESERVE]
    first_waiting = min(waiting, default=None)
    return {
        row.code
        for row in rows
        if row.stands_for is not None
        and (row.stands_for not in replaced or (first_waiting is not None and row.rank > first_waiting))
    }


def _register_changes(sample: StationSample, strata: Sequence[Stratum]) -> RegisterChanges:
    part, stratifiers = FramePart(sample.frame_part), [Stratifier(each) for each in sample.stratifiers]
    then = _values_by_code(strata)
    now = _values_by_code(load_frame(sample.election, part, stratifiers).strata)
    return RegisterChanges(
        added=len(now.keys() - then.keys()),
        gone=len(then.keys() - now.keys()),
        moved=sum(now[code] != then[code] for code in now.keys() & then.keys()),
    )


def _values_by_code(strata: Sequence[Stratum]) -> dict[str, tuple[str, ...]]:
    return {code: stratum.values for stratum in strata for code in stratum.codes}
