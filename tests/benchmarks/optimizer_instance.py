"""Seeded instances for the optimizer, from a handful of people up to the size of the reference election."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stations.deployment.optimizer.params import LanguageParams, Params
from stations.deployment.optimizer.problem import (
    NONE,
    Areas,
    Countries,
    Flags,
    Ints,
    Missions,
    Observers,
    OverseasStations,
    Problem,
    Stations,
    Zones,
)

WORKING, STATE, MINORITIES = 0b0001_1111, 0b0010_0000, 0b1100_0000
"""Five working languages, the state language, two languages of minorities. The second working one is local too."""

PARAMS = Params(languages=LanguageParams(working=WORKING, local=STATE | 0b10))


@dataclass(frozen=True, slots=True)
class Shape:
    """How many rows of everything. Country 0 is the host."""

    observers: int = 790
    missions: int = 72
    countries: int = 90
    zones: int = 14
    areas: int = 125
    stations: int = 6500
    new_territory: int = 26
    overseas_countries: int = 37
    overseas: int = 49
    abroad_share: float = 0.1
    dual_share: float = 0.02
    groups: int = 0


REFERENCE = Shape()
TINY = Shape(
    observers=12,
    missions=3,
    countries=6,
    zones=2,
    areas=3,
    stations=14,
    new_territory=1,
    overseas_countries=2,
    overseas=3,
    abroad_share=0.4,
    dual_share=0.2,
)


def make_instance(shape: Shape = REFERENCE, seed: int = 1) -> Problem:
    """Return a valid problem; equal arguments give equal arrays."""
    rng = np.random.Generator(np.random.PCG64([seed, shape.observers, shape.stations]))
    areas = _areas(rng, shape)
    centre = rng.uniform(-120, 150, shape.countries), rng.uniform(-40, 65, shape.countries)
    hosts = rng.permutation(np.arange(1, shape.countries))[: shape.overseas_countries]
    more = rng.choice(hosts, shape.overseas - len(hosts)) if len(hosts) else hosts
    return Problem(
        observers=_observers(rng, shape, hosts),
        stations=_stations(rng, shape, areas),
        areas=areas,
        zones=_zones(rng, shape),
        missions=_missions(rng, shape),
        overseas=OverseasStations(country=np.sort(np.concatenate([hosts, more])).astype(np.int64)),
        countries=Countries(*centre, barred=_barred(shape, seed)),
    )


def shuffled(problem: Problem, seed: int) -> Problem:
    """Return the same problem with observers and stations in another order."""
    rng = np.random.default_rng(seed)
    people, places = rng.permutation(len(problem.observers)), rng.permutation(len(problem.stations))
    obs, sta = problem.observers, problem.stations
    return Problem(
        observers=Observers(
            mission=obs.mission[people],
            nationality=obs.nationality[people],
            language=obs.language[people],
            female=obs.female[people],
            experienced=obs.experienced[people],
            residence=obs.residence[people],
            group=obs.group[people],
        ),
        stations=Stations(
            lon=sta.lon[places],
            lat=sta.lat[places],
            area=sta.area[places],
            weight=sta.weight[places],
            new_territory=sta.new_territory[places],
        ),
        areas=problem.areas,
        zones=problem.zones,
        missions=problem.missions,
        overseas=problem.overseas,
        countries=problem.countries,
    )


def _areas(rng: np.random.Generator, shape: Shape) -> Areas:
    """Zones are spots on a grid of about 60 km; the first of them is a big town with many small areas."""
    zone = np.sort(rng.integers(0, shape.zones, shape.areas)) if shape.zones else np.zeros(0, np.int64)
    zone[: shape.areas // 4] = 0
    columns = max(1, int(np.sqrt(shape.zones)))
    reach = np.where(zone == 0, 0.08, 0.22)
    return Areas(
        lon=45.0 + 0.7 * (zone % columns) + rng.normal(0, reach),
        lat=39.0 + 0.55 * (zone // columns) + rng.normal(0, reach * 0.8),
        urban=(zone == 0) | (rng.random(shape.areas) < 0.15),
        zone=zone.astype(np.int64),
    )


def _zones(rng: np.random.Generator, shape: Shape) -> Zones:
    minority = rng.choice([0, 0b0100_0000, 0b1000_0000], shape.zones, p=[0.6, 0.2, 0.2])
    second = np.where(rng.random(shape.zones) < 0.4, 0b10, 0)
    return Zones(language=(STATE | minority | second).astype(np.int64))


def _missions(rng: np.random.Generator, shape: Shape) -> Missions:
    return Missions(solo_ok=rng.random(shape.missions) < 0.3)


def _barred(shape: Shape, seed: int) -> Flags:
    """Some nationalities are not sent to three zones in ten."""
    rng = np.random.default_rng([seed, shape.countries, shape.zones])
    listed = rng.random(shape.countries) < 0.15
    return np.asarray(listed[:, None] & (rng.random((shape.countries, shape.zones)) < 0.3), np.bool_)


def _stations(rng: np.random.Generator, shape: Shape, areas: Areas) -> Stations:
    """Stations of a town lie together; those of the country lie in six villages an area."""
    area = rng.integers(0, shape.areas, shape.stations) if shape.areas else np.zeros(0, np.int64)
    urban = areas.urban[area]
    villages = rng.normal(0, 0.07, (shape.areas, 6, 2))
    village = villages[area, rng.integers(0, 6, shape.stations)]
    spread = np.where(urban, 0.016, 0.007)[:, None] * rng.normal(0, 1, (shape.stations, 2))
    at = spread + np.where(urban[:, None], 0.0, village)
    weight = 80 + rng.integers(0, 21, shape.stations) + np.where(urban, 0, 10)
    weight = np.where(rng.random(shape.stations) < 0.15, weight * 3 // 5, weight)
    last_zone = np.flatnonzero(areas.zone[area] == shape.zones - 1)
    new = np.zeros(shape.stations, np.bool_)
    new[rng.permutation(last_zone)[: shape.new_territory]] = True
    return Stations(
        lon=areas.lon[area] + at[:, 0],
        lat=areas.lat[area] + at[:, 1],
        area=area.astype(np.int64),
        weight=np.where(new, 1000, weight).astype(np.int64),
        new_territory=new,
    )


def _observers(rng: np.random.Generator, shape: Shape, hosts: Ints) -> Observers:
    """Missions have heavy-tailed sizes; half of them send people of one nationality only."""
    count = shape.observers
    share = np.arange(1, max(1, shape.missions) + 1) ** -1.1
    mission = rng.choice(len(share), count, p=share / share.sum())
    mission[: min(count, shape.missions)] = np.arange(min(count, shape.missions))
    common = np.arange(1, shape.countries) ** -0.6
    own = rng.integers(1, shape.countries, shape.missions)
    mixed = np.arange(shape.missions) % 2 == 0
    drawn = rng.choice(np.arange(1, shape.countries), count, p=common / common.sum())
    first = np.where(mixed[mission], drawn, own[mission])
    second = rng.integers(1, shape.countries, count)
    dual = (rng.random(count) < shape.dual_share) & (second != first)
    abroad = rng.random(count) < shape.abroad_share
    lives = rng.choice(hosts, count) if len(hosts) else np.full(count, NONE)
    return Observers(
        mission=mission.astype(np.int64),
        nationality=np.stack([first, np.where(dual, second, NONE)], axis=1).astype(np.int64),
        language=_languages(rng, shape.countries, first),
        female=rng.random(count) < 0.45,
        experienced=rng.random(count) < 0.5,
        residence=np.where(abroad, lives, NONE).astype(np.int64),
        group=rng.integers(NONE, shape.groups, count) if shape.groups else np.full(count, NONE),
    )


def _languages(rng: np.random.Generator, countries: int, nationality: npt.NDArray[np.int64]) -> Ints:
    """Everybody has the working language of the country, most have the first one, some have others."""
    native = np.array([0b1, 0b10, 0b100, 0b1000, 0b1_0000, 0])[rng.integers(0, 6, countries)]
    language = native[nationality]
    for bit, share in ((0b1, 0.85), (0b10, 0.25), (0b100, 0.2), (STATE, 0.05)):
        language = language | np.where(rng.random(len(nationality)) < share, bit, 0)
    return np.asarray(language, np.int64)
