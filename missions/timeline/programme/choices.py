"""Where a request could be put by hand, for a form to offer. Whether it then breaks a rule is the service's answer."""

from dataclasses import dataclass
from datetime import datetime

from missions.timeline.programme.loading import load_problem
from missions.timeline.programme.models import MeetingRequest, Programme
from missions.timeline.scheduler.facts import facts_of

#: At desks and vehicles anything begins at any slot; a form offers every third.
_STEP = 3


@dataclass(frozen=True, slots=True)
class PossibleStart:
    """A time at which it could begin; `taken_by` are the others who are there in this version."""

    at: datetime
    taken_by: tuple[str, ...]


def possible_starts(request: MeetingRequest, programme: Programme | None, *, at: datetime) -> tuple[PossibleStart, ...]:
    """The times to come in the window of the request at which what serves it is open, with who is there in the
    version.
    """
    loaded = load_problem(request.mission.election)
    key = str(request.pk)
    if key not in loaded.requests or key in loaded.unfit:
        return ()
    facts = facts_of(loaded.problem)
    row = facts.request[key]
    place = row.host or row.hall
    starts = facts.opened[key] if place else facts.opened[key][::_STEP]
    there: dict[datetime, list[str]] = {}
    if programme is not None and place:
        booked = programme.bookings.filter(resource=int(place)).exclude(request=request)
        for starts_at, code in booked.order_by("pk").values_list("starts_at", "request__mission__code"):
            there.setdefault(starts_at, []).append(code)
    to_come = (start for start in map(loaded.clock.at, starts) if start >= at)
    return tuple(PossibleStart(start, tuple(there.get(start, ()))) for start in to_come)
