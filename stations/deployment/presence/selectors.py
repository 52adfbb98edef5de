"""Reads about presence: the visits that took place, where each team is now, and who answered a roll call."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When

from missions.models import User
from stations.deployment.models import DeploymentPlan, Team, Visit
from stations.deployment.presence.matching import ActualVisit, Standing, Stop, Told, match, standings
from stations.deployment.presence.models import AskedObserver, PresenceReport, RollCall, RollCallAnswer
from stations.deployment.presence.querysets import Viewer, whereabouts_of
from stations.deployment.presence.states import PresenceKind, Reply, VisitStanding
from stations.models import PollingStation


@dataclass(frozen=True, slots=True)
class VisitLine:
    """One visit of a team's day: as it was planned, as it took place, and what became of it."""

    station: PollingStation
    kind: str
    standing: Standing

    @property
    def visit_id(self) -> int | None:
        return self.standing.stop.visit_id if self.standing.stop else None

    @property
    def arrives_at(self) -> datetime | None:
        return self.standing.stop.arrives_at if self.standing.stop else None

    @property
    def leaves_at(self) -> datetime | None:
        return self.standing.stop.leaves_at if self.standing.stop else None

    @property
    def arrived_at(self) -> datetime | None:
        return self.standing.actual.arrived_at if self.standing.actual else None

    @property
    def left_at(self) -> datetime | None:
        return self.standing.actual.left_at if self.standing.actual else None


@dataclass(frozen=True, slots=True)
class TeamDay:
    """One team on the day: the last that it reported, and its visits, those that were not planned last."""

    team: Team
    last: PresenceReport | None
    lines: tuple[VisitLine, ...]

    @property
    def counts(self) -> Counter[VisitStanding]:
        return Counter(line.standing.standing for line in self.lines)

    @property
    def next(self) -> VisitLine | None:
        """The first planned visit that the team can still make."""
        open_ones = (VisitStanding.LATE, VisitStanding.TO_COME)
        return next((line for line in self.lines if line.standing.standing in open_ones), None)


@dataclass(frozen=True, slots=True)
class RollCount:
    """How a roll call stands: so many were asked, and of them so many answered this or nothing."""

    asked: int
    needs_help: int
    unanswered: int
    safe: int


def actual_visits(plans: "QuerySet[DeploymentPlan]", *, at: datetime) -> list[ActualVisit]:
    """The visits that the teams of these plans had made by then, by team and time. Three queries, whatever the size;
    one where nobody has reported anything.

    A team keeps what it reported under an earlier version of its plan. The caller has narrowed the plans to its scope.
    """
    teams = Team.objects.filter(plan__in=plans).order_by()
    told = _told_by_team(_reports_of(teams, at))
    if not told:
        return []
    planned = _planned_by_team(teams)
    return [
        visit
        for key, team_id in sorted(teams.values_list("key", "pk"), key=lambda row: row[1])
        for visit in match(team_id, told.get(key, ()), planned.get(team_id, ()))
    ]


def teams_in_sight(plan: DeploymentPlan, reader: Viewer) -> "QuerySet[Team]":
    """The teams of which this person may know where they are: fewer than those whose plan is shared with the host."""
    scope = whereabouts_of(reader, plan="plan__", own_people="members__nomination__mission")
    return Team.objects.filter(scope, plan=plan).distinct()


def team_days(plan: DeploymentPlan, reader: User, *, at: datetime) -> list[TeamDay]:
    """The day of each team in the reader's sight, by number. Five queries, whatever the size."""
    teams = teams_in_sight(plan, reader).order_by("number").select_related("constituency")
    keys = teams.order_by().values("pk")
    reports = list(_reports_of(Team.objects.filter(pk__in=keys), at).select_related("station"))
    told = _told_by_team(reports)
    last = {report.team_key: report for report in reports}
    planned = _planned_by_team(Team.objects.filter(pk__in=keys))
    kinds = dict(Visit.objects.filter(visit_plan__team__in=keys).values_list("pk", "kind"))
    stations = _stations_of(planned.values(), reports)
    days = []
    for team in teams:
        stops = planned.get(team.pk, ())
        made = match(team.pk, told.get(team.key, ()), stops)
        days.append(
            TeamDay(
                team,
                last.get(team.key),
                tuple(_line(standing, stations, kinds) for standing in standings(stops, made, at=at)),
            )
        )
    return days


