"""Who is accredited besides international observers, and people whose status does not go with observing: the facts."""

import datetime as dt
from dataclasses import dataclass
from functools import cache

from config.reference.geography import DATA
from config.reference.senders import Calendar, Seat, Sender, Stay, in_turn
from missions.data.reading import Table, read_toml


@dataclass(frozen=True, slots=True)
class CitizenGroup:
    """So many citizen observers of one sender, on one initiative."""

    sender: Sender
    initiative: str
    people: int


@dataclass(frozen=True, slots=True)
class NominatedGroup:
    """Senders of one category whose people come by nomination files. `stays`: they travel to the host."""

    category: str
    documents_on: dt.date
    stays: bool
    senders: tuple[Sender, ...]


@dataclass(frozen=True, slots=True)
class OnList:
    """A nominated person who stands on a list of a kind too."""

    reference: str
    kind: str


@dataclass(frozen=True, slots=True)
class ListedFacts:
    """How many invented people of each kind are listed, and who of the nominated: with date of birth, or by name."""

    kinds: tuple[tuple[str, int], ...]
    source: str
    certain: OnList
    by_name: OnList


@dataclass(frozen=True, slots=True)
class SuccessorFacts:
    """Who comes later in the place of whom."""

    mission: str
    in_place_of: str
    documents_on: dt.date


@dataclass(frozen=True, slots=True)
class FirstVersionFacts:
    """What is wrong in the first file of a mission; rows count from one."""

    mission: str
    same_passport: tuple[int, ...]
    no_such_day: int


@dataclass(frozen=True, slots=True)
class Others:
    """The whole data file."""

    citizens: tuple[CitizenGroup, ...]
    nominated: tuple[NominatedGroup, ...]
    listed: ListedFacts
    successor: SuccessorFacts
    first_version: FirstVersionFacts

    @property
    def senders(self) -> tuple[Sender, ...]:
        """All senders in the order of the data file."""
        return (
            *(group.sender for group in self.citizens),
            *(sender for group in self.nominated for sender in group.senders),
        )


@cache
def read_others(calendar: Calendar) -> Others:
    """The facts; who travels does so on the usual days of the calendar."""
    table = read_toml(DATA / "others.toml")
    citizens = table.table("citizens")
    others = Others(
        citizens=citizens.each("senders", _read_citizens),
        nominated=table.each("nominated", lambda row: _read_nominated(row, calendar)),
        listed=_read_listed(table.table("listed")),
        successor=_read_successor(table.table("successor")),
        first_version=_read_first_version(table.table("first_version")),
    )
    citizens.finish()
    table.finish()
    return others


def _read_citizens(table: Table) -> CitizenGroup:
    return CitizenGroup(_sender(table, layout="en-iso"), table.text("initiative"), table.count("people"))


def _read_nominated(table: Table, calendar: Calendar) -> NominatedGroup:
    role, layout = table.text("role"), table.text("layout")
    outlet = table.optional_text("outlet")
    outlets = table.count("outlets") if outlet else 0
    names = tuple(outlet.format(number=f"{number:02d}") for number in range(1, outlets + 1))
    stay = Stay(calendar.arrives, calendar.departs)

    def read_sender(row: Table) -> Sender:
        seats = tuple(Seat(role, nationality) for nationality in in_turn(row.texts("people")))
        return _sender(row, layout=layout, seats=seats, delegations=names, stays=((role, stay),))

    return NominatedGroup(
        category=table.text("category"),
        documents_on=table.day("documents_on"),
        stays=table.flag("stays"),
        senders=table.each("senders", read_sender),
    )


def _sender(
    table: Table,
    *,
    layout: str,
    seats: tuple[Seat, ...] = (),
    delegations: tuple[str, ...] = (),
    stays: tuple[tuple[str, Stay], ...] = (),
) -> Sender:
    """A sender without an invitation: nobody invites those who live here, nor the press."""
    acronym = table.text("acronym")
    return Sender(
        acronym=acronym,
        name=table.text("name"),
        kind=table.text("kind"),
        country="",
        is_synthetic=table.flag("synthetic"),
        inviter="",
        ceiling=None,
        code=acronym,
        mission_kind="delegation",
        mode="host_coordinated",
        template="",
        parent="",
        layout=layout,
        reported=(),
        seats=seats,
        early=(),
        heads_early=True,
        by_nationality="",
        delegations=delegations,
        groups=(),
        stays=stays,
    )


def _read_listed(table: Table) -> ListedFacts:
    pairs = (text.split() for text in table.texts("kinds"))
    facts = ListedFacts(
        kinds=tuple((kind, int(count)) for kind, count in pairs),
        source=table.text("source"),
        certain=_read_on_list(table.table("certain")),
        by_name=_read_on_list(table.table("by_name")),
    )
    table.finish()
    return facts


def _read_on_list(table: Table) -> OnList:
    entry = OnList(table.text("reference"), table.text("kind"))
    table.finish()
    return entry


def _read_successor(table: Table) -> SuccessorFacts:
    facts = SuccessorFacts(table.text("mission"), table.text("in_place_of"), table.day("documents_on"))
    table.finish()
    return facts


def _read_first_version(table: Table) -> FirstVersionFacts:
    rows = table.texts("same_passport")
    facts = FirstVersionFacts(table.text("mission"), tuple(map(int, rows)), table.count("no_such_day"))
    table.finish()
    return facts
