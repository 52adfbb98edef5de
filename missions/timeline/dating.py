"""From anchor, offset, local time and zone to the instant of a step; read from the election and its law."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from missions.law.calendar import deadline_day, deadline_instant, local_instant
from missions.law.profile import ProfileError, load_profile
from missions.law.rules import Deadline, Unknown
from missions.models import Election
from missions.timeline.errors import ElectionProfileUnknownError, TimelineZoneUnknownError
from missions.timeline.plan import MilestoneAnchor
from missions.timeline.zones import is_known_zone

#: Whose applications a mission hands in: the milestones before its legal deadline count from theirs.
_CATEGORY = "international_observer"


@dataclass(frozen=True, slots=True)
class Anchors:
    """The days from which the steps of one election count; None where the law is not chosen or does not say."""

    e_day: date
    application_day: date | None
    application_deadline: datetime | None

    def day_of(self, anchor: str) -> date | None:
        """The day of the anchor."""
        return self.e_day if anchor == MilestoneAnchor.E_DAY else self.application_day


def anchors_of(election: Election, *, e_day: date | None = None) -> Anchors:
    """The anchors of the election, or those that it would have on another day. Raises ElectionProfileUnknownError."""
    day = e_day or election.e_day
    deadline = _application_deadline(election)
    if deadline is None:
        return Anchors(day, None, None)
    return Anchors(day, deadline_day(deadline, e_day=day), deadline_instant(deadline, e_day=day))


def instant_of(day: date, local_time: time, zone: str) -> datetime:
    """The instant (UTC) at which the zone's clocks show this. Raises TimelineZoneUnknownError."""
    if not is_known_zone(zone):
        raise TimelineZoneUnknownError(zone)
    return local_instant(day, local_time, zone)


def offset_from(anchor_day: date, day: date) -> int:
    """Days from the anchor to the day."""
    return (day - anchor_day) // timedelta(days=1)


def _application_deadline(election: Election) -> Deadline | None:
    if not election.profile_code:
        return None
    try:
        profile = load_profile(election.profile_code)
    except ProfileError as error:
        raise ElectionProfileUnknownError(str(error)) from error
    if _CATEGORY not in {category.code for category in profile.categories}:
        return None
    deadline = profile.application_deadline(_CATEGORY)
    return None if isinstance(deadline, Unknown) else deadline