def with_reply(asked: "QuerySet[AskedObserver]") -> "QuerySet[AskedObserver]":
    """Annotate `reply` (None for who has not answered), `note` and `answered_at` of the latest that happened.

    Who needs help comes first, then who has not answered.
    """
    latest = RollCallAnswer.objects.filter(asked=OuterRef("pk")).order_by("-happened_at", "-pk")
    annotated = asked.annotate(
        reply=Subquery(latest.values("reply")[:1]),
        note=Subquery(latest.values("note")[:1]),
        answered_at=Subquery(latest.values("happened_at")[:1]),
    )
    urgency = Case(
        When(reply=Reply.NEEDS_HELP, then=Value(0)),
        When(reply=None, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return annotated.annotate(urgency=urgency).order_by(
        "urgency", F("answered_at").desc(), "observer__surname", "observer__given_names", "pk"
    )


def roll_counts(roll_calls: Collection[RollCall], reader: Viewer) -> Mapping[int, RollCount]:
    """How each roll call stands, of the people whom the reader may know of. One query."""
    keys = [roll_call.pk for roll_call in roll_calls]
    visible = AskedObserver.objects.visible_to(reader).filter(roll_call__in=keys).order_by().values("pk")
    rows = with_reply(AskedObserver.objects.filter(pk__in=visible)).order_by().values("roll_call")
    counted = rows.annotate(
        asked_count=Count("pk"),
        help_count=Count("pk", filter=Q(reply=Reply.NEEDS_HELP)),
        safe_count=Count("pk", filter=Q(reply=Reply.SAFE)),
    )
    found = {
        row["roll_call"]: RollCount(
            asked=row["asked_count"],
            needs_help=row["help_count"],
            unanswered=row["asked_count"] - row["help_count"] - row["safe_count"],
            safe=row["safe_count"],
        )
        for row in counted
    }
    return {key: found.get(key, RollCount(0, 0, 0, 0)) for key in keys}


def _reports_of(teams: "QuerySet[Team]", at: datetime) -> "QuerySet[PresenceReport]":
    """What the teams reported of the time until then, in the order in which it happened, whenever it came in."""
    keys = teams.order_by().values("key")
    return PresenceReport.objects.filter(team_key__in=keys, happened_at__lte=at).order_by("happened_at", "pk")


def _told_by_team(reports: Iterable[PresenceReport]) -> dict[object, list[Told]]:
    """By the key of the team."""
    found: dict[object, list[Told]] = defaultdict(list)
    for report in reports:
        told = Told(PresenceKind(report.kind), report.station_id, report.visit_id, report.happened_at)
        found[report.team_key].append(told)
    return dict(found)


def _planned_by_team(teams: "QuerySet[Team]") -> dict[int, list[Stop]]:
    """The planned visits of each team by time. One query."""
    rows = Visit.objects.filter(visit_plan__team__in=teams.order_by().values("pk")).order_by("arrives_at", "pk")
    found: dict[int, list[Stop]] = defaultdict(list)
    for team_id, visit_id, station_id, arrives_at, leaves_at in rows.values_list(
        "visit_plan__team_id", "pk", "station_id", "arrives_at", "leaves_at"
    ):
        found[team_id].append(Stop(visit_id, station_id, arrives_at, leaves_at))
    return dict(found)


def _stations_of(planned: Iterable[Iterable[Stop]], reports: Iterable[PresenceReport]) -> Mapping[int, PollingStation]:
    """All stations that are planned or reported. One query."""
    keys = {stop.station_id for stops in planned for stop in stops}
    keys |= {report.station_id for report in reports if report.station_id is not None}
    return PollingStation.objects.in_bulk(keys)


def _line(standing: Standing, stations: Mapping[int, PollingStation], kinds: Mapping[int, str]) -> VisitLine:
    if standing.stop is not None:
        return VisitLine(stations[standing.stop.station_id], kinds[standing.stop.visit_id], standing)
    if standing.actual is None:
        raise ValueError("a visit is planned, or it took place")
    return VisitLine(stations[standing.actual.station_id], "", standing)
