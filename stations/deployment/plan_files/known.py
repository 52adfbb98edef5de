"""What a file with a plan is held against: the owner's people, the register, and the version before."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from accreditation.states import AccreditationState
from missions.kernel.spreadsheets.cells import NumberCode
from missions.models import Constituency, Election, Mission
from stations.deployment.models import AreaOfResponsibility, DeploymentPlan
from stations.deployment.plan_files.layout import PlanRow
from stations.deployment.problem_rows import accreditations_of
from stations.models import PollingStation
from stations.states import StationKind

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is accredited for a task in the field; a suspended accreditation is not active."""

    observer_id: int
    nomination_id: int
    role: str
    name: str
    is_active: bool
    is_experienced: bool


@dataclass(frozen=True, slots=True)
class Station:
    """A polling station; `constituency` is the number of its constituency, None abroad."""

    key: int
    code: str
    constituency: int | None
    country: str
    city: str
    time_zone: str
    is_closed: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A constituency."""

    key: int
    region: str


@dataclass(frozen=True, slots=True)
class Known:
    """All that rows are checked against. People are those of the owner, and nobody else.

    `numbers` are accreditations by their number, `references` may be shared by missions of the pool. `codes` gives
    the codes of all stations by what is left of them without leading zeros, for codes that came as numbers. `areas`
    are the constituencies of the areas of the version before, by name.
    """

    e_day: dt.date
    host_country: str
    numbers: Mapping[int, Person]
    references: Mapping[str, Sequence[Person]]
    stations: Mapping[str, Station]
    abroad: Sequence[Station]
    codes: Mapping[str, Sequence[str]]
    places: Mapping[int, Place]
    areas: Mapping[str, Sequence[int]]


def known_for(
    election: Election, mission: Mission | None, base: DeploymentPlan | None, rows: Iterable[PlanRow]
) -> Known:
    """Read what these rows of a file of the mission, or of the pool (None), may name. A few queries at any size."""
    wanted = {row.station for row in rows}
    codes = _codes(election) if any(isinstance(code, NumberCode) for code in wanted) else {}
    written = {code for code in wanted if isinstance(code, str)}
    meant = {code for number in wanted if isinstance(number, NumberCode) for code in codes.get(str(number.number), ())}
    numbers, references = _people(election, mission)
    abroad = [_station(row) for row in _stations(election).filter(kind=StationKind.OVERSEAS).order_by("code")]
    return Known(
        e_day=election.e_day,
        host_country=election.host_country,
        numbers=numbers,
        references=references,
        stations=_by_code(election, sorted(written | meant)) | {station.code: station for station in abroad},
        abroad=abroad,
        codes=codes,
        places={
            place.number: Place(place.pk, place.region) for place in Constituency.objects.filter(election=election)
        },
        areas=_areas(base),
    )


def _people(election: Election, mission: Mission | None) -> tuple[Mapping[int, Person], Mapping[str, Sequence[Person]]]:
    rows = accreditations_of(election, mission).select_related("observer", "application__nomination")
    numbers: dict[int, Person] = {}
    references: dict[str, list[Person]] = defaultdict(list)
    for row in rows.defer("observer__passport_number", "observer__mrz").order_by("number"):
        nomination = row.application.nomination
        person = numbers[row.number] = Person(
            row.observer_id,
            nomination.pk,
            nomination.role,
            row.observer.full_name,
            row.state == AccreditationState.ACTIVE,
            row.observer.is_experienced,
        )
        references[nomination.reference].append(person)
    return numbers, references


def _stations(election: Election) -> QuerySet[PollingStation]:
    return PollingStation.objects.filter(election=election).select_related("constituency")


def _by_code(election: Election, codes: Sequence[str]) -> dict[str, Station]:
    found: dict[str, Station] = {}
    for start in range(0, len(codes), _CHUNK):
        chunk = _stations(election).filter(code__in=codes[start : start + _CHUNK])
        found.update({row.code: _station(row) for row in chunk})
    return found


def _station(row: PollingStation) -> Station:
    return Station(
        row.pk,
        row.code,
        row.constituency.number if row.constituency else None,
        row.country,
        row.city,
        row.time_zone,
        row.is_closed,
    )


def _codes(election: Election) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for code in PollingStation.objects.filter(election=election).order_by("code").values_list("code", flat=True):
        found[code.lstrip("0")].append(code)
    return found


def _areas(base: DeploymentPlan | None) -> Mapping[str, Sequence[int]]:
    if base is None:
        return {}
    found: dict[str, list[int]] = defaultdict(list)
    rows = AreaOfResponsibility.objects.filter(plan=base, constituencies__isnull=False)
    for name, number in rows.order_by("name", "constituencies__number").values_list("name", "constituencies__number"):
        found[name].append(number)
    return found
