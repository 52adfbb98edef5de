"""A draft to be changed by hand: three areas' worth of teams of one self-directed mission, and two idle people."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from accreditation.models import Observer
from accreditation.states import Role
from missions.models import Constituency, Election, Mission, User
from stations.deployment.hand_acts import Act
from stations.deployment.models import (
    AreaOfResponsibility,
    DeploymentPlan,
    DeploymentSettings,
    Interpreter,
    Team,
    Visit,
)
from stations.deployment.services.hand import HandWork, change_by_hand
from stations.deployment.states import TeamKind
from stations.models import PollingStation
from tests.stations.deployment import builders


@dataclass(frozen=True)
class Desk:
    """Teams 1 and 2 work in constituencies 1 and 3, team 3 is long-term and has the North, team 4 is in Seoul."""

    plan: DeploymentPlan
    stations: list[PollingStation]
    people: list[Observer]
    idle: list[Observer]

    def team(self, number: int) -> Team:
        return Team.objects.get(plan=self.plan, number=number)

    def area(self, name: str) -> AreaOfResponsibility:
        return AreaOfResponsibility.objects.get(plan=self.plan, name=name)

    def place(self, number: int) -> Constituency:
        return Constituency.objects.get(election=self.plan.election, number=number)

    def interpreter(self, name: str, *languages: str) -> Interpreter:
        """Somebody on the list of the mission."""
        plan = self.plan
        settings, _made = DeploymentSettings.objects.get_or_create(
            election=plan.election, mission=plan.mission, defaults={"profile": "odihr-like"}
        )
        return Interpreter.objects.create(settings=settings, name=name, languages=list(languages or ("az", "en")))

    def nomination(self, person: Observer) -> int:
        return person.nominations.get().pk

    def crew(self, number: int) -> list[Observer]:
        return [member.observer for member in self.team(number).members.select_related("observer").order_by("pk")]

    def route(self, number: int) -> list[str]:
        """The codes of the stations in the order of the team's visits, with their kinds."""
        visits = Visit.objects.filter(visit_plan__team=self.team(number)).select_related("station").order_by("order")
        return [f"{visit.station.code} {visit.kind}" for visit in visits]


@pytest.fixture
def desk(election: Election, mission: Mission, register: list[PollingStation]) -> Desk:
    plan = builders.plan(election, mission)
    first, second, third = Constituency.objects.filter(election=election).order_by("number")
    north, south = builders.area(plan, "North", first, second), builders.area(plan, "South", third)
    english = ("en", "az")
    people = [builders.deployed(mission, code, languages=english) for code in ("FRA", "DEU", "ITA", "ESP")]
    long_term = [builders.deployed(mission, code, Role.LTO, languages=english) for code in ("SWE", "POL")]
    abroad = [builders.deployed(mission, code, residence="KOR") for code in ("NOR", "FIN")]
    idle = [builders.deployed(mission, "GRC", languages=english, experienced=True), builders.deployed(mission, "PRT")]
    builders.team(plan, 1, people[:2], register[:3], within=north)
    builders.team(plan, 2, people[2:], register[10:13], within=south)
    builders.team(plan, 3, long_term, [], within=north, kind=TeamKind.LONG_TERM)
    builders.team(plan, 4, abroad, register[15:16], kind=TeamKind.OVERSEAS)
    return Desk(plan, register, [*people, *long_term, *abroad], idle)


Change = Callable[[Act], HandWork]


@pytest.fixture
def change(desk: Desk, lead: User, at: dt.datetime) -> Change:
    """Carry out one act on the draft, as the lead."""
    return lambda act: change_by_hand(plan=desk.plan, act=act, seen=None, by=lead, at=at)
