"""Zones by name, also those that this installation's tzdata does not know (any more)."""

from functools import cache
from zoneinfo import ZoneInfo, available_timezones

_UTC = ZoneInfo("UTC")


def is_known_zone(name: str) -> bool:
    """Whether the name is an IANA zone of this installation."""
    return name in _known()


def zone_or_utc(name: str) -> ZoneInfo:
    """The zone, or UTC where the name is not known: a page must still tell what is wrong."""
    return ZoneInfo(name) if is_known_zone(name) else _UTC


@cache
def _known() -> frozenset[str]:
    return frozenset(available_timezones())
