"""The day before the vote: some teams fly home, some stations are closed, and whoever is hit plans again."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import F

from accreditation.models import Nomination
from accreditation.services.stays import note_departure
from config.demo.deployment import Deployment
from missions.models import User
from stations.deployment.models import DeploymentPlan, Team, TeamMember, Visit
from stations.deployment.records import StageSummary, stages_from_json
from stations.deployment.states import TeamKind, VisitKind
from stations.models import PollingStation
from stations.services import close_station

_WHOLE = 1000


@dataclass(frozen=True, slots=True)
class Losses:
    """What the day before takes from the released plans, and who notes it."""

    deployment: Deployment
    protocol: User
    registrar: User

    def on(self, day: date) -> None:
        """On that day: note who has left and what is closed, then plan again for the owners that are hit."""
        plot = self.deployment.story.plot["losses"]
        plans = self._released()
        if not self.deployment.story.is_on(day, plot) or any(plan.version > 1 for plan in plans):
            return
        teams = list(
            Team.objects.filter(plan__in=plans, kind=TeamKind.SHORT_TERM)
            .select_related("plan__mission")
            # The pool last: databases do not agree where nothing stands.
            .order_by(F("plan__mission__code").asc(nulls_last=True), "number")
        )
        lost = _spread(teams, len(teams) * plot["teams_permille"] // _WHOLE)
        hit = _spread([team for team in teams if team not in lost], plot["stations"])
        with transaction.atomic():
            self._lose(lost)
            self._close(hit)
        for plan in plans:
            if self._is_hit(plan):
                self.deployment.plan_again(plan)

    def _released(self) -> list[DeploymentPlan]:
        return list(DeploymentPlan.objects.filter(election=self.deployment.election).released())

    def _is_hit(self, plan: DeploymentPlan) -> bool:
        """Whether somebody has dropped out of the plan, or a station: another's team may visit the same one."""
        closed = Visit.objects.filter(visit_plan__team__plan=plan, station__closed_at__isnull=False)
        return TeamMember.objects.filter(plan=plan).missing().exists() or closed.exists()

    def _lose(self, teams: list[Team]) -> None:
        plot = self.deployment.story.plot["losses"]
        left_at, at = (self.deployment.story.moment({**plot, "time": plot[when]}) for when in ("flight", "time"))
        people = TeamMember.objects.filter(team__in=teams)
        for nomination in Nomination.objects.filter(pk__in=people.values("nomination")).order_by("pk"):
            note_departure(nomination=nomination, left_at=left_at, by=self.protocol, at=at)

    def _close(self, teams: list[Team]) -> None:
        """A station of each of these teams between the opening and the count; no newly covered one is ever closed."""
        plot = self.deployment.story.plot["losses"]
        at = self.deployment.story.moment(plot)
        chosen: dict[int, PollingStation] = {}
        for team in teams:
            visits = Visit.objects.filter(visit_plan__team=team, kind=VisitKind.VOTING, station__is_newly_covered=False)
            first = visits.exclude(station__in=chosen).select_related("station").order_by("order").first()
            if first is not None:
                chosen[first.station_id] = first.station
        for station in sorted(chosen.values(), key=lambda station: station.code):
            close_station(station=station, reason=plot["reason"], by=self.registrar, at=at)


def _spread(teams: list[Team], count: int) -> list[Team]:
    """So many of the teams, evenly over all of them."""
    return [teams[(2 * number + 1) * len(teams) // (2 * count)] for number in range(count)]


def replanning_rows(plans: list[DeploymentPlan]) -> Iterator[tuple[str, str]]:
    """For the plans that were made again: what changed, and what no plan could have kept, stage by stage."""
    again = [plan for plan in plans if plan.made_from_id is not None]
    if not again:
        return
    stages = [stage for plan in again for stage in stages_from_json(plan.stages) if stage.before]
    yield "planned again after the losses", f"{len(again)} plans: changed / forced {_ratio(stages)}"
    for name in dict.fromkeys(stage.stage for stage in stages):
        found = [stage for stage in stages if stage.stage == name]
        yield f"  {name}", f"{_ratio(found)}, of {sum(stage.before for stage in found)} teams"


def _ratio(stages: list[StageSummary]) -> str:
    changed, forced = sum(stage.changed for stage in stages), sum(stage.forced for stage in stages)
    return f"{changed} / {forced} = {changed / forced:.2f}" if forced else f"{changed} / 0"
