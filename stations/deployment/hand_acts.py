"""What can be done to a draft by hand, as values.

Teams are named by their number, stations by their code, constituencies by their number, areas by their key, and people
by the keys of their nominations.
"""

import datetime as dt
from dataclasses import dataclass

from stations.deployment.states import VisitKind


@dataclass(frozen=True, slots=True)
class Hours:
    """When a visit begins and ends: two aware instants."""

    arrives_at: dt.datetime
    leaves_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Place:
    """Where a team works: a constituency, an area for a long-term team, or a country abroad. One of them is given."""

    constituency: int | None = None
    area: int | None = None
    country: str = ""


@dataclass(frozen=True, slots=True)
class SwapObservers:
    """Two people change places. One of them may be without a team: then the other is afterwards."""

    first: int
    second: int


@dataclass(frozen=True, slots=True)
class MakeTeam:
    """Two people without a team become one."""

    people: tuple[int, int]
    place: Place


@dataclass(frozen=True, slots=True)
class SplitTeam:
    """A team is no more: its people are without one, and its visits are gone."""

    team: int


@dataclass(frozen=True, slots=True)
class MoveTeam:
    """A team works elsewhere. Its visits were those of the old place, and are gone."""

    team: int
    place: Place


@dataclass(frozen=True, slots=True)
class PinTeam:
    """What planning again keeps of a team. None leaves a pin as it is."""

    team: int
    pair: bool | None = None
    place: bool | None = None


@dataclass(frozen=True, slots=True)
class AssignInterpreter:
    """Somebody on the owner's list interprets for this team, and for no other; nobody does where no name is given."""

    team: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class AddVisit:
    """A team comes to one more station, as the stop at `position` (from 1), or else before its last stop.

    The day is laid anew, which decides on the kind. With `hours` the visit has them and `kind`, all other visits keep
    theirs, and the route is in the order of arrivals.
    """

    team: int
    station: str
    position: int | None = None
    kind: VisitKind = VisitKind.VOTING
    hours: Hours | None = None


@dataclass(frozen=True, slots=True)
class RemoveVisit:
    """A team does not come to the stop any more that holds its visit of this order. The day is laid anew."""

    team: int
    order: int


@dataclass(frozen=True, slots=True)
class MoveVisit:
    """The stop that holds the visit of this order becomes the stop at `position` (from 1). The day is laid anew."""

    team: int
    order: int
    position: int


@dataclass(frozen=True, slots=True)
class ChangeVisit:
    """A visit is of another kind or has other hours. All other visits stay as they are."""

    team: int
    order: int
    kind: VisitKind | None = None
    hours: Hours | None = None


@dataclass(frozen=True, slots=True)
class PinVisit:
    """Whether planning again keeps the visit, with all of the team's visits to its station."""

    team: int
    order: int
    is_pinned: bool


@dataclass(frozen=True, slots=True)
class MakeArea:
    """A new area begins with this constituency, and the teams that work there; others may be taken in afterwards.

    A long-term team may look after it from the beginning.
    """

    name: str
    constituency: int
    team: int | None = None


@dataclass(frozen=True, slots=True)
class RenameArea:
    """An area has another name."""

    area: int
    name: str


@dataclass(frozen=True, slots=True)
class MoveConstituency:
    """A constituency belongs to this area, and to no other; the teams that work there go with it."""

    constituency: int
    area: int


@dataclass(frozen=True, slots=True)
class SuperviseArea:
    """A long-term team looks after this area, and no more after the one that it had."""

    area: int
    team: int


@dataclass(frozen=True, slots=True)
class MoveAreaTeams:
    """All short-term teams of an area work in this constituency."""

    area: int
    constituency: int


@dataclass(frozen=True, slots=True)
class MergeAreas:
    """An area with its constituencies and teams becomes a part of another."""

    area: int
    into: int


@dataclass(frozen=True, slots=True)
class PinArea:
    """The same for all teams of an area as `PinTeam`; `visits` for all of their visits."""

    area: int
    pair: bool | None = None
    place: bool | None = None
    visits: bool | None = None


@dataclass(frozen=True, slots=True)
class ClearArea:
    """No team of an area has visits any more."""

    area: int


@dataclass(frozen=True, slots=True)
class DissolveArea:
    """An area is no more: its constituencies belong to none, and its teams stay where they are."""

    area: int


Act = (
    SwapObservers
    | MakeTeam
    | SplitTeam
    | MoveTeam
    | PinTeam
    | AssignInterpreter
    | AddVisit
    | RemoveVisit
    | MoveVisit
    | ChangeVisit
    | PinVisit
    | MakeArea
    | RenameArea
    | MoveConstituency
    | SuperviseArea
    | MoveAreaTeams
    | MergeAreas
    | PinArea
    | ClearArea
    | DissolveArea
)
