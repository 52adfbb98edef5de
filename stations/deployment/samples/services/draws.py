"""Drawing a sample: wishes and register in, stations with their ranks out, and all that a repetition needs kept."""

import hashlib
import secrets
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from missions.kernel.errors import Violation
from missions.kernel.events import record_event
from missions.models import Election, Mission, User
from stations.deployment.samples.drawing import StratumDraw, allocate, draw, size_for_margin, write_frame
from stations.deployment.samples.errors import SamplePlannedInPoolError, SampleRefusedError
from stations.deployment.samples.frames import Frame, load_frame
from stations.deployment.samples.models import SampledStation, SampleFrame, SampleStratum, StationSample
from stations.deployment.samples.states import FramePart, Place, Stratifier
from stations.register.selectors import current_version

_BATCH = 500
_LARGEST_MARGIN = 500
_LARGEST_RESERVE = 1_000
_LONGEST_SEED = 64


@dataclass(frozen=True, slots=True)
class SampleWish:
    """What a sample is to be: of which part of the register, divided by what, and how large.

    Either `margin_permille`, the wanted margin of error in tenths of a point, or `size`. `minimum` stations of each
    stratum, or all that it has. `reserve_percent` of the stations of each stratum stand in reserve. Without a seed
    one is taken that nobody could foresee.
    """

    part: FramePart = FramePart.ALL
    stratifiers: tuple[Stratifier, ...] = ()
    margin_permille: int | None = None
    size: int | None = None
    minimum: int = 1
    reserve_percent: int = 50
    seed: str = ""


def draw_sample(
    *, election: Election, mission: Mission | None, wish: SampleWish, by: User | None, at: datetime
) -> StationSample:
    """Draw a sample for a self-directed mission, or for the pool of host-coordinated ones (None), and store it.

    Equal register, wish and seed give an equal sample, whenever. The next number of its owner; records
    "sample_drawn", which the host reads of the pool only. Raises SamplePlannedInPoolError, or SampleRefusedError with
    each fault of the wish: frame-empty, size-or-margin, size-out-of-range, minimum-too-large and others.
    """
    if mission is not None and not mission.is_self_directed:
        raise SamplePlannedInPoolError
    _refuse(_faults_of(wish))
    with transaction.atomic():
        # Two draws at the same time would take the same number, and a register file could come in between.
        Election.objects.select_for_update().get(pk=election.pk)
        register_version = current_version(election)
        frame = load_frame(election, wish.part, wish.stratifiers)
        size = _size_of(wish, len(frame))
        seed = wish.seed or secrets.token_hex(16)
        shares = _shares_of(frame, size, wish.minimum)
        draws = draw(frame.strata, shares, seed=seed, reserve_percent=wish.reserve_percent)
        content = write_frame(frame.strata)
        earlier = StationSample.objects.filter(election=election, mission=mission).aggregate(last=Max("number"))
        sample = StationSample.objects.create(
            election=election,
            mission=mission,
            number=(earlier["last"] or 0) + 1,
            frame_part=wish.part,
            stratifiers=[stratifier.value for stratifier in wish.stratifiers],
            margin_permille=wish.margin_permille,
            size=size,
            minimum=wish.minimum,
            reserve_percent=wish.reserve_percent,
            seed=seed,
            register_version=register_version,
            frame_size=len(frame),
            frame_sha256=hashlib.sha256(content).hexdigest(),
            drawn_at=at,
            drawn_by=by,
        )
        SampleFrame.objects.create(sample=sample, content=zlib.compress(content))
        _store(sample, frame, draws)
        record_event("sample_drawn", sample, by=by, at=at, scope_id=sample.mission_id, is_private=sample.is_private)
    return sample


def _faults_of(wish: SampleWish) -> list[Violation]:
    """What is wrong with the wish by itself."""
    faults = []
    if (wish.size is None) == (wish.margin_permille is None):
        faults.append(Violation("size", "size-or-margin", _("Give either a size or a margin of error.")))
    if wish.size is not None and wish.size < 1:
        faults.append(Violation("size", "size-out-of-range", _("The sample needs at least one station.")))
    if wish.margin_permille is not None and not 1 <= wish.margin_permille <= _LARGEST_MARGIN:
        faults.append(Violation("margin", "margin-out-of-range", _("The margin lies between 0.1 and 50 points.")))
    if wish.minimum < 0:
        faults.append(Violation("minimum", "minimum-out-of-range", _("The least number cannot be below zero.")))
    if not 0 <= wish.reserve_percent <= _LARGEST_RESERVE:
        message = _("The reserve lies between 0 and %(most)d per cent.") % {"most": _LARGEST_RESERVE}
        faults.append(Violation("reserve_percent", "reserve-out-of-range", message))
    if len(set(wish.stratifiers)) < len(wish.stratifiers):
        faults.append(Violation("stratifiers", "stratifier-twice", _("A property divides the stations once.")))
    if len(wish.seed) > _LONGEST_SEED or not wish.seed.isprintable():
        message = _("The seed is a line of at most %(most)d characters.") % {"most": _LONGEST_SEED}
        faults.append(Violation("seed", "seed-not-readable", message))
    return faults


def _refuse(faults: Sequence[Violation]) -> None:
    if faults:
        raise SampleRefusedError(violations=faults)


def _size_of(wish: SampleWish, population: int) -> int:
    if population == 0:
        raise SampleRefusedError(violations=[Violation("part", "frame-empty", _("The register has no such station."))])
    if wish.margin_permille is not None:
        return size_for_margin(population, wish.margin_permille)
    size = wish.size or 0
    if size > population:
        message = _("There are only %(count)d such stations.") % {"count": population}
        raise SampleRefusedError(violations=[Violation("size", "size-out-of-range", message)])
    return size


def _shares_of(frame: Frame, size: int, minimum: int) -> tuple[int, ...]:
    sizes = [len(stratum.codes) for stratum in frame.strata]
    needed = sum(min(minimum, each) for each in sizes)
    if needed > size:
        message = _("%(minimum)d of each of the %(strata)d strata are %(needed)d stations, the sample has %(size)d.")
        facts = {"minimum": minimum, "strata": len(sizes), "needed": needed, "size": size}
        raise SampleRefusedError(violations=[Violation("minimum", "minimum-too-large", message % facts)])
    return allocate(sizes, size, minimum)


def _store(sample: StationSample, frame: Frame, draws: Sequence[StratumDraw]) -> None:
    strata = SampleStratum.objects.bulk_create(
        (
            SampleStratum(
                sample=sample,
                position=position,
                values=list(stratum.values),
                size=len(stratum.codes),
                drawn=drawn.drawn,
            )
            for position, (stratum, drawn) in enumerate(zip(frame.strata, draws, strict=True))
        ),
        batch_size=_BATCH,
    )
    SampledStation.objects.bulk_create(
        (
            SampledStation(
                sample=sample,
                stratum=stratum,
                station_id=frame.station_ids[code],
                rank=rank,
                place=Place.DRAWN if rank <= drawn.drawn else Place.RESERVE,
            )
            for stratum, drawn in zip(strata, draws, strict=True)
            for rank, code in enumerate(drawn.codes, start=1)
        ),
        batch_size=_BATCH,
    )
