"""The answers as frozen dataclasses: a plan with its proofs, a conflict, a broken rule."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from missions.timeline.scheduler.problem import Booking


class NoPlanError(RuntimeError):
    """There is no plan: `impossible` (musts and pins cannot all be held: ask `explain`) or `unfinished` (no time)."""

    def __init__(self, *, code: str) -> None:
        super().__init__(code)
        self.code = code


class Status(StrEnum):
    """How a plan was come by: searched for, or served in turn because time ended before the search had a whole one."""

    SEARCHED = "searched"
    FIRST_COME = "first_come"


class Rule(StrEnum):
    """The kinds of rules that a plan keeps and that a conflict is made of."""

    REQUEST = "request"
    WINDOW = "window"
    PLACE = "place"
    HOURS = "hours"
    CAPACITY = "capacity"
    SEATS = "seats"
    BOOTHS = "booths"
    SESSIONS = "sessions"
    INTERPRETERS = "interpreters"
    HEAD = "head"
    FAMILY = "family"
    CHAIN = "chain"
    MUST = "must"
    PIN = "pin"


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """A broken rule: its kind, the requests that break it together, and where (host, hall, resource, language, head).

    `start` is the first slot at which it is broken, -1 if no slot can be named.
    """

    rule: Rule
    requests: tuple[str, ...]
    where: str = ""
    start: int = -1


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the objective: what was reached and what was proven that no plan can better."""

    value: int
    bound: int

    @property
    def gap(self) -> float:
        """Return the distance to the bound as a share of the value (0.0: proven best)."""
        return abs(self.value - self.bound) / max(1, abs(self.value))

    @property
    def proven(self) -> bool:
        """Return whether no plan can be better in this part."""
        return self.value == self.bound


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of the solve: its name and the seconds that it took."""

    name: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Who is received when. Bookings are sorted by request.

    granted: weight of the wishes and musts held; more is better. delay: cost of all slots after the earliest start;
    its bound holds for plans of this weight. idle: slots that heads wait between meetings of one day, without a proof.
    The last stage trades a little delay for less idle time; `delay_before` and `idle_before` were before it.
    status: of a plan that is FIRST_COME nothing is proven, and the bounds are what nobody could better at all.
    """

    bookings: tuple[Booking, ...]
    refused: tuple[str, ...]
    granted: Part
    delay: Part
    idle: Part
    delay_before: int
    idle_before: int
    stages: tuple[Stage, ...] = ()
    status: Status = Status.SEARCHED

    def digest(self) -> str:
        """Return the SHA-256 of the bookings: equal plans have equal digests."""
        rows = "\n".join(f"{booking.request} {booking.start}" for booking in self.bookings)
        return hashlib.sha256(rows.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """A plan after a change, compared with what was published.

    changed: published bookings that are moved or cancelled. forced: those that the change itself made impossible, so
    that no repair leaves them alone. cancelled: published requests that are no longer held. new: granted now and
    not before. fewest: a proven lower bound of the number of changes at this weight (mode `weight`) or of any plan
    (mode `keep`).
    """

    mode: str
    plan: Plan
    changed: tuple[str, ...]
    forced: tuple[str, ...]
    cancelled: tuple[str, ...]
    new: tuple[str, ...]
    fewest: int

    @property
    def proven(self) -> bool:
        """Return whether no plan of this mode changes fewer bookings."""
        return len(self.changed) == self.fewest


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Musts and pins that cannot all be held.

    requests: a set of them that is impossible together. irreducible: it was proven that leaving out any one of them
    makes the others possible; if not, the word for people is "not proven". by: the kinds of rules that are enough to
    make it impossible, none of which can be left out. where: the hosts, halls, resources, languages or heads concerned.
    places: if they are simply too many for a host, how many it can take where they want to be; else None.
    """

    requests: tuple[str, ...]
    irreducible: bool
    by: tuple[Rule, ...]
    where: tuple[str, ...]
    places: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """What first come, first served gives: the office of today, for comparison.

    failed: musts that found no place.
    """

    bookings: tuple[Booking, ...]
    failed: tuple[str, ...]
    granted: int
    delay: int
