"""Writes the whole reference folder: the files as they would arrive, byte for byte the same on every run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

from config.reference.chance import Chance
from config.reference.citizens import Citizen, Listed, citizen_rows, listed_rows
from config.reference.extras import extra_rows
from config.reference.geography import DATA, overseas
from config.reference.invitations import organization_sheets, planned_sheets
from config.reference.layouts import layouts
from config.reference.manifest import MANIFEST, Manifest, read_manifest
from config.reference.others import FirstVersionFacts, Others, SuccessorFacts, read_others
from config.reference.people import Inventor, Nomination
from config.reference.places import Place, plan_places
from config.reference.register import HomeStation, OverseasStation, home_stations, overseas_stations
from config.reference.senders import Seat, Sender, Senders, read_senders
from missions.kernel.spreadsheets.writer import OutputValue, write_csv, write_workbook, write_xlsx

SEED = 20240207
NOMINATIONS = "nominations"
#: The first file of a mission that had to send another one, and the papers of somebody who comes later.
FIRST_VERSION, SUCCESSOR = "first_version", "successor"
ORGANIZATIONS, STATIONS, OVERSEAS = "organizations.xlsx", "stations.xlsx", "overseas.csv"
#: As `ORGANIZATIONS` was before the first invitation went out.
PLANNED = "planned.xlsx"
CITIZENS, LISTED = "citizens.xlsx", "listed.xlsx"
#: In a list with one fault this stands for a day that no calendar has.
NO_SUCH_DAY = "31.02.1980"


@dataclass(frozen=True, slots=True)
class Totals:
    """What was written. `observers` counts those who will be accredited, `further` the other nominations."""

    observers: int
    organizations: int
    nationalities: int
    further: int
    citizens: int
    pollsters_and_press: int
    listed: int
    stations: int
    overseas_stations: int
    overseas_countries: int
    constituencies: int
    new_stations: int
    web_cameras: int
    voters: int
    files: int


@dataclass(frozen=True, slots=True)
class ReferenceData:
    """Everything that goes into the folder, before it is written. Lists are by mission code.

    `press` holds the nominations of the categories beside international observers.
    """

    manifest: Manifest
    senders: Senders
    others: Others
    lists: Mapping[str, tuple[Nomination, ...]]
    extras: Mapping[str, tuple[Nomination, ...]]
    press: Mapping[str, tuple[Nomination, ...]]
    citizens: tuple[Citizen, ...]
    listed: tuple[Listed, ...]
    successor: Nomination
    home: tuple[HomeStation, ...]
    abroad: tuple[OverseasStation, ...]


def invent_reference_data(seed: int = SEED) -> ReferenceData:
    """Return the reference data of a seed; the same data for the same seed."""
    manifest, data = read_manifest(), read_senders()
    abroad = overseas_stations(seed, opens=f"{manifest.opens_at:%H:%M}", closes=f"{manifest.closes_at:%H:%M}")
    home = home_stations(seed, overseas_count=len(abroad), overseas_voters=sum(row.voters for row in abroad))
    places = plan_places(
        data.senders,
        [city.country for city in overseas().cities for _code in city.codes],
        calendar=data.calendar,
        manifest=manifest,
        chance=Chance(seed, "places"),
    )
    inventor = Inventor(Chance(seed, "people"), {code: layout.script for code, layout in layouts().items()})
    inventor.keep_names(data.senders)
    lists: dict[str, tuple[Nomination, ...]] = {sender.code: () for sender in data.senders}
    for place in places:
        lists[place.sender.code] += (inventor.nomination(place),)
    senders = {sender.code: sender for sender in data.senders}
    host, others = manifest.host_country, read_others(data.calendar)
    extras = extra_rows(senders, lists, inventor, host=host)
    by_reference = {row.reference: row for rows in (*lists.values(), *extras.values()) for row in rows}
    return ReferenceData(
        manifest=manifest,
        senders=data,
        others=others,
        lists=lists,
        extras=extras,
        press=_press(others, inventor, host),
        citizens=citizen_rows(others, inventor, host=host),
        listed=listed_rows(others.listed, by_reference, inventor, host=host),
        successor=_successor(others.successor, by_reference, senders, inventor),
        home=home,
        abroad=abroad,
    )


def write_reference_data(folder: Path, *, seed: int = SEED) -> Totals:
    """Write the folder and return its totals. Files of the same names are replaced, others are left alone."""
    data = invent_reference_data(seed)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MANIFEST).write_bytes((DATA / MANIFEST).read_bytes())
    write_workbook(folder / ORGANIZATIONS, organization_sheets(data.senders, data.others.senders))
    write_workbook(folder / PLANNED, planned_sheets(data.senders, data.others.senders))
    _write_rows(folder / STATIONS, "stations", HomeStation, data.home)
    columns = [field.name for field in fields(OverseasStation)]
    write_csv(folder / OVERSEAS, columns, (_cells(row, columns) for row in data.abroad))
    _write_rows(folder / CITIZENS, "citizens", Citizen, data.citizens)
    _write_rows(folder / LISTED, "listed", Listed, data.listed)
    for sender in data.senders.senders:
        _write_nominations(folder / NOMINATIONS, sender, (*data.lists[sender.code], *data.extras[sender.code]))
    for group in data.others.nominated:
        for sender in group.senders:
            _write_nominations(folder / group.category, sender, data.press[sender.code])
    by_code = {sender.code: sender for sender in data.senders.senders}
    _write_nominations(folder / SUCCESSOR, by_code[data.others.successor.mission], [data.successor])
    facts = data.others.first_version
    _write_first_version(folder / FIRST_VERSION, by_code[facts.mission], data.lists[facts.mission], facts)
    return _totals(data)


def _press(others: Others, inventor: Inventor, host: str) -> dict[str, tuple[Nomination, ...]]:
    """Nominations by sender; who does not travel lives with the host."""
    return {
        sender.code: tuple(
            inventor.nomination(Place(sender, seat, order, group.documents_on, "" if group.stays else host))
            for order, seat in enumerate(sender.seats, start=1)
        )
        for group in others.nominated
        for sender in group.senders
    }


def _successor(
    facts: SuccessorFacts, by_reference: Mapping[str, Nomination], senders: Mapping[str, Sender], inventor: Inventor
) -> Nomination:
    """Somebody of the same nationality, role, delegation and political group, on the same days."""
    before, sender = by_reference[facts.in_place_of], senders[facts.mission]
    number = sum(row.reference.startswith(f"{facts.mission}-") for row in by_reference.values()) + 1
    row = inventor.nomination(Place(sender, Seat(before.role, before.nationality), number, facts.documents_on))
    return replace(row, delegation=before.delegation, political_group=before.political_group)


def _write_nominations(folder: Path, sender: Sender, rows: Sequence[Nomination]) -> None:
    layout = layouts()[sender.layout]
    folder.mkdir(parents=True, exist_ok=True)
    write_xlsx(folder / f"{sender.code}.xlsx", NOMINATIONS, layout.headers(), [layout.cells(row) for row in rows])


def _write_first_version(folder: Path, sender: Sender, rows: Sequence[Nomination], facts: FirstVersionFacts) -> None:
    """The list of a mission with the passport of one person twice, and with a day that does not exist."""
    layout, columns = layouts()[sender.layout], [field.name for field in fields(Nomination)]
    kept, *others = facts.same_passport
    doubled = [
        replace(row, passport_issuer=rows[kept - 1].passport_issuer, passport_number=rows[kept - 1].passport_number)
        if number in others
        else row
        for number, row in enumerate(rows, start=1)
    ]
    cells = [layout.cells(row) for row in doubled]
    cells[facts.no_such_day - 1][columns.index("birth_date")] = NO_SUCH_DAY
    folder.mkdir(parents=True, exist_ok=True)
    write_xlsx(folder / f"{sender.code}.xlsx", NOMINATIONS, layout.headers(), cells)


def _write_rows(path: Path, sheet: str, row_type: type, rows: Sequence[HomeStation | Citizen | Listed]) -> None:
    columns = [field.name for field in fields(row_type)]
    write_xlsx(path, sheet, columns, (_cells(row, columns) for row in rows))


def _cells(row: HomeStation | OverseasStation | Citizen | Listed, columns: list[str]) -> list[OutputValue]:
    values = (getattr(row, column) for column in columns)
    return [("yes" if value else "no") if isinstance(value, bool) else value for value in values]


def _totals(data: ReferenceData) -> Totals:
    people = [row for rows in data.lists.values() for row in rows]
    return Totals(
        observers=len(people),
        organizations=len(data.senders.senders),
        nationalities=len({row.nationality for row in people}),
        further=sum(len(rows) for rows in data.extras.values()),
        citizens=len(data.citizens),
        pollsters_and_press=sum(len(rows) for rows in data.press.values()),
        listed=len(data.listed),
        stations=len(data.home) + len(data.abroad),
        overseas_stations=len(data.abroad),
        overseas_countries=len({row.country for row in data.abroad}),
        constituencies=len({row.constituency for row in data.home}),
        new_stations=sum(row.newly_covered for row in data.home),
        web_cameras=sum(row.web_camera for row in data.home),
        voters=sum(row.voters for row in data.home) + sum(row.voters for row in data.abroad),
        files=len(data.lists) + len(data.press) + 9,
    )
