"""Who sends observers: organizations, invitations, missions and the places of each, as frozen values."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from config.reference.geography import DATA
from missions.data.reading import Table, read_toml

HEAD, CORE, LTO, STO, STAFF = "head_of_mission", "core_team_member", "lto", "sto", "support_staff"


@dataclass(frozen=True, slots=True)
class Head:
    """A publicly reported head. `latin` is the name in Latin letters; `nominated`: also comes as an observer."""

    surname: str
    given_names: str
    latin: str
    title: str
    nationality: str
    sex: str
    nominated: bool


@dataclass(frozen=True, slots=True)
class Seat:
    """One place of a mission, before a person is invented for it."""

    role: str
    nationality: str
    head: Head | None = None


@dataclass(frozen=True, slots=True)
class Stay:
    """First and last day of a role in the host country."""

    arrives: dt.date
    departs: dt.date


@dataclass(frozen=True, slots=True)
class Sender:
    """An organization with its invitation and its mission. `early`: how many are decided at given sessions.

    `seats` are in the order in which the mission lists people; `reported` heads speak for the mission.
    """

    acronym: str
    name: str
    kind: str
    country: str
    is_synthetic: bool
    inviter: str
    ceiling: int | None
    code: str
    mission_kind: str
    mode: str
    template: str
    parent: str
    layout: str
    reported: tuple[Head, ...]
    seats: tuple[Seat, ...]
    early: tuple[tuple[dt.date, int], ...]
    heads_early: bool
    by_nationality: str
    delegations: tuple[str, ...]
    groups: tuple[tuple[str, int], ...]
    stays: tuple[tuple[str, Stay], ...]

    @property
    def is_pooled(self) -> bool:
        """Whether the ministry plans for the mission."""
        return self.mode == "host_coordinated"


@dataclass(frozen=True, slots=True)
class Bystander:
    """An organization without a mission: not invited, or one that declined."""

    acronym: str
    name: str
    kind: str
    inviter: str
    state: str
    is_synthetic: bool


@dataclass(frozen=True, slots=True)
class JointMission:
    """A joint label over other missions, and who speaks for it: name and title."""

    code: str
    name: str
    template: str
    heads: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days of invitations, papers and usual stays, and how many are accredited by the end of each session."""

    notes_from: dt.date
    replies_by: dt.date
    papers_until: dt.date
    decision_days: int
    arrives: dt.date
    sto_arrives: dt.date
    departs: dt.date
    decided: tuple[tuple[dt.date, int], ...]


@dataclass(frozen=True, slots=True)
class Senders:
    """The whole data file."""

    calendar: Calendar
    joint: tuple[JointMission, ...]
    senders: tuple[Sender, ...]
    bystanders: tuple[Bystander, ...]


@cache
def read_senders() -> Senders:
    """All organizations in the order of the data file, the demonstration ones last."""
    table = read_toml(DATA / "organizations.toml")
    calendar = _read_calendar(table.table("calendar"))
    joint = table.each("joint_missions", _read_joint)
    reported = table.each("organizations", lambda row: _read_sender(row, calendar))
    bystanders = (
        *table.each("uninvited", lambda row: _read_bystander(row, "not_invited")),
        *table.each("declined", lambda row: _read_bystander(row, "declined")),
    )
    demo = _read_demo(table.table("demo"), calendar)
    table.finish()
    return Senders(calendar, joint, (*reported, *demo), bystanders)


def dated_counts(texts: Iterable[str]) -> tuple[tuple[dt.date, int], ...]:
    """Read "2024-01-06 72" as a day and a number."""
    pairs = [text.split() for text in texts]
    return tuple((dt.date.fromisoformat(day), int(count)) for day, count in pairs)


def _read_calendar(table: Table) -> Calendar:
    calendar = Calendar(
        notes_from=table.day("notes_from"),
        replies_by=table.day("replies_by"),
        papers_until=table.day("papers_until"),
        decision_days=table.count("decision_days"),
        arrives=table.day("arrives"),
        sto_arrives=table.day("sto_arrives"),
        departs=table.day("departs"),
        decided=dated_counts(table.texts("decided")),
    )
    table.finish()
    return calendar


def _read_joint(table: Table) -> JointMission:
    return JointMission(
        code=table.text("code"),
        name=table.text("name"),
        template=table.text("template"),
        heads=table.each("heads", lambda row: (row.text("name"), row.text("title"))),
    )


def _read_bystander(table: Table, state: str) -> Bystander:
    return Bystander(
        acronym=table.text("acronym"),
        name=table.text("name"),
        kind=table.text("kind"),
        inviter=table.text("inviter"),
        state=state,
        is_synthetic=table.flag("synthetic"),
    )


