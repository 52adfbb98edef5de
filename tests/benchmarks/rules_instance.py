"""What the bench of the rules of deployment works on: a pool's draft of 400 teams with 4,000 visits."""

import datetime as dt
from dataclasses import dataclass

import numpy as np

from accreditation.models import Nomination
from missions.models import Commission, Constituency, Election
from missions.states import CommissionLevel
from stations.deployment.findings import judgement_of
from stations.deployment.models import AreaOfResponsibility, DeploymentPlan, Team, TeamMember, Visit, VisitPlan
from stations.deployment.release_facts import facts_of
from stations.deployment.rules import Finding, judge, load_deployment_profile
from stations.deployment.rules.facts import PlanFacts
from stations.deployment.rules.limits import DayRules
from stations.deployment.states import TeamKind
from stations.deployment.timetable import PollingDay, Stop, visits_of_route
from stations.models import PollingStation
from stations.states import StationKind
from tests.benchmarks.badge_people import AT, make_people

PLACES = 125
STATIONS = 6_537
VISITS = 10
_DRIVE_S = 900
_PROFILE = load_deployment_profile("odihr-like")


@dataclass(frozen=True, slots=True)
class Instance:
    """A draft, and the team that is changed by hand."""

    plan: DeploymentPlan
    team: int
    visits: int

    @classmethod
    def of(cls, teams: int) -> "Instance":
        """So many teams of two, a hundredth of a degree between their stations."""
        make_people(2 * teams)
        election = Election.objects.get()
        _register(election)
        plan = DeploymentPlan.objects.create(election=election, mission=None, version=1, made_at=AT)
        made = _teams(plan, teams)
        _visits(plan, made)
        return cls(plan, made[0].pk, Visit.objects.count())

    def facts(self, *, of_one_team: bool) -> PlanFacts:
        """What the rules need to know, of one team or of all."""
        return facts_of(self.plan, _PROFILE.limits, at=AT, teams=[self.team] if of_one_team else None)

    def findings(self, facts: PlanFacts) -> tuple[Finding, ...]:
        """What the rules find."""
        return judge(facts, _PROFILE)

    def change_by_hand(self) -> int:
        """Move the second visit by a minute, and judge the team and the whole plan; returns how much was found."""
        visit = Visit.objects.filter(visit_plan__team=self.team, order=2).get()
        Visit.objects.filter(pk=visit.pk).update(arrives_at=visit.arrives_at + dt.timedelta(minutes=1))
        return len(judgement_of(self.plan, at=AT, teams=[self.team]).findings)


def _register(election: Election) -> None:
    central = Commission.objects.create(election=election, level=CommissionLevel.CENTRAL, code="CEC", name="Central")
    commissions = Commission.objects.bulk_create(
        Commission(election=election, level=CommissionLevel.CONSTITUENCY, parent=central, code=f"C{n}", name=f"C{n}")
        for n in range(1, PLACES + 1)
    )
    places = Constituency.objects.bulk_create(
        Constituency(
            election=election,
            commission=commission,
            number=number,
            name=f"Constituency {number}",
            region=f"Region {number % 14}",
            languages=["az"],
        )
        for number, commission in enumerate(commissions, start=1)
    )
    rng = np.random.default_rng(1)
    shift = rng.uniform(-0.1, 0.1, (STATIONS, 2))
    PollingStation.objects.bulk_create(
        (
            PollingStation(
                election=election,
                code=f"{number % PLACES + 1:03d}{number // PLACES:03d}",
                name=f"School {number}",
                kind=StationKind.PERMANENT,
                constituency=places[number % PLACES],
                latitude=round(39 + number % PLACES % 12 * 0.2 + shift[number, 0], 5),
                longitude=round(46 + number % PLACES // 12 * 0.3 + shift[number, 1], 5),
                voters=900,
                is_urban=number % PLACES < 60,
                country=election.host_country,
                time_zone=election.time_zone,
                opens_at=election.opens_at,
                closes_at=election.closes_at,
            )
            for number in range(STATIONS)
        ),
        batch_size=500,
    )


def _teams(plan: DeploymentPlan, count: int) -> list[Team]:
    area = AreaOfResponsibility.objects.create(plan=plan, name="All")
    places = list(Constituency.objects.filter(election=plan.election).order_by("number"))
    area.constituencies.set(places)
    teams = Team.objects.bulk_create(
        (
            Team(
                plan=plan,
                number=number + 1,
                kind=TeamKind.SHORT_TERM,
                area=area,
                constituency=places[number % PLACES],
            )
            for number in range(count)
        ),
        batch_size=500,
    )
    people = Nomination.objects.filter(observer__accreditations__isnull=False).order_by("pk")
    TeamMember.objects.bulk_create(
        (
            TeamMember(
                plan=plan, team=teams[place // 2], observer_id=person, nomination_id=key, is_leader=place % 2 == 0
            )
            for place, (key, person) in enumerate(people.values_list("pk", "observer_id")[: 2 * count])
        ),
        batch_size=500,
    )
    return teams


def _visits(plan: DeploymentPlan, teams: list[Team]) -> None:
    election = plan.election
    day = PollingDay(election.e_day, election.opens_at, election.closes_at, election.time_zone)
    stations: dict[int | None, list[int]] = {}
    for key, place in PollingStation.objects.order_by("code").values_list("pk", "constituency_id"):
        stations.setdefault(place, []).append(key)
    days = VisitPlan.objects.bulk_create((VisitPlan(team=team, day=election.e_day) for team in teams), batch_size=500)
    rows = []
    for visit_plan, team in zip(days, teams, strict=True):
        free = stations[team.constituency_id]
        route, stations[team.constituency_id] = free[:VISITS], free[VISITS:]
        planned = visits_of_route([Stop(key, _DRIVE_S) for key in route], day, DayRules())
        rows += [
            Visit(
                visit_plan=visit_plan,
                order=order,
                station_id=visit.station_id,
                kind=visit.kind,
                arrives_at=visit.arrives_at,
                leaves_at=visit.leaves_at,
            )
            for order, visit in enumerate(planned, start=1)
        ]
    Visit.objects.bulk_create(rows, batch_size=500)
