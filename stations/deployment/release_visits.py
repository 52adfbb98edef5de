"""What the rules need to know about the visits of a plan's teams. Ten queries at most, whatever their number."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from django.db.models import Count

from missions.law.calendar import local_instant
from missions.states import DeploymentMode
from stations.deployment.driving import Leg, drives
from stations.deployment.models import DeploymentPlan, DeploymentSettings, Visit
from stations.deployment.release_access import missing_of_visits
from stations.deployment.rules.facts import VisitFacts
from stations.deployment.samples.selectors import sampled_stations
from stations.deployment.states import PlanState, VisitKind


class VisitRow(NamedTuple):
    """One visit with its station, as the database has them."""

    team_id: int
    day: dt.date
    kind: str
    arrives_at: dt.datetime
    leaves_at: dt.datetime
    station_id: int
    code: str
    constituency_id: int | None
    opens_at: dt.time
    closes_at: dt.time
    time_zone: str
    closed_at: dt.datetime | None


def visit_rows(plan: DeploymentPlan, teams: Collection[int] | None) -> list[VisitRow]:
    """The visits of these teams, or of the whole plan, team by team in the order of their routes. One query."""
    visits = Visit.objects.filter(visit_plan__team__plan=plan)
    if teams is not None:
        visits = visits.filter(visit_plan__team__in=teams)
    rows = visits.order_by("visit_plan__team", "visit_plan__day", "order").values_list(
        "visit_plan__team_id",
        "visit_plan__day",
        "kind",
        "arrives_at",
        "leaves_at",
        "station_id",
        "station__code",
        "station__constituency_id",
        "station__opens_at",
        "station__closes_at",
        "station__time_zone",
        "station__closed_at",
    )
    return [VisitRow._make(row) for row in rows]


def visits_of(
    plan: DeploymentPlan, rows: list[VisitRow], settings: DeploymentSettings | None, *, some: bool
) -> dict[int, list[VisitFacts]]:
    """The visits by team, with the way to each, and who else goes there. `some`: the rows are a part of the plan."""
    driven = drives(plan.election, plan.mission, _legs(rows))
    times = _times_in_stage(plan, rows, some=some)
    sampled = sampled_stations(plan.election, plan.mission)
    elsewhere = _stations_of_others(plan, rows, settings)
    missing = missing_of_visits(plan, rows)
    found: dict[int, list[VisitFacts]] = defaultdict(list)
    for number, row in enumerate(rows):
        found[row.team_id].append(
            VisitFacts(
                station=row.code,
                kind=VisitKind(row.kind),
                day=row.day,
                arrives_at=row.arrives_at,
                leaves_at=row.leaves_at,
                opens_at=_instant(row.day, row.opens_at, row.time_zone),
                closes_at=_instant(row.day, row.closes_at, row.time_zone),
                time_zone=row.time_zone,
                constituency=row.constituency_id,
                drive=driven.get(number),
                missing_access=missing.get(number, ()),
                is_of_other_mission=row.station_id in elsewhere,
                is_closed=row.closed_at is not None,
                is_outside_sample=bool(sampled) and row.constituency_id is not None and row.station_id not in sampled,
                times_in_stage=times[row.station_id, row.kind],
            )
        )
    return found


def _legs(rows: list[VisitRow]) -> list[Leg]:
    """The ways between two visits of one team on one day, each numbered by the later visit."""
    return [
        Leg(number, before.station_id, after.station_id, (before.constituency_id, after.constituency_id))
        for number, (before, after) in enumerate(pairwise(rows), start=1)
        if (before.team_id, before.day) == (after.team_id, after.day) and before.station_id != after.station_id
    ]


def _times_in_stage(plan: DeploymentPlan, rows: list[VisitRow], *, some: bool) -> Mapping[tuple[int, str], int]:
    """How many teams of the whole plan come to a station in one stage."""
    if not some:
        return Counter((row.station_id, row.kind) for row in rows)
    visits = Visit.objects.filter(visit_plan__team__plan=plan, station__in={row.station_id for row in rows})
    counted = visits.order_by().values_list("station_id", "kind").annotate(count=Count("pk"))
    return {(station, kind): count for station, kind, count in counted}


def _stations_of_others(
    plan: DeploymentPlan, rows: list[VisitRow], settings: DeploymentSettings | None
) -> frozenset[int]:
    """The stations of released plans of other self-directed missions, among those that agreed to be told of it.

    Never for a plan that the host reads: it would tell the host where missions go.
    """
    if settings is None or not settings.avoids_other_missions or not plan.is_private:
        return frozenset()
    agreed = DeploymentSettings.objects.filter(
        election=plan.election_id,
        avoids_other_missions=True,
        mission__deployment_mode=DeploymentMode.SELF_DIRECTED,
    ).exclude(mission=plan.mission_id)
    visits = Visit.objects.filter(
        station__in={row.station_id for row in rows},
        visit_plan__team__plan__state=PlanState.RELEASED,
        visit_plan__team__plan__mission__in=agreed.values("mission"),
    )
    return frozenset(visits.values_list("station_id", flat=True))


@lru_cache(maxsize=4096)
def _instant(day: dt.date, at: dt.time, zone: str) -> dt.datetime:
    return local_instant(day, at, zone)
