"""The problem as frozen dataclasses of integers: who wants what, and what there is to give.

Time is counted in slots of five minutes of the host's wall clock, from an anchor that the caller keeps: midnight
before the first day. A day is 288 slots. A span holds its start and not its end.
"""

from dataclasses import dataclass
from typing import Final

SLOT_MINUTES: Final = 5
DAY: Final = 288
"""Slots of a day."""


class ProblemError(ValueError):
    """The rows do not describe a problem: a stable `code`, the `field`, the `id` of the row ("": all of it)."""

    def __init__(self, *, code: str, field: str, id: str = "") -> None:
        super().__init__(f"{code}: {field} of {id}" if id else f"{code}: {field}")
        self.code = code
        self.field = field
        self.id = id


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The slots from `start` up to, not including, `end`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """Who or what receives at fixed places: the minister, the chair, the press centre.

    windows: the hours first opened; each is cut from its start into places of `meeting` slots with `changeover`
    slots behind each. The changeover of the last place may overrun its window. closed: hours taken away later;
    a place that touches them is lost, and all the others keep their times. capacity: how many requests one place
    takes (halls of the press centre; 1 for a person).
    """

    id: str
    windows: tuple[Span, ...]
    meeting: int
    changeover: int = 0
    capacity: int = 1
    closed: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hall:
    """A briefing hall, where several delegations sit in one session.

    windows, changeover, closed: as of a host; the places are sessions of `session` slots. seats: persons a session.
    booths: languages a session. sessions_a_day: how many sessions of one day may be held.
    """

    id: str
    windows: tuple[Span, ...]
    session: int
    seats: int
    booths: int
    sessions_a_day: int
    changeover: int = 0
    closed: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """Equal units that serve at any slot of their hours: airport desks, badge counters, vehicles."""

    id: str
    windows: tuple[Span, ...]
    capacity: int
    closed: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Interpreters:
    """How many interpreters of a language work at once, over all hosts and halls."""

    language: str
    number: int


@dataclass(frozen=True, slots=True)
class Use:
    """So many units of a resource, from the start of a request to its end."""

    resource: str
    amount: int = 1


@dataclass(frozen=True, slots=True)
class After:
    """A request starts at least `lag` slots after the end of `request`, if both are granted."""

    request: str
    lag: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One thing that a mission asks for. It is held at one host, in one hall, or uses resources.

    windows: it lies wholly in one of them (changeover apart). length: slots, for a request that uses resources;
    hosts and halls give their own. head: who attends ("": nobody in particular); a head is in one place at a time.
    language: of the interpreter that the host has to give ("": none). persons: how many come; they take seats in
    a hall. weight: what granting it is worth. must: no plan without it. coef: what each slot after its earliest
    start costs. received: order of receipt, for the comparison with first come, first served.
    """

    id: str
    mission: str
    kind: str
    windows: tuple[Span, ...]
    host: str = ""
    hall: str = ""
    uses: tuple[Use, ...] = ()
    length: int = 0
    after: tuple[After, ...] = ()
    head: str = ""
    language: str = ""
    persons: int = 1
    weight: int = 0
    must: bool = False
    coef: int = 1
    received: int = 0


@dataclass(frozen=True, slots=True)
class Family:
    """The requests of a parent mission and of its child that may never be held at the same time (press)."""

    parent: str
    child: str


@dataclass(frozen=True, slots=True)
class Pin:
    """A request that is granted at this start and nowhere else."""

    request: str
    start: int


@dataclass(frozen=True, slots=True, order=True)
class Booking:
    """A request granted: it begins at slot `start`."""

    request: str
    start: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """All that is asked and all that there is. Rows may come in any order: the answer is the same.

    travel: slots that a head needs between two meetings, unless both are at one host or in one hall.
    """

    requests: tuple[Request, ...]
    hosts: tuple[Host, ...] = ()
    halls: tuple[Hall, ...] = ()
    resources: tuple[Resource, ...] = ()
    interpreters: tuple[Interpreters, ...] = ()
    families: tuple[Family, ...] = ()
    pins: tuple[Pin, ...] = ()
    travel: int = 3
