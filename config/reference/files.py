"""Writes the whole reference folder: the files as they would arrive, byte for byte the same on every run."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from config.reference.chance import Chance
from config.reference.extras import extra_rows
from config.reference.geography import DATA, overseas
from config.reference.invitations import organization_sheets
from config.reference.layouts import layouts
from config.reference.manifest import MANIFEST, Manifest, read_manifest
from config.reference.people import Inventor, Nomination
from config.reference.places import plan_places
from config.reference.register import HomeStation, OverseasStation, home_stations, overseas_stations
from config.reference.senders import Senders, read_senders
from missions.kernel.spreadsheets.writer import OutputValue, write_csv, write_workbook, write_xlsx

SEED = 20240207
NOMINATIONS = "nominations"
ORGANIZATIONS, STATIONS, OVERSEAS = "organizations.xlsx", "stations.xlsx", "overseas.csv"


@dataclass(frozen=True, slots=True)
class Totals:
    """What was written. `observers` counts those who will be accredited, `further` the other nominations."""

    observers: int
    organizations: int
    nationalities: int
    further: int
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
    """Everything that goes into the folder, before it is written. Lists are by mission code."""

    manifest: Manifest
    senders: Senders
    lists: Mapping[str, tuple[Nomination, ...]]
    extras: Mapping[str, tuple[Nomination, ...]]
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
    extras = extra_rows(senders, lists, inventor, host=manifest.host_country)
    return ReferenceData(manifest, data, lists, extras, home, abroad)


def write_reference_data(folder: Path, *, seed: int = SEED) -> Totals:
    """Write the folder and return its totals. Files of the same names are replaced, others are left alone."""
    data = invent_reference_data(seed)
    (folder / NOMINATIONS).mkdir(parents=True, exist_ok=True)
    (folder / MANIFEST).write_bytes((DATA / MANIFEST).read_bytes())
    write_workbook(folder / ORGANIZATIONS, organization_sheets(data.senders))
    home_columns = [field.name for field in fields(HomeStation)]
    write_xlsx(folder / STATIONS, "stations", home_columns, (_cells(row, home_columns) for row in data.home))
    columns = [field.name for field in fields(OverseasStation)]
    write_csv(folder / OVERSEAS, columns, (_cells(row, columns) for row in data.abroad))
    for sender in data.senders.senders:
        layout = layouts()[sender.layout]
        rows = (*data.lists[sender.code], *data.extras[sender.code])
        target = folder / NOMINATIONS / f"{sender.code}.xlsx"
        write_xlsx(target, NOMINATIONS, layout.headers(), [layout.cells(row) for row in rows])
    return _totals(data)


def _cells(row: HomeStation | OverseasStation, columns: list[str]) -> list[OutputValue]:
    values = (getattr(row, column) for column in columns)
    return [("yes" if value else "no") if isinstance(value, bool) else value for value in values]


def _totals(data: ReferenceData) -> Totals:
    people = [row for rows in data.lists.values() for row in rows]
    return Totals(
        observers=len(people),
        organizations=len(data.senders.senders),
        nationalities=len({row.nationality for row in people}),
        further=sum(len(rows) for rows in data.extras.values()),
        stations=len(data.home) + len(data.abroad),
        overseas_stations=len(data.abroad),
        overseas_countries=len({row.country for row in data.abroad}),
        constituencies=len({row.constituency for row in data.home}),
        new_stations=sum(row.newly_covered for row in data.home),
        web_cameras=sum(row.web_camera for row in data.home),
        voters=sum(row.voters for row in data.home) + sum(row.voters for row in data.abroad),
        files=len(data.lists) + 4,
    )
