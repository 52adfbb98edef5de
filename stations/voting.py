"""Where people are voting at an instant: every station by its own clock, over all zones and dates of one election day.

Stations at home that open and close together are one row; those abroad are a row each. State is computed from the
instant that is asked about, never stored.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db.models import Count, TextChoices
from django.utils.translation import gettext_lazy as _

from missions.law.calendar import local_instant
from missions.models import Election
from stations.models import PollingStation


class VotingPhase(TextChoices):
    """In the order of the day."""

    NOT_OPEN = "not_open", _("not open yet")
    VOTING = "voting", _("voting")
    CLOSED = "closed", _("closed")


@dataclass(frozen=True, slots=True)
class VotingRow:
    """One station abroad, or all stations at home with the same hours (no code): their instants in UTC."""

    code: str
    country: str
    city: str
    zone: ZoneInfo
    opens_at: datetime
    closes_at: datetime
    stations: int
    phase: VotingPhase
    is_abroad: bool


@dataclass(frozen=True, slots=True)
class VotingBoard:
    """All of it, first what opens first. `begins` and `ends` bound the whole vote; None for an empty register."""

    at: datetime
    rows: tuple[VotingRow, ...]

    @property
    def begins(self) -> datetime | None:
        return min((row.opens_at for row in self.rows), default=None)

    @property
    def ends(self) -> datetime | None:
        return max((row.closes_at for row in self.rows), default=None)

    def counted(self, *, abroad: bool) -> dict[VotingPhase, int]:
        """How many stations there are in each phase, at home or abroad."""
        found = Counter[VotingPhase]()
        for row in self.rows:
            if row.is_abroad == abroad:
                found[row.phase] += row.stations
        return {phase: found[phase] for phase in VotingPhase}


def voting_board(election: Election, *, at: datetime) -> VotingBoard:
    """The board of an election at the instant. Two queries."""
    register = PollingStation.objects.filter(election=election).order_by()
    hours = ("country", "time_zone", "opens_at", "closes_at")
    home = register.domestic().values(*hours).annotate(stations=Count("pk"))
    abroad = register.overseas().values("code", "city", *hours)
    rows = [_row(election, at, **row) for row in (*home, *abroad)]
    return VotingBoard(at, tuple(sorted(rows, key=lambda row: (row.opens_at, row.is_abroad, row.country, row.code))))


def _row(
    election: Election,
    at: datetime,
    *,
    country: str,
    time_zone: str,
    opens_at: time,
    closes_at: time,
    code: str = "",
    city: str = "",
    stations: int = 1,
) -> VotingRow:
    opens, closes = (local_instant(election.e_day, clock, time_zone) for clock in (opens_at, closes_at))
    phase = VotingPhase.NOT_OPEN if at < opens else VotingPhase.VOTING if at < closes else VotingPhase.CLOSED
    return VotingRow(code, country, city, ZoneInfo(time_zone), opens, closes, stations, phase, bool(code))
