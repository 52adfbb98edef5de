"""The station register: rows at home (6,488 of them) and abroad (49), which together give the published totals."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from math import cos, pi, radians, sin, sqrt

from config.reference.chance import Chance
from config.reference.geography import (
    ConstituencyFacts,
    OverseasCity,
    Place,
    RegisterFacts,
    constituencies,
    overseas,
    register_facts,
)
from config.reference.shares import bounded_shares, whole_shares
from missions.countries import country_name

KM_PER_DEGREE = 111.2
DEGREE = Decimal("0.00001")


@dataclass(frozen=True, slots=True)
class HomeStation:
    """One row of stations.xlsx; the fields are its columns."""

    code: str
    name: str
    kind: str
    constituency: int
    constituency_name: str
    region: str
    languages: str
    address: str
    settlement: str
    latitude: Decimal
    longitude: Decimal
    voters: int
    web_camera: bool
    newly_covered: bool
    access: str


@dataclass(frozen=True, slots=True)
class OverseasStation:
    """One row of overseas.csv; the fields are its columns."""

    code: str
    name: str
    country: str
    city: str
    time_zone: str
    opens: str
    closes: str
    address: str
    embassy_contact: str
    latitude: Decimal
    longitude: Decimal
    voters: int


@dataclass(frozen=True, slots=True)
class _Site:
    """A station before it gets its voters and camera. `wish` is its size relative to the others."""

    constituency: ConstituencyFacts
    order: int
    place: Place
    kind: str
    is_urban: bool
    is_new: bool
    wish: int


def overseas_stations(seed: int, *, opens: str, closes: str) -> tuple[OverseasStation, ...]:
    """The stations abroad by code, each open in the same hours of its own local time."""
    chance = Chance(seed, "overseas")
    rows = [
        _overseas_row(city, code, number, chance, opens, closes)
        for city in overseas().cities
        for number, code in enumerate(city.codes, start=1)
    ]
    return tuple(sorted(rows, key=lambda row: row.code))


def home_stations(seed: int, *, overseas_count: int, overseas_voters: int) -> tuple[HomeStation, ...]:
    """The stations at home by code; with those abroad they give the stations and voters of the whole register."""
    facts, chance = register_facts(), Chance(seed, "stations")
    sites = list(_sites(chance, facts.stations - overseas_count))
    new = [site for site in sites if site.is_new]
    old = [site for site in sites if not site.is_new]
    bounds = {"least": facts.fewest_voters, "most": facts.most_voters}
    new_voters = bounded_shares([site.wish for site in new], facts.new_voters, **bounds)
    rest = facts.voters - facts.new_voters - overseas_voters
    voters = bounded_shares([site.wish for site in old], rest, **bounds)
    by_site = dict(zip([*map(_key, old), *map(_key, new)], [*voters, *new_voters], strict=True))
    cameras = _camera_sites(sites, facts.web_cameras, chance)
    return tuple(_home_row(facts, site, by_site[_key(site)], _key(site) in cameras, chance) for site in sites)


def _overseas_row(
    city: OverseasCity, code: str, number: int, chance: Chance, opens: str, closes: str
) -> OverseasStation:
    facts = overseas()
    label = f"{city.name} {number}" if len(city.codes) > 1 else city.name
    # Small colonies are more common than large ones.
    voters = facts.fewest_voters + int((facts.most_voters - facts.fewest_voters) * chance.part() ** 2)
    return OverseasStation(
        code=code,
        name=f"{label}, station {code}",
        country=country_name(city.country, "en"),
        city=city.name,
        time_zone=city.zone,
        opens=opens,
        closes=closes,
        address=facts.address.format(city=city.name, code=code),
        embassy_contact=facts.contact.format(code=code),
        latitude=(Decimal(city.latitude) + Decimal(number - 1) * Decimal("0.01")).quantize(DEGREE),
        longitude=Decimal(city.longitude).quantize(DEGREE),
        voters=voters,
    )


def _sites(chance: Chance, total: int) -> Iterator[_Site]:
    """All stations at home, ordered by constituency; the newly covered ones come last in theirs."""
    areas = constituencies()
    new = sum(place.size for area in areas for place in area.new_places)
    for area, ordinary in zip(areas, whole_shares([area.weight for area in areas], total - new), strict=True):
        for order in range(1, ordinary + 1):
            yield _ordinary_site(area, order, ordinary, chance)
        order = ordinary
        for place in area.new_places:
            for _number in range(place.size):
                order += 1
                yield _Site(area, order, place, "permanent", True, True, chance.between(60, 140))


def _ordinary_site(area: ConstituencyFacts, order: int, count: int, chance: Chance) -> _Site:
    place = area.places[(order - 1) * len(area.places) // count]
    is_urban = chance.holds(place.size)
    if area.hosted:
        return _Site(area, order, place, "idp", is_urban, False, chance.between(40, 90))
    if order == count:
        return _Site(area, order, place, "temporary", is_urban, False, chance.between(8, 24))
    wish = chance.between(85, 130) if is_urban else chance.between(30, 115)
    return _Site(area, order, place, "permanent", is_urban, False, wish)


def _camera_sites(sites: list[_Site], count: int, chance: Chance) -> frozenset[tuple[int, int]]:
    """Cameras stand mostly in towns: of two candidates the urban one is taken first."""
    permanent = chance.shuffled([site for site in sites if site.kind == "permanent"])
    ordered = sorted(permanent, key=lambda site: chance.below(3 if site.is_urban else 5))
    return frozenset(map(_key, ordered[:count]))


def _home_row(facts: RegisterFacts, site: _Site, voters: int, has_camera: bool, chance: Chance) -> HomeStation:
    area, place = site.constituency, site.place
    building = _building(facts, site, chance)
    latitude, longitude = _scattered(place, chance)
    return HomeStation(
        code=f"{area.number:03d}{site.order:02d}",
        name=facts.name.format(number=area.number, station=site.order, building=building),
        kind=site.kind,
        constituency=area.number,
        constituency_name=area.name,
        region=area.region,
        languages=", ".join(area.languages),
        address=facts.address.format(place=place.name, building=building),
        settlement="urban" if site.is_urban else "rural",
        latitude=latitude,
        longitude=longitude,
        voters=voters,
        web_camera=has_camera,
        newly_covered=site.is_new,
        access=facts.new_access if site.is_new else "",
    )


def _building(facts: RegisterFacts, site: _Site, chance: Chance) -> str:
    if site.kind == "temporary":
        return chance.pick(facts.temporary_buildings)
    wordings = facts.urban_buildings if site.is_urban else facts.rural_buildings
    return chance.pick(wordings).format(n=site.order, place=site.place.name)


def _scattered(place: Place, chance: Chance) -> tuple[Decimal, Decimal]:
    """A point within the radius of the place, evenly over the disc."""
    distance = place.radius_km * sqrt(chance.part()) / KM_PER_DEGREE
    angle = 2 * pi * chance.part()
    latitude = place.latitude + distance * sin(angle)
    longitude = place.longitude + distance * cos(angle) / cos(radians(place.latitude))
    return Decimal(latitude).quantize(DEGREE), Decimal(longitude).quantize(DEGREE)


def _key(site: _Site) -> tuple[int, int]:
    return site.constituency.number, site.order
