"""The plot of the demonstration, read from story.toml and the manifest of the reference data."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from accreditation.states import Category
from missions.services.elections import ElectionFacts

_PLOT = Path(__file__).with_name("story.toml")


@dataclass(frozen=True, slots=True)
class StaffMember:
    """One person of the ministry, in one role; the account has the name of the role unless it is given."""

    role: str
    first_name: str
    last_name: str
    account: str = ""

    @property
    def name(self) -> str:
        """By what the story knows the person."""
        return self.account or self.role


@dataclass(frozen=True, slots=True)
class Story:
    """Who acts, and when. Days are local days of the host; `instant` turns them into UTC."""

    election: ElectionFacts
    commission_code: str
    commission_name: str
    sessions: frozenset[date]
    plot: dict[str, Any]

    @property
    def days(self) -> tuple[date, ...]:
        """The local days that are walked, in order."""
        clock = self.plot["clock"]
        return tuple(self.day(offset) for offset in range(clock["first_day"], clock["last_day"] + 1))

    @property
    def last_desk_day(self) -> date:
        """The day after which the desk takes in nothing more."""
        return self.day(self.plot["desk"]["last_day"])

    @property
    def begins_at(self) -> datetime:
        return self.instant(self.days[0], time(0))

    @property
    def stands_at(self) -> datetime:
        """Where the clock is set when the story has been told."""
        return self.instant(self.days[-1], self.plot["clock"]["stands_at"])

    @property
    def staff(self) -> tuple[StaffMember, ...]:
        return tuple(StaffMember(**person) for person in self.plot["staff"])

    @property
    def password(self) -> str:
        return str(self.plot["sign_in"]["password"])

    def address_of(self, name: str) -> str:
        return f"{name}@{self.plot['sign_in']['domain']}"

    def decided_on(self, day: date) -> frozenset[Category]:
        """The categories on which the commission decides that day; none: it does not meet."""
        own = {Category.INTERNATIONAL_OBSERVER} if day in self.sessions else set()
        others = self.plot["commission"]["others"]
        return frozenset(own | {Category(row["category"]) for row in others if self.day(row["day"]) == day})

    def day(self, offset: int) -> date:
        """The local day so many days from E-day."""
        return self.election.e_day + timedelta(days=offset)

    def instant(self, day: date, at: time) -> datetime:
        """The instant of a local day and time of the host, in UTC."""
        return datetime.combine(day, at, ZoneInfo(self.election.time_zone)).astimezone(UTC)

    def at(self, section: str, step: str) -> datetime:
        """The instant of a step that the plot names by day and time."""
        return self.moment(self.plot[section][step])

    def moment(self, when: Mapping[str, Any]) -> datetime:
        """The instant that the plot gives by day and time."""
        return self.instant(self.day(when["day"]), when["time"])

    def is_on(self, day: date, when: Mapping[str, Any]) -> bool:
        """Whether what the plot gives by day and time falls on the day."""
        return self.day(when["day"]) == day


def read_story(reference: Path) -> Story:
    """The plot over the files in `reference`. Raises OSError or KeyError for a folder that is not ours."""
    manifest = tomllib.loads((reference / "manifest.toml").read_text(encoding="utf-8"))
    commission = manifest["central_commission"]
    return Story(
        election=ElectionFacts(**manifest["election"]),
        commission_code=commission["code"],
        commission_name=commission["name"],
        sessions=frozenset(date.fromisoformat(day) for day in manifest["accreditation"]["sessions"]),
        plot=tomllib.loads(_PLOT.read_text(encoding="utf-8")),
    )