def _read_sender(table: Table, calendar: Calendar) -> Sender:
    acronym = table.text("acronym")
    heads = table.each("heads", _read_head) if table.has("heads") else ()
    return Sender(
        acronym=acronym,
        name=table.text("name"),
        kind=table.text("kind"),
        country=table.optional_text("country"),
        is_synthetic=False,
        inviter=table.text("inviter"),
        ceiling=table.count("ceiling") if table.has("ceiling") else None,
        code=acronym.replace(" ", "-"),
        mission_kind=table.optional_text("mission_kind") or "delegation",
        mode=table.optional_text("mode") or "host_coordinated",
        template=table.optional_text("template") or "short-delegation",
        parent=table.optional_text("parent"),
        layout=table.text("layout"),
        reported=heads,
        seats=tuple(_seats(table, heads)),
        early=dated_counts(table.texts("early")) if table.has("early") else (),
        heads_early=table.flag("heads_early") if table.has("heads_early") else True,
        by_nationality=table.optional_text("by_nationality"),
        delegations=table.texts("delegations") if table.has("delegations") else (),
        groups=strengths_of(table.texts("groups")) if table.has("groups") else (),
        stays=_read_stays(table, calendar),
    )


def strengths_of(texts: tuple[str, ...]) -> tuple[tuple[str, int], ...]:
    """Political groups with their members in the parliament, written "Group A 120"."""
    return tuple((name, int(strength)) for name, _space, strength in (text.rpartition(" ") for text in texts))


def _read_head(table: Table) -> Head:
    surname, given = table.text("surname"), table.text("given_names")
    nominated = table.flag("nominated") if table.has("nominated") else True
    return Head(
        surname=surname,
        given_names=given,
        latin=table.optional_text("latin") or f"{given} {surname}",
        title=table.text("title"),
        nationality=table.text("nationality") if nominated else "",
        sex=table.text("sex") if nominated else "",
        nominated=nominated,
    )


def _seats(table: Table, heads: tuple[Head, ...]) -> Iterable[Seat]:
    yield from (Seat(HEAD, head.nationality, head) for head in heads if head.nominated)
    for key, role in (("core", CORE), ("lto", LTO), ("sto", STO), ("staff", STAFF)):
        if table.has(key):
            yield from (Seat(role, nationality) for nationality in in_turn(table.texts(key)))


def in_turn(texts: tuple[str, ...]) -> Iterable[str]:
    """Nationalities with their numbers, dealt out one after the other as a mixed list has them."""
    left = {nationality: int(count) for nationality, count in (text.split() for text in texts)}
    while any(left.values()):
        for nationality in left:
            if left[nationality]:
                left[nationality] -= 1
                yield nationality


def _read_stays(table: Table, calendar: Calendar) -> tuple[tuple[str, Stay], ...]:
    def day(key: str, default: dt.date) -> dt.date:
        return table.day(key) if table.has(key) else default

    arrives, departs = day("arrives", calendar.arrives), day("departs", calendar.departs)
    core = Stay(day("core_arrives", arrives), day("core_departs", departs))
    lto = Stay(day("lto_arrives", arrives), day("lto_departs", departs))
    sto = Stay(day("sto_arrives", calendar.sto_arrives), departs)
    with_core = table.has("heads_with_core") and table.flag("heads_with_core")
    head = core if with_core else Stay(arrives, departs)
    return ((HEAD, head), (CORE, core), (LTO, lto), (STO, sto), (STAFF, core))


def _read_demo(table: Table, calendar: Calendar) -> tuple[Sender, ...]:
    first, acronym, name = table.count("first_number"), table.text("acronym"), table.text("name")
    kinds, inviters, layouts = table.texts("kinds"), table.texts("inviters"), table.texts("layouts")
    smallest = table.count("smallest_with_head")
    crews = table.texts("crews")
    table.finish()
    stay, short = Stay(calendar.arrives, calendar.departs), Stay(calendar.sto_arrives, calendar.departs)
    return tuple(
        Sender(
            acronym=acronym.format(number=number),
            name=name.format(number=number),
            kind=kinds[number % len(kinds)],
            country="",
            is_synthetic=True,
            inviter=inviters[number % len(inviters)],
            ceiling=None if number % 3 else 10,
            code=acronym.format(number=number),
            mission_kind="delegation",
            mode="host_coordinated",
            template="short-delegation",
            parent="",
            layout=layouts[number % len(layouts)],
            reported=(),
            seats=_crew(crew.split(), smallest),
            early=(),
            heads_early=True,
            by_nationality="",
            delegations=(),
            groups=(),
            stays=((HEAD, stay), (STO, short)),
        )
        for number, crew in enumerate(crews, start=first)
    )


def _crew(nationalities: list[str], smallest_with_head: int) -> tuple[Seat, ...]:
    has_head = len(nationalities) >= smallest_with_head
    return tuple(
        Seat(HEAD if has_head and index == 0 else STO, nationality) for index, nationality in enumerate(nationalities)
    )
