"""The rows of the database that a deployment problem is made of, as plain values in a fixed order."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet, Value

from accreditation.models import Accreditation
from accreditation.states import DEPLOYED_ROLES, AccreditationState, Role, Sex
from missions.models import Constituency, Election, Mission
from missions.states import DeploymentMode
from stations.deployment.models import Visit
from stations.deployment.open_places import ClosedPlaces
from stations.deployment.records import OBSERVER, OVERSEAS_STATION, STATION, LeftOut
from stations.deployment.states import LeftOutReason, PlanState
from stations.models import PollingStation
from stations.states import StationKind

_CHUNK = 5_000


class PersonRow(NamedTuple):
    """Somebody with a live accreditation and a role that is deployed."""

    observer_id: int
    nomination_id: int
    mission_id: int
    role: str
    state: str
    nationality: str
    second_nationality: str
    languages: list[str]
    sex: str
    is_experienced: bool
    residence_country: str
    arrives_on: dt.date | None
    departs_on: dt.date | None
    left_at: dt.datetime | None
    political_group: str

    @property
    def nationalities(self) -> tuple[str, ...]:
        return (self.nationality, self.second_nationality) if self.second_nationality else (self.nationality,)

    @property
    def is_female(self) -> bool:
        return self.sex == Sex.FEMALE

    @property
    def is_long_term(self) -> bool:
        return self.role == Role.LTO


class StationRow(NamedTuple):
    """A polling station, at home or abroad."""

    station_id: int
    kind: str
    constituency_id: int | None
    latitude: Decimal | None
    longitude: Decimal | None
    voters: int
    is_urban: bool
    has_web_camera: bool
    is_newly_covered: bool
    country: str
    time_zone: str
    opens_at: dt.time
    closes_at: dt.time
    is_in_use: bool

    @property
    def is_overseas(self) -> bool:
        return self.kind == StationKind.OVERSEAS


class ConstituencyRow(NamedTuple):
    """A constituency with its region and the languages spoken there."""

    constituency_id: int
    region: str
    languages: list[str]
    is_quiet: bool


def people_of(election: Election, mission: Mission | None) -> list[PersonRow]:
    """Everybody of the mission, or of all host-coordinated missions, whom the accreditation allows to be deployed."""
    live = accreditations_of(election, mission)
    rows = live.order_by("observer").values_list(
        "observer_id",
        "application__nomination_id",
        "application__nomination__mission_id",
        "application__nomination__role",
        "state",
        "observer__nationality",
        "observer__second_nationality",
        "observer__languages",
        "observer__sex",
        "observer__is_experienced",
        "observer__residence_country",
        "application__nomination__arrives_on",
        "application__nomination__departs_on",
        "application__nomination__stay__left_at",
        "application__nomination__political_group",
    )
    return [PersonRow._make(row) for row in rows.iterator(chunk_size=_CHUNK)]


def accreditations_of(election: Election, mission: Mission | None) -> "QuerySet[Accreditation]":
    """Those of the people of the mission, or of all host-coordinated missions (None), who have a role in the field."""
    live = Accreditation.objects.counted(election).filter(application__nomination__role__in=DEPLOYED_ROLES)
    if mission is not None:
        return live.filter(application__nomination__mission=mission)
    mode = DeploymentMode.HOST_COORDINATED
    return live.filter(application__nomination__mission__deployment_mode=mode)


def stations_of(election: Election) -> list[StationRow]:
    """The whole register, ordered by code."""
    rows = (
        PollingStation.objects.filter(election=election)
        .order_by("code")
        .annotate(is_in_use=Q(closed_at=None))
        .values_list(
            "pk",
            "kind",
            "constituency_id",
            "latitude",
            "longitude",
            "voters",
            "is_urban",
            "has_web_camera",
            "is_newly_covered",
            "country",
            "time_zone",
            "opens_at",
            "closes_at",
            "is_in_use",
        )
    )
    return [StationRow._make(row) for row in rows.iterator(chunk_size=_CHUNK)]


def constituencies_of(election: Election, *, for_pool: bool) -> list[ConstituencyRow]:
    """All constituencies, ordered by number.

    Only the pool's plan looks at where the released plans of missions send nobody: the host knows counts per
    constituency, and a mission knows nothing of another.
    """
    visits = Visit.objects.filter(
        station__constituency=OuterRef("pk"),
        visit_plan__team__plan__state=PlanState.RELEASED,
        visit_plan__team__plan__mission__isnull=False,
    )
    rows = (
        Constituency.objects.filter(election=election)
        .annotate(is_quiet=~Exists(visits) if for_pool else Value(value=False))
        .order_by("number")
        .values_list("pk", "region", "languages", "is_quiet")
    )
    return [ConstituencyRow._make(row) for row in rows]


def deployable(
    people: Iterable[PersonRow], election: Election, closed: ClosedPlaces
) -> tuple[list[PersonRow], list[LeftOut]]:
    """Part the people who may be deployed from those who may not, with the reason."""
    fit: list[PersonRow] = []
    unfit: dict[LeftOutReason, list[int]] = {}
    for person in people:
        reason = _why_unfit(person, election, closed)
        if reason is None:
            fit.append(person)
        else:
            unfit.setdefault(reason, []).append(person.observer_id)
    return fit, [LeftOut(OBSERVER, reason, tuple(ids)) for reason, ids in unfit.items()]


def _why_unfit(person: PersonRow, election: Election, closed: ClosedPlaces) -> LeftOutReason | None:
    if person.state != AccreditationState.ACTIVE:
        return LeftOutReason.SUSPENDED
    if election.host_country in person.nationalities:
        return LeftOutReason.HOST_NATIONAL
    if not closed.unwelcome.isdisjoint(person.nationalities):
        return LeftOutReason.LISTED_NATIONALITY
    late = person.arrives_on is not None and person.arrives_on > election.e_day
    gone = person.left_at is not None or (person.departs_on is not None and person.departs_on < election.e_day)
    return LeftOutReason.NOT_IN_COUNTRY if late or gone else None


def placeable(
    stations: Iterable[StationRow], election: Election, closed: ClosedPlaces
) -> tuple[list[StationRow], list[LeftOut]]:
    """Part the stations that a plan can reach from those that it cannot, with the reason.

    Where the owner has chosen not to go nothing is left out, and no reason is given.
    """
    fit: list[StationRow] = []
    unfit: dict[tuple[str, LeftOutReason], list[int]] = {}
    for station in stations:
        if station.constituency_id in closed.elsewhere:
            continue
        reason = _why_out_of_reach(station, election, closed)
        if reason is None:
            fit.append(station)
        else:
            what = OVERSEAS_STATION if station.is_overseas else STATION
            unfit.setdefault((what, reason), []).append(station.station_id)
    return fit, [LeftOut(what, reason, tuple(ids)) for (what, reason), ids in unfit.items()]


def _why_out_of_reach(station: StationRow, election: Election, closed: ClosedPlaces) -> LeftOutReason | None:
    if not station.is_in_use:
        return LeftOutReason.STATION_CLOSED
    if station.constituency_id in closed.barred:
        return LeftOutReason.NO_GO
    if station.latitude is None or station.longitude is None:
        return LeftOutReason.NO_COORDINATES
    same_hours = (station.opens_at, station.closes_at) == (election.opens_at, election.closes_at)
    return None if station.is_overseas or same_hours else LeftOutReason.OTHER_HOURS
