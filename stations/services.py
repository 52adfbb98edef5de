"""Taking polling stations out of use, and back: what the register said of them stays."""

from datetime import datetime

from django.db import transaction

from missions.kernel.events import record_event
from missions.models import User
from stations.errors import StationClosedError, StationInUseError
from stations.models import PollingStation


def close_station(*, station: PollingStation, reason: str, by: User | None, at: datetime) -> PollingStation:
    """Take a station out of use: plans that are made from now on leave it out, and those that are there show it.

    Records "station_closed". Raises StationClosedError.
    """
    with transaction.atomic():
        locked = _locked(station)
        if locked.is_closed:
            raise StationClosedError
        locked.closed_at, locked.closed_reason = at, reason
        locked.save(update_fields=["closed_at", "closed_reason"])
        record_event("station_closed", locked, by=by, at=at, reason=reason)
    return locked


def reopen_station(*, station: PollingStation, reason: str = "", by: User | None, at: datetime) -> PollingStation:
    """Take a station back into use. Records "station_reopened". Raises StationInUseError."""
    with transaction.atomic():
        locked = _locked(station)
        if not locked.is_closed:
            raise StationInUseError
        locked.closed_at, locked.closed_reason = None, ""
        locked.save(update_fields=["closed_at", "closed_reason"])
        record_event("station_reopened", locked, by=by, at=at, reason=reason)
    return locked


def _locked(station: PollingStation) -> PollingStation:
    return PollingStation.objects.select_for_update().get(pk=station.pk)
