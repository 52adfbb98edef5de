"""Times of devices: what a clock that is ahead showed, as an instant of ours."""

from dataclasses import dataclass
from datetime import datetime, timedelta

#: From here on a clock is so far off that people are told.
FAR_OFF = timedelta(minutes=2)
#: So long a report may be on its way; it says nothing of the clock.
_ON_THE_WAY = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class DeviceTime:
    """An instant by our clock, and how many seconds the device's was ahead (behind, if negative)."""

    happened_at: datetime
    skew_seconds: int


def corrected(client_time: datetime, *, device_now: datetime, at: datetime) -> DeviceTime:
    """What the device showed, less what its clock is ahead; never after the receipt.

    `device_now` is what it shows as it sends. A time that lies after the receipt even so was taken by a clock that has
    been put right since: what it was ahead at least is taken off.
    """
    ahead = max(device_now - at, client_time - at)
    if abs(ahead) < _ON_THE_WAY:
        return DeviceTime(min(client_time, at), 0)
    return DeviceTime(client_time - ahead, round(ahead.total_seconds()))


def is_far_off(skew_seconds: int) -> bool:
    """Whether a clock was so far off that people should know."""
    return abs(skew_seconds) >= FAR_OFF.total_seconds()
