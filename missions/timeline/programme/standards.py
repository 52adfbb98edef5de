"""The usual resources of a host and the usual requests of a mission, as data counted from election day. Pure."""

from dataclasses import dataclass
from datetime import time
from functools import cache
from pathlib import Path

from missions.data.reading import DataFileError, Table, read_toml
from missions.data.values import Wording, read_whole, read_wording
from missions.states import MissionKind, OrganizationKind
from missions.timeline.programme.states import RequestKind, ResourceKind

FILE = Path(__file__).parent / "standards.toml"
#: No mission has so many people that this would split it.
_WHOLE = 1_000_000


class StandardsError(DataFileError):
    """The file of the standards is wrong. The text names the file and the key."""


@dataclass(frozen=True, slots=True)
class Day:
    """A time of the wall clock on a day counted from election day."""

    offset_days: int
    time: time


@dataclass(frozen=True, slots=True)
class Hours:
    """From when until when a resource is there on one day."""

    offset_days: int
    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class StandardResource:
    """A resource as SharedResource has it, with its hours."""

    code: str
    name: Wording
    place: Wording
    kind: ResourceKind
    serves: tuple[RequestKind, ...]
    capacity: int
    unit_persons: int
    minutes: int
    gap_minutes: int
    sessions_per_day: int
    languages_per_session: int
    windows: tuple[Hours, ...]


@dataclass(frozen=True, slots=True)
class StandardRequest:
    """What missions of these kinds ask for, between `first` and `last`, in parts of at most `batch` people.

    At most `most` people of a mission come.
    """

    kind: RequestKind
    missions: frozenset[MissionKind]
    first: Day
    last: Day
    batch: int
    most: int
    language: str

    def sizes(self, persons: int) -> tuple[int, ...]:
        """How many people each part is for; parts differ by one at most."""
        coming = min(persons, self.most)
        parts = -(-coming // self.batch)
        small, more = divmod(coming, parts)
        return tuple(small + (part < more) for part in range(parts))


@dataclass(frozen=True, slots=True)
class Standards:
    """All of them. `ranks` by the kind of the organization."""

    resources: tuple[StandardResource, ...]
    interpreters: tuple[tuple[str, int], ...]
    ranks: dict[OrganizationKind, int]
    requests: tuple[StandardRequest, ...]


@cache
def load_standards(path: Path = FILE) -> Standards:
    """The standards of the file. Raises StandardsError for anything amiss."""
    table = read_toml(path, error=StandardsError)
    standards = Standards(
        resources=table.each("resources", _resource),
        interpreters=table.each("interpreters", lambda row: (row.text("language"), row.count("count"))),
        ranks=_ranks(table.table("ranks")),
        requests=table.each("requests", _request),
    )
    table.finish()
    return standards


def _resource(table: Table) -> StandardResource:
    return StandardResource(
        code=table.text("code"),
        name=read_wording(table, "name"),
        place=read_wording(table, "place"),
        kind=table.choice("kind", ResourceKind),
        serves=tuple(RequestKind(kind) for kind in table.texts("serves")),
        capacity=table.count("capacity"),
        unit_persons=_count(table, "unit_persons", 1),
        minutes=table.count("minutes"),
        gap_minutes=table.integer("gap_minutes"),
        sessions_per_day=_count(table, "sessions_per_day", 0),
        languages_per_session=_count(table, "languages_per_session", 0),
        windows=table.each("windows", _hours),
    )


def _hours(table: Table) -> Hours:
    return Hours(table.integer("offset_days"), table.clock("from"), table.clock("until"))


def _request(table: Table) -> StandardRequest:
    return StandardRequest(
        kind=table.choice("kind", RequestKind),
        missions=frozenset(MissionKind(kind) for kind in table.texts("missions")),
        first=_day(table.table("first")),
        last=_day(table.table("last")),
        batch=_count(table, "batch", _WHOLE),
        most=_count(table, "most", _WHOLE),
        language=table.optional_text("language"),
    )


def _day(table: Table) -> Day:
    return read_whole(table, lambda row: Day(row.integer("offset_days"), row.clock("time")))


def _count(table: Table, key: str, absent: int) -> int:
    return table.count(key) if table.has(key) else absent


def _ranks(table: Table) -> dict[OrganizationKind, int]:
    found = {kind: table.count(kind.value) for kind in OrganizationKind if table.has(kind.value)}
    table.finish()
    return found
