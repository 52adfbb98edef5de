"""A released plan of two teams at home and one abroad, with the hours of election day in UTC (Baku is at +4)."""

import datetime as dt
from dataclasses import dataclass

import pytest

from missions.models import Election, Mission
from stations.deployment.models import DeploymentPlan, Team, Visit
from stations.deployment.presence.services.reports import ReportDraft
from stations.deployment.presence.states import PresenceKind
from stations.deployment.states import PlanState, TeamKind
from stations.models import PollingStation
from tests.stations.deployment.builders import deployed, plan, team


def hour(of_day: int, minute: int = 0, second: int = 0) -> dt.datetime:
    """An hour of election day, UTC."""
    return dt.datetime(2024, 2, 7, of_day, minute, second, tzinfo=dt.UTC)


@dataclass(frozen=True)
class OnTheDay:
    """The released plan of a self-directed mission: a team at home, another one, and one in Korea."""

    plan: DeploymentPlan
    first: Team
    second: Team
    abroad: Team
    register: list[PollingStation]

    def visits(self, of: Team | None = None) -> list[Visit]:
        return list(Visit.objects.filter(visit_plan__team=of or self.first).order_by("order"))

    def draft(self, kind: PresenceKind, at: dt.datetime, *, nonce: str, station: int | None = None) -> ReportDraft:
        """A report of the first team; `station` is its place in the register."""
        key = None if station is None else self.register[station].pk
        return ReportDraft(self.first.pk, kind, nonce, at, station_id=key)


def released_day(
    election: Election, owner: Mission | None, people: Mission, register: list[PollingStation]
) -> OnTheDay:
    made = plan(election, owner, state=PlanState.RELEASED)
    return OnTheDay(
        plan=made,
        first=team(made, 1, [deployed(people, "FRA"), deployed(people, "DEU")], register[:4]),
        second=team(made, 2, [deployed(people, "ITA"), deployed(people, "ESP")], register[5:8]),
        abroad=team(
            made, 3, [deployed(people, "NOR"), deployed(people, "FIN")], [register[15]], kind=TeamKind.OVERSEAS
        ),
        register=register,
    )


@pytest.fixture
def day(election: Election, mission: Mission, register: list[PollingStation]) -> OnTheDay:
    return released_day(election, mission, mission, register)
