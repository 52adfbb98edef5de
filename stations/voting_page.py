"""The board on the pages of the register: three clocks for every place, and what is left until it changes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.formats import date_format
from django.utils.timesince import timeuntil
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from missions.admin.pages import moment
from missions.countries import country_name
from missions.kernel.errors import Text
from missions.models import Election
from stations.election_pages import ElectionPages
from stations.voting import VotingBoard, VotingPhase, VotingRow, voting_board

_TONES = {VotingPhase.NOT_OPEN: "info", VotingPhase.VOTING: "success", VotingPhase.CLOSED: ""}
_CLOCK, _SHORT = "j M, H:i", "H:i"


@dataclass(frozen=True, slots=True)
class BoardLine:
    """One place with its hours by its own clocks, by the host's and in UTC."""

    place: str
    code: str
    zone: str
    offset: str
    now: str
    local: str
    host: str
    utc: str
    stations: int
    phase: Text
    tone: str
    left: str


class VotingBoardPages(ElectionPages):
    """Adds the board to the pages of the register."""

    def get_urls(self) -> list[URLPattern]:
        board = self.admin_site.admin_view(self.voting_view)
        return [path("voting/", board, name="stations_pollingstation_voting"), *super().get_urls()]

    def voting_view(self, request: HttpRequest) -> HttpResponse:
        """Who is voting now, of the newest election or that of `?election=`."""
        election, at = self.election_asked(request), moment(request)
        page = board_context(voting_board(election, at=at), election)
        return self.render_in_frame(request, "desk/voting.html", title=_("Now voting"), **page)


def board_context(board: VotingBoard, election: Election) -> dict[str, Any]:
    """What the template shows."""
    home, abroad = (
        [(phase.label, count, _TONES[phase]) for phase, count in board.counted(abroad=side).items()]
        for side in (False, True)
    )
    return {
        "election": election,
        "home": home,
        "abroad": abroad,
        "now": date_format(board.at.astimezone(election.zone), _CLOCK),
        "lines": [_line(row, election, board.at) for row in board.rows],
        "span": _span_words(board, election),
    }


def _span_words(board: VotingBoard, election: Election) -> str:
    if board.begins is None or board.ends is None:
        return ""
    facts = {
        "begins": date_format(board.begins.astimezone(election.zone), _CLOCK),
        "ends": date_format(board.ends.astimezone(election.zone), _CLOCK),
        "hours": round((board.ends - board.begins).total_seconds() / 3600),
    }
    return _("The whole vote goes from %(begins)s to %(ends)s by the host's clocks: %(hours)d hours.") % facts


def _line(row: VotingRow, election: Election, at: datetime) -> BoardLine:
    place = country_name(row.country, get_language() or "en")
    changes = {VotingPhase.NOT_OPEN: row.opens_at, VotingPhase.VOTING: row.closes_at}.get(row.phase)
    return BoardLine(
        place=f"{place} · {row.city}" if row.city else place,
        code=row.code,
        zone=row.zone.key,
        offset=f"{row.opens_at.astimezone(row.zone):%z}",
        now=date_format(at.astimezone(row.zone), _CLOCK),
        local=_hours(row, row.zone.key),
        host=_hours(row, election.time_zone),
        utc=_hours(row, "UTC"),
        stations=row.stations,
        phase=row.phase.label,
        tone=_TONES[row.phase],
        left="" if changes is None else timeuntil(changes, at),
    )


def _hours(row: VotingRow, zone: str) -> str:
    """Opening and closing by the clocks of the zone; the day is named where it is not that of the opening there."""
    opens, closes = (at.astimezone(ZoneInfo(zone)) for at in (row.opens_at, row.closes_at))
    ends = date_format(closes, _SHORT if closes.date() == opens.date() else _CLOCK)
    return f"{date_format(opens, _CLOCK)}–{ends}"
