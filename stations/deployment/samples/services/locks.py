"""What becomes of a drawn sample: it is locked before election day, or put away; and a locked one is mended by rank."""

from datetime import datetime, time

from django.db import IntegrityError, transaction

from missions.kernel.events import record_event
from missions.kernel.integrity import broken_constraint
from missions.kernel.transitions import ensure_transition
from missions.law.calendar import local_instant
from missions.models import User
from stations.deployment.samples.errors import (
    AnotherSampleLockedError,
    ReserveExhaustedError,
    SampleNotLockedError,
    SampleTooLateError,
    StationNotInSampleError,
)
from stations.deployment.samples.models import SampledStation, StationSample
from stations.deployment.samples.states import SAMPLE_TRANSITIONS, Place, SampleState
from stations.models import PollingStation

_ONE_LOCKED = frozenset({"sample_one_locked", "sample_pool_one_locked"})


def lock_sample(*, sample: StationSample, by: User | None, at: datetime) -> StationSample:
    """Make a sample final, before election day begins by the host's clocks: from then on it is mended by rank only.

    Records "sample_locked". Raises IllegalTransitionError, SampleTooLateError, or AnotherSampleLockedError if its
    owner has locked one already.
    """
    try:
        with transaction.atomic():
            sample = held_sample(sample)
            source = SampleState(sample.state)
            ensure_transition(SAMPLE_TRANSITIONS, source, SampleState.LOCKED)
            if at >= local_instant(sample.election.e_day, time(), sample.election.time_zone):
                raise SampleTooLateError
            sample.locked_at = at
            _move(sample, source, SampleState.LOCKED, "sample_locked", by, at)
    except IntegrityError as error:
        if broken_constraint(error, StationSample) in _ONE_LOCKED:
            raise AnotherSampleLockedError from error
        raise
    return sample


def discard_sample(*, sample: StationSample, reason: str = "", by: User | None, at: datetime) -> StationSample:
    """Put a sample away for good that is not locked; it stays readable. Records "sample_discarded".

    Raises IllegalTransitionError for any other.
    """
    with transaction.atomic():
        sample = held_sample(sample)
        source = SampleState(sample.state)
        ensure_transition(SAMPLE_TRANSITIONS, source, SampleState.DISCARDED)
        _move(sample, source, SampleState.DISCARDED, "sample_discarded", by, at, reason.strip())
    return sample


def replace_station(
    *, sample: StationSample, station: PollingStation, reason: str, by: User | None, at: datetime
) -> SampledStation:
    """Put the next station of the stratum's reserve in the place of one that cannot be visited; rank order decides.

    Returns the stand-in. Records "sample_station_replaced" with the reason. Raises SampleNotLockedError,
    StationNotInSampleError or ReserveExhaustedError.
    """
    with transaction.atomic():
        sample = held_sample(sample)
        if sample.state != SampleState.LOCKED:
            raise SampleNotLockedError
        leaving = sample.stations.in_sample().select_related("station").filter(station=station).first()
        if leaving is None:
            raise StationNotInSampleError
        reserve = SampledStation.objects.filter(stratum=leaving.stratum_id, place=Place.RESERVE)
        coming = reserve.select_related("station").order_by("rank").first()
        if coming is None:
            raise ReserveExhaustedError
        leaving.place, leaving.replaced_at, leaving.reason = Place.REPLACED, at, reason.strip()
        leaving.save(update_fields=["place", "replaced_at", "reason"])
        coming.place, coming.stands_for = Place.DRAWN, leaving
        coming.save(update_fields=["place", "stands_for"])
        sample.version += 1
        sample.save(update_fields=["version"])
        record_event(
            "sample_station_replaced",
            sample,
            by=by,
            at=at,
            scope_id=sample.mission_id,
            changed=[f"{leaving.station.code} → {coming.station.code}"],
            reason=leaving.reason,
            is_private=sample.is_private,
        )
    return coming


def held_sample(sample: StationSample) -> StationSample:
    """The sample under its lock."""
    rows = StationSample.objects.select_for_update(of=("self",)).select_related("election", "mission")
    return rows.get(pk=sample.pk)


def _move(
    sample: StationSample,
    source: SampleState,
    target: SampleState,
    verb: str,
    by: User | None,
    at: datetime,
    reason: str = "",
) -> None:
    sample.state = target
    sample.version += 1
    sample.save(update_fields=["state", "locked_at", "version"])
    record_event(
        verb,
        sample,
        by=by,
        at=at,
        scope_id=sample.mission_id,
        from_state=source,
        to_state=target,
        reason=reason,
        is_private=sample.is_private,
    )
