"""When and where each of the 790 is: the day of the papers, and who lives abroad near which station."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from config.reference.chance import Chance
from config.reference.manifest import Manifest
from config.reference.senders import HEAD, STO, Calendar, Seat, Sender
from config.reference.series import filing_days

#: Large missions hand in their papers in parts of this size.
PART = 30

SeatKey = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Place:
    """One person on the list of a mission. `residence`: the country where somebody observes who lives abroad."""

    sender: Sender
    seat: Seat
    order: int
    documents_on: dt.date
    residence: str = ""


def plan_places(
    senders: Sequence[Sender], stations_abroad: Sequence[str], *, calendar: Calendar, manifest: Manifest, chance: Chance
) -> tuple[Place, ...]:
    """Return a place for every seat, in the order of the lists.

    `stations_abroad` holds the country of each station abroad; every one of them gets two residents of the pool who
    have different nationalities, neither that of the country. Raises ValueError if the pool is too small.
    """
    filed = _filing_by_seat(senders, calendar, manifest, chance)
    places = [
        Place(sender, seat, order, filed[sender.code, order])
        for sender in senders
        for order, seat in enumerate(sender.seats, start=1)
    ]
    residences = _residences(senders, stations_abroad)
    return tuple(replace(place, residence=residences.get((place.sender.code, place.order), "")) for place in places)


def _filing_by_seat(
    senders: Sequence[Sender], calendar: Calendar, manifest: Manifest, chance: Chance
) -> dict[SeatKey, dt.date]:
    sessions = _sessions(senders, calendar, chance)
    days = {
        session: filing_days(
            session,
            manifest.sessions,
            days_before=manifest.days_before_session,
            decision_days=calendar.decision_days,
            last_day=calendar.papers_until,
        )
        for session in manifest.sessions
    }
    # A mission brings the papers for one session on one day.
    batches = dict.fromkeys((code, session) for (code, _order), session in sessions.items())
    day_of = {batch: chance.pick(days[batch[1]]) for batch in batches}
    return {key: day_of[key[0], session] for key, session in sessions.items()}


def _sessions(senders: Sequence[Sender], calendar: Calendar, chance: Chance) -> dict[SeatKey, dt.date]:
    """The session that decides each seat, so that the totals after each session are those of the calendar."""
    sessions: dict[SeatKey, dt.date] = {}
    waiting: list[list[SeatKey]] = []
    for sender in senders:
        orders = _early_order(sender)
        for session, count in sender.early:
            sessions |= {(sender.code, order): session for order in orders[:count]}
            orders = orders[count:]
        keys = [(sender.code, order) for order in sorted(orders)]
        waiting += [keys[start : start + PART] for start in range(0, len(keys), PART)]
    queue = [key for part in chance.shuffled(waiting) for key in part]
    totals = [0, *(total for _session, total in calendar.decided)]
    for (session, _total), (before, after) in zip(calendar.decided, pairwise(totals), strict=True):
        free = after - before - sum(day == session for day in sessions.values())
        sessions |= dict.fromkeys(queue[:free], session)
        queue = queue[free:]
    return sessions


def _early_order(sender: Sender) -> list[int]:
    """Seats in the order in which they come early; heads of delegations come late unless the data says otherwise."""
    numbered = list(enumerate(sender.seats, start=1))
    late = [order for order, seat in numbered if seat.role == HEAD and not sender.heads_early]
    return [order for order, _seat in numbered if order not in late] + late


def _residences(senders: Sequence[Sender], stations_abroad: Sequence[str]) -> dict[SeatKey, str]:
    pairs = [pair for sender in senders if sender.is_synthetic and sender.is_pooled for pair in _pairs(sender)]
    residences: dict[SeatKey, str] = {}
    for country in stations_abroad:
        chosen = next((pair for pair in pairs if country not in _nationalities(pair)), None)
        if chosen is None:
            raise ValueError(f"nobody is left to live in {country}")
        pairs.remove(chosen)
        residences |= {key: country for key, _nationality in chosen}
    return residences


def _pairs(sender: Sender) -> Iterator[tuple[tuple[SeatKey, str], tuple[SeatKey, str]]]:
    """Short-term observers two by two; crews of demonstration organizations repeat no nationality."""
    observers = [
        ((sender.code, order), seat.nationality) for order, seat in enumerate(sender.seats, start=1) if seat.role == STO
    ]
    yield from zip(observers[::2], observers[1::2], strict=False)


def _nationalities(pair: tuple[tuple[SeatKey, str], tuple[SeatKey, str]]) -> tuple[str, str]:
    return pair[0][1], pair[1][1]
