"""Reads about plans: what the host may count, what an election day covers, and the gist of one plan."""

from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Count, Exists, Model, OuterRef, Q, QuerySet

from missions.models import Constituency, Election, User
from stations.deployment.models import DeploymentPlan, Team, Visit
from stations.deployment.records import (
    OVERSEAS_STATION,
    LeftOut,
    StageSummary,
    left_out_from_json,
    stages_from_json,
)
from stations.deployment.states import LeftOutReason, PlanState, TeamKind
from stations.models import PollingStation
from stations.states import StationKind

ModelT = TypeVar("ModelT", bound=Model)
#: The stages in which every team of an earlier version is looked at first.
_FORMING = ("overseas", "teams")


@dataclass(frozen=True, slots=True)
class ConstituencyCounts:
    """How many teams and visits all released plans together bring to one constituency."""

    constituency_id: int
    number: int
    name: str
    region: str
    teams: int
    visits: int


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    reached: int
    total: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """What all released plans together reach: counts only, so that no mission's route can be read from them."""

    stations: Share
    home: Share
    urban: Share
    rural: Share
    web_cameras: Share
    newly_covered: Share
    constituencies: Share
    overseas_countries: Share
    overseas_stations: Share


@dataclass(frozen=True, slots=True)
class OverseasGap:
    """A station abroad to which the pool sends nobody, and why."""

    station_id: int
    code: str
    name: str
    city: str
    country: str
    reason: LeftOutReason

    @property
    def sentence(self) -> str:
        """The reason in words."""
        return str(self.reason.label)


@dataclass(frozen=True, slots=True)
class PlanSummary:
    """The gist of one plan."""

    long_term_teams: int
    short_term_teams: int
    overseas_teams: int
    observers: int
    visits: int
    stations: int
    constituencies: int
    stages: tuple[StageSummary, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def teams(self) -> int:
        return self.long_term_teams + self.short_term_teams + self.overseas_teams


def host_counts(election: Election) -> list[ConstituencyCounts]:
    """Teams and visits per constituency over all released plans, never by mission. Three queries.

    This is what the host sees of self-directed missions that share no more.
    """
    released = Q(plan__election=election, plan__state=PlanState.RELEASED)
    teams = _count_by(Team.objects.filter(released, kind=TeamKind.SHORT_TERM), "constituency")
    visits = _count_by(
        Visit.objects.filter(
            visit_plan__team__plan__election=election, visit_plan__team__plan__state=PlanState.RELEASED
        ),
        "station__constituency",
    )
    return [
        ConstituencyCounts(key, number, name, region, teams.get(key, 0), visits.get(key, 0))
        for key, number, name, region in Constituency.objects.filter(election=election)
        .order_by("number")
        .values_list("pk", "number", "name", "region")
    ]


def coverage(election: Election) -> Coverage:
    """How much of the register all released plans together reach. One query."""
    reached = Exists(Visit.objects.filter(station=OuterRef("pk"), visit_plan__team__plan__state=PlanState.RELEASED))
    overseas = Q(kind=StationKind.OVERSEAS)
    parts: dict[str, tuple[Q, str]] = {
        "stations": (Q(), "pk"),
        "home": (~overseas, "pk"),
        "urban": (~overseas & Q(is_urban=True), "pk"),
        "rural": (~overseas & Q(is_urban=False), "pk"),
        "web_cameras": (Q(has_web_camera=True), "pk"),
        "newly_covered": (Q(is_newly_covered=True), "pk"),
        "constituencies": (~overseas, "constituency"),
        "overseas_countries": (overseas, "country"),
        "overseas_stations": (overseas, "pk"),
    }
    counts = {}
    for name, (part, field) in parts.items():
        counts[f"{name}_total"] = Count(field, filter=part & Q(pk__isnull=False), distinct=True)
        counts[f"{name}_reached"] = Count(field, filter=part & Q(is_reached=True), distinct=True)
    row = PollingStation.objects.filter(election=election).annotate(is_reached=reached).aggregate(**counts)
    return Coverage(**{name: Share(row[f"{name}_reached"], row[f"{name}_total"]) for name in parts})


def overseas_gaps(election: Election) -> list[OverseasGap]:
    """The stations abroad without a team in the pool's released plan, by country and code. Two queries.

    Only the pool is looked at: a list over all plans would tell the host where self-directed missions go.
    Without a released pool plan the list is empty.
    """
    left_out = (
        DeploymentPlan.objects.released()
        .filter(election=election, mission=None)
        .values_list("left_out", flat=True)
        .first()
    )
    reasons = {
        key: row.reason for row in left_out_from_json(left_out or []) if row.what == OVERSEAS_STATION for key in row.ids
    }
    stations = PollingStation.objects.filter(pk__in=reasons).order_by("country", "code")
    return [
        OverseasGap(station.pk, station.code, station.name, station.city, station.country, reasons[station.pk])
        for station in stations
    ]


def reads_whole(plan: DeploymentPlan, user: User) -> bool:
    """Whether who may see the plan sees all of it: of the pool's a mission sees the teams with its own people."""
    return user.is_host or plan.mission_id is not None


def plan_summary(plan: DeploymentPlan, *, reader: User | None = None) -> PlanSummary:
    """Counts, stages and what was left out of one plan, which the caller has fetched in scope. Two queries.

    For a reader the counts are those of the teams in scope, and whom the pool has left out a mission does not read.
    """
    teams = Team.objects.filter(plan=plan)
    if reader is not None:
        teams = teams.filter(pk__in=Team.objects.visible_to(reader).filter(plan=plan).values("pk"))
    kinds, observers = _teams_and_people(teams)
    visits = Visit.objects.filter(visit_plan__team__in=teams.values("pk")).aggregate(
        visits=Count("pk"),
        stations=Count("station", distinct=True),
        constituencies=Count("station__constituency", distinct=True),
    )
    return PlanSummary(
        long_term_teams=kinds.get(TeamKind.LONG_TERM, 0),
        short_term_teams=kinds.get(TeamKind.SHORT_TERM, 0),
        overseas_teams=kinds.get(TeamKind.OVERSEAS, 0),
        observers=observers,
        stages=stages_from_json(plan.stages),
        left_out=left_out_from_json(plan.left_out) if reader is None or reads_whole(plan, reader) else (),
        **visits,
    )


def _teams_and_people(teams: "QuerySet[Team]") -> tuple[dict[str, int], int]:
    """How many of the teams there are of each kind, and how many people in all of them. One query."""
    rows = teams.order_by().values_list("kind").annotate(teams=Count("pk", distinct=True), people=Count("members"))
    counted = list(rows)
    return {kind: count for kind, count, _people in counted}, sum(people for _kind, _count, people in counted)


@dataclass(frozen=True, slots=True)
class Replanned:
    """Of the teams of the version that was re-planned: how many differ, and how many must, as is proven."""

    teams: int
    changed: int
    forced: int


def replanned(plan: DeploymentPlan) -> Replanned | None:
    """What became of the version that the plan was made from; None for a plan that was made afresh. No query."""
    stages = [stage for stage in stages_from_json(plan.stages) if stage.before]
    if not stages:
        return None
    return Replanned(
        # Those that are placed afterwards have been counted where they were formed.
        teams=sum(stage.before for stage in stages if stage.stage in _FORMING),
        changed=sum(stage.changed for stage in stages),
        forced=sum(stage.forced for stage in stages),
    )


def _count_by(rows: QuerySet[ModelT], field: str) -> dict[object, int]:
    """How many rows there are for each value of the field. One query."""
    return dict(rows.order_by().values_list(field).annotate(count=Count("pk")))
