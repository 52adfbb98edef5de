"""What the rules judge: a plan with its teams, people and visits as plain values, however it was made."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from stations.deployment.states import RestrictionLevel, TeamKind, VisitKind


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """One observer of a team.

    `accredited_from` is None where there is no active accreditation any more. `unsigned` are the papers that are to
    be signed and are not there; `delegation` is empty outside delegations, `political_group` where none was named.
    """

    key: int
    name: str
    nationalities: frozenset[str]
    languages: frozenset[str]
    accredited_from: dt.datetime | None
    arrives_on: dt.date | None = None
    departs_on: dt.date | None = None
    sex: str = ""
    is_experienced: bool = False
    residence: str = ""
    delegation: str = ""
    political_group: str = field(default="", repr=False)
    has_card: bool = True
    unsigned: tuple[str, ...] = ()
    has_other_status: bool = False
    is_booked_elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """One visit with the hours of its station on that day, all as instants.

    `day` is that of the visit plan, by the calendar of the place. `drive` is the way from the visit before on the
    same day, None where it is not known, zero for the first. `missing_access` tells what has not been
    granted for this station (a condition), who grants it, and why it is missing (a reason). `is_closed`: the station
    is out of use by now; `is_outside_sample`: the owner has locked a sample, and it is not in it.
    """

    station: str
    kind: VisitKind
    day: dt.date
    arrives_at: dt.datetime
    leaves_at: dt.datetime
    opens_at: dt.datetime
    closes_at: dt.datetime
    time_zone: str
    constituency: int | None = None
    drive: dt.timedelta | None = None
    missing_access: tuple[tuple[str, str, str], ...] = ()
    is_closed: bool = False
    is_outside_sample: bool = False
    is_of_other_mission: bool = False
    times_in_stage: int = 1


@dataclass(frozen=True, slots=True)
class TeamFacts:
    """A team with its days. `is_supervised`: its area has a long-term team; `has_area`: it belongs to one.

    `place` names where it works; `languages` are those spoken there, none where that is not known. `constituencies`
    are those where it may work: its area's. `interpreter` are the languages of whoever interprets for it.
    """

    number: int
    kind: TeamKind
    has_area: bool
    is_supervised: bool
    members: tuple[MemberFacts, ...]
    visits: tuple[VisitFacts, ...]
    place: str = ""
    country: str = ""
    constituency: int | None = None
    languages: frozenset[str] = frozenset()
    constituencies: frozenset[int] = frozenset()
    interpreter: frozenset[str] = frozenset()

    @property
    def day(self) -> dt.date | None:
        """The day of the first visit."""
        return self.visits[0].day if self.visits else None

    @property
    def places(self) -> frozenset[int]:
        """The constituencies where the team comes."""
        visited = {visit.constituency for visit in self.visits if visit.constituency is not None}
        return frozenset(visited if self.constituency is None else {*visited, self.constituency})


@dataclass(frozen=True, slots=True)
class Restriction:
    """A restricted area by the owner's own list. An area that needs approval is approved or not."""

    name: str
    level: RestrictionLevel
    approver: str
    is_approved: bool


@dataclass(frozen=True, slots=True)
class Stratum:
    """A kind of station or a region (`code`): how many the register has, and how many of them the plan visits."""

    code: str
    stations: int
    visited: int

    @property
    def is_region(self) -> bool:
        return self.code.startswith("region:")


@dataclass(frozen=True, slots=True)
class GroupCount:
    """A political group: its strength in the parliament (0: not given), and how many of it are accredited."""

    name: str
    strength: int
    people: int


@dataclass(frozen=True, slots=True)
class Balance:
    """Counts over the whole plan.

    Short-term observers by sending state; all observers and the women among them by role; the stations at home where
    the owner goes, those of them that are visited, and both by stratum. `groups` are of everybody whom the owner has
    accredited, sent or not; none where no strengths were given.
    """

    sending_states: Mapping[str, int] = field(default_factory=dict)
    people: Mapping[str, int] = field(default_factory=dict)
    women: Mapping[str, int] = field(default_factory=dict)
    stations: int = 0
    visited: int = 0
    strata: tuple[Stratum, ...] = ()
    groups: tuple[GroupCount, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """What the rules need to know about a plan and its election. `teams` may be a part of the plan's.

    `host_citizens_excluded` is None where the law does not say. `accreditations_end` is the event with which
    accreditations expire, if it has happened. `listed` gives for a nationality the constituencies where its nationals
    are not sent; none stands for anywhere. `partners_before` are the teams of the released plan while teams are fixed,
    None at any other time.
    """

    at: dt.datetime
    host_country: str
    host_citizens_excluded: bool | None
    e_day: dt.date
    e_day_begins: dt.datetime
    accreditations_end: dt.datetime | None
    has_long_term_teams: bool
    teams: tuple[TeamFacts, ...]
    listed: Mapping[str, frozenset[int]] = field(default_factory=dict)
    restrictions: Mapping[int, tuple[Restriction, ...]] = field(default_factory=dict)
    place_names: Mapping[int, str] = field(default_factory=dict)
    partners_before: Mapping[int, frozenset[int]] | None = None
    balance: Balance | None = None
