"""Pure rules of badges: how long one is good, what it says that is no longer so, and serials that follow each other."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from accreditation.badges.content import BadgeContent
from accreditation.badges.states import BadgeState, VoidReason
from missions.law.calendar import local_instant

#: Clocks of checkers may be behind by so much.
CLOCK_TOLERANCE = timedelta(hours=1)
#: No badge is good for longer, however long the stay (docs/badge-code.md).
LONGEST = timedelta(days=30)
#: Why a badge may be made void while the person gets another one.
REISSUE_REASONS = (VoidReason.REPLACED, VoidReason.SPOILED, VoidReason.CHANGED, VoidReason.KEY, VoidReason.LOST)
#: A badge in one of these may be replaced by a newer one.
REPLACEABLE = (BadgeState.INTENDED, BadgeState.SIGNED, BadgeState.PRINTED, BadgeState.HANDED_OVER, BadgeState.LOST)
#: In these the card is there, or was; it can be destroyed.
DESTROYABLE = (BadgeState.RETURNED, BadgeState.VOID)

#: Whose change spoils a badge: the name of the fact, and where the content keeps it.
FACTS = {
    "name": "latin_name",
    "local_name": "local_name",
    "organization": "organization_name",
    "mission": "mission",
    "role": "role",
    "category": "category",
    "accreditation_number": "accreditation_number",
    "areas": "areas",
    "election": "election_name",
    "e_day": "e_day",
    "photo": "photo_sha256",
}
_SERIAL = re.compile(r"(?P<head>.*?)(?P<digits>[0-9]+)(?P<tail>[^0-9]*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Period:
    """From when until before when a badge is good."""

    valid_from: datetime
    valid_until: datetime

    def last_day(self, zone: ZoneInfo) -> date:
        """The last day that the card names."""
        return (self.valid_until - timedelta(seconds=1)).astimezone(zone).date()


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact that the card tells otherwise than it is now. What differs in a photo is not told in words."""

    fact: str
    was: str
    now: str


def period_of(*, accredited_from: datetime, leaves_on: date | None, at: datetime, zone: ZoneInfo) -> Period:
    """How long a badge intended now is good: from the accreditation until a day after the person leaves.

    It ends with a day of the host, so that card and code say the same, and at most 30 days from now; without a known
    end it is good for that long.
    """
    end = (at + LONGEST).astimezone(zone).date()
    if leaves_on is not None:
        end = min(end, leaves_on + timedelta(days=2))
    return Period(accredited_from - CLOCK_TOLERANCE, local_instant(end, time(0), zone.key))


def differences(card: BadgeContent, now: BadgeContent) -> tuple[Difference, ...]:
    """What the card says that is no longer so; days and languages of it are no facts about the person."""
    return tuple(
        Difference(fact, "" if fact == "photo" else _text(was), "" if fact == "photo" else _text(is_now))
        for fact, name in FACTS.items()
        if (was := getattr(card, name)) != (is_now := getattr(now, name))
    )


def serials_from(first: str) -> Iterator[str]:
    """The serials of a stack of cards, counted up by the last digits; no more than one where there is no digit.

    Leading zeros stay: after "AZ 000099" comes "AZ 000100".
    """
    found = _SERIAL.fullmatch(first)
    if found is None:
        yield first
        return
    number, width = int(found["digits"]), len(found["digits"])
    while True:
        yield f"{found['head']}{number:0{width}d}{found['tail']}"
        number += 1


def can_count_serials(first: str) -> bool:
    """Whether serials follow from the first one."""
    return _SERIAL.fullmatch(first) is not None


def _text(value: object) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value)
