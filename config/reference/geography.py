"""Where people vote: the data files about constituencies and overseas cities as frozen values."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from missions.data.reading import Table, read_toml
from missions.data.values import read_whole, read_zone

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Place:
    """A town or village with stations around it. `size` is the percentage of urban ones, or their number."""

    name: str
    latitude: float
    longitude: float
    radius_km: float
    size: int


@dataclass(frozen=True, slots=True)
class ConstituencyFacts:
    """One constituency. `hosted`: its ordinary stations serve displaced people elsewhere."""

    number: int
    name: str
    region: str
    languages: tuple[str, ...]
    weight: int
    hosted: bool
    places: tuple[Place, ...]
    new_places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class RegisterFacts:
    """Totals of the whole register, overseas included, and the wording of its cells."""

    stations: int
    voters: int
    web_cameras: int
    fewest_voters: int
    most_voters: int
    name: str
    address: str
    urban_buildings: tuple[str, ...]
    rural_buildings: tuple[str, ...]
    temporary_buildings: tuple[str, ...]
    new_voters: int
    new_access: str


@dataclass(frozen=True, slots=True)
class OverseasCity:
    """A city abroad with the codes of its stations."""

    country: str
    name: str
    latitude: str
    longitude: str
    zone: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OverseasFacts:
    """All cities abroad and what the invented cells of their stations look like."""

    fewest_voters: int
    most_voters: int
    address: str
    contact: str
    cities: tuple[OverseasCity, ...]


@cache
def register_facts() -> RegisterFacts:
    """Totals and wordings of the register at home."""
    return _territory()[0]


@cache
def constituencies() -> tuple[ConstituencyFacts, ...]:
    """All constituencies by number."""
    return _territory()[1]


@cache
def overseas() -> OverseasFacts:
    """The stations abroad."""
    table = read_toml(DATA / "overseas.toml")
    facts = OverseasFacts(
        fewest_voters=table.count("fewest_voters"),
        most_voters=table.count("most_voters"),
        address=table.text("address"),
        contact=table.text("contact"),
        cities=table.each("cities", _read_city),
    )
    table.finish()
    return facts


@cache
def _territory() -> tuple[RegisterFacts, tuple[ConstituencyFacts, ...]]:
    table = read_toml(DATA / "constituencies.toml")
    facts = read_whole(table.table("register"), _read_register)
    regions = table.each("regions", _read_region)
    table.finish()
    flat = [constituency for region in regions for constituency in region]
    return facts, tuple(sorted(flat, key=lambda constituency: constituency.number))


def _read_register(table: Table) -> RegisterFacts:
    new = table.table("new")
    facts = RegisterFacts(
        stations=table.count("stations"),
        voters=table.count("voters"),
        web_cameras=table.count("web_cameras"),
        fewest_voters=table.count("fewest_voters"),
        most_voters=table.count("most_voters"),
        name=table.text("name"),
        address=table.text("address"),
        urban_buildings=table.texts("urban_buildings"),
        rural_buildings=table.texts("rural_buildings"),
        temporary_buildings=table.texts("temporary_buildings"),
        new_voters=new.count("voters"),
        new_access=new.text("access"),
    )
    new.finish()
    return facts


def _read_region(table: Table) -> tuple[ConstituencyFacts, ...]:
    name, languages = table.text("name"), table.texts("languages")
    return table.each("constituencies", lambda row: _read_constituency(row, name, languages))


def _read_constituency(table: Table, region: str, languages: tuple[str, ...]) -> ConstituencyFacts:
    return ConstituencyFacts(
        number=table.count("number"),
        name=table.text("name"),
        region=region,
        languages=table.texts("languages") if table.has("languages") else languages,
        weight=table.count("weight") if table.has("weight") else 10,
        hosted=table.flag("hosted") if table.has("hosted") else False,
        places=tuple(map(_place, table.texts("places"))),
        new_places=tuple(map(_new_place, table.texts("new_places"))) if table.has("new_places") else (),
    )


def _place(text: str) -> Place:
    latitude, longitude, radius, urban, name = text.split(" ", 4)
    return Place(name, float(latitude), float(longitude), float(radius), int(urban))


def _new_place(text: str) -> Place:
    latitude, longitude, stations, name = text.split(" ", 3)
    return Place(name, float(latitude), float(longitude), 1.5, int(stations))


def _read_city(table: Table) -> OverseasCity:
    latitude, longitude, name = table.text("city").split(" ", 2)
    return OverseasCity(
        country=table.text("country"),
        name=name,
        latitude=latitude,
        longitude=longitude,
        zone=read_zone(table, "zone"),
        codes=table.texts("codes"),
    )
