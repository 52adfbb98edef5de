"""How crowded the constituencies are by others, in bands that betray no single mission. Nothing here asks a database.

See docs/adr/0026: a picture counts several missions, is taken at a fixed instant of the day, and takes the place of the
one before only where several of them have changed their plans since.
"""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping
from zoneinfo import ZoneInfo

from missions.law.calendar import ONE_DAY, local_instant
from stations.deployment.states import CrowdBand

#: The hour of the host's clocks at which pictures are taken: nobody releases a plan just before it to see it move.
TAKEN_AT = dt.time(3)
#: Up to which share of the stations, in per cent, visits are few, and up to which they are some.
_FEW, _SOME = 25, 50


def band_of(visits: int, stations: int) -> CrowdBand:
    """The band of a constituency with so many stations, which so many visits of others lead to."""
    if not visits:
        return CrowdBand.NONE
    if visits * 100 < stations * _FEW:
        return CrowdBand.FEW
    return CrowdBand.SOME if visits * 100 < stations * _SOME else CrowdBand.MANY


def latest_instant(at: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The fixed instant at which the picture that holds at `at` was to be taken."""
    day = at.astimezone(zone).date()
    instant = local_instant(day, TAKEN_AT, zone.key)
    return instant if instant <= at else local_instant(day - ONE_DAY, TAKEN_AT, zone.key)


def is_due(before: Mapping[int, int], now: Mapping[int, int], *, fewest: int) -> bool:
    """Whether a picture of these plans (mission to plan) may be taken after one of those before.

    So many missions must be in it, and so many must differ: whoever holds two pictures side by side learns of that
    many missions at once and of none alone.
    """
    changed = {mission for mission in before.keys() | now.keys() if before.get(mission) != now.get(mission)}
    return len(now) >= fewest and len(changed) >= fewest


def bands_of(
    visits: Mapping[tuple[int, int], int], plans: Collection[int], stations: Mapping[int, int]
) -> dict[int, CrowdBand]:
    """The band of each constituency by the visits (of a plan to a constituency) of these plans together."""
    total: Counter[int] = Counter()
    for (plan, constituency), count in visits.items():
        if plan in plans:
            total[constituency] += count
    return {place: band_of(total[place], size) for place, size in stations.items()}
