"""What a planner chooses from when changing a draft by hand. The draft was fetched in scope."""

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from django.utils.translation import gettext as _

from accreditation.states import AccreditationState, Role
from missions.countries import country_name
from missions.models import Constituency
from stations.deployment.models import AreaOfResponsibility, DeploymentPlan, Interpreter, Team, TeamMember, Visit
from stations.deployment.problem_rows import accreditations_of
from stations.deployment.records import OBSERVER, left_out_from_json
from stations.deployment.states import TeamKind
from stations.models import PollingStation
from stations.states import StationKind

Choices = Sequence[tuple[str, str]]


class Person(NamedTuple):
    """Somebody by nomination, with the number of the team, if there is one."""

    key: str
    label: str
    role: str
    team: int | None = None


class HandChoices:
    """People, teams and places of one draft, each list with one query, and only if somebody asks for it."""

    def __init__(self, plan: DeploymentPlan) -> None:
        self.plan = plan

    @cached_property
    def placed(self) -> Sequence[Person]:
        """The people of all teams, team by team."""
        rows = (
            TeamMember.objects.filter(plan=self.plan)
            .order_by("team__number", "-is_leader", "pk")
            .values_list(
                "nomination_id",
                "observer__surname",
                "observer__given_names",
                "observer__nationality",
                "nomination__role",
                "team__number",
            )
        )
        return [
            Person(str(key), f"{_('Team %d') % team}: {surname} {given}, {nationality}", role, team)
            for key, surname, given, nationality, role, team in rows
        ]

    @cached_property
    def idle(self) -> Sequence[Person]:
        """The people who may be deployed and have no team, by name, with the reason where the plan has one."""
        there = TeamMember.objects.filter(plan=self.plan).values("observer")
        rows = (
            accreditations_of(self.plan.election, self.plan.mission)
            .filter(state=AccreditationState.ACTIVE)
            .exclude(observer__in=there)
            .order_by("observer__folded_name", "pk")
            .values_list(
                "application__nomination_id",
                "observer_id",
                "observer__surname",
                "observer__given_names",
                "observer__nationality",
                "application__nomination__role",
            )
        )
        left_out = [row for row in left_out_from_json(self.plan.left_out) if row.what == OBSERVER]
        reasons = {key: f" · {row.sentence}" for row in left_out for key in row.ids}
        return [
            Person(
                str(key),
                f"{surname} {given}, {nationality} · {Role(role).label}{reasons.get(observer, '')}",
                role,
            )
            for key, observer, surname, given, nationality, role in rows
        ]

    @cached_property
    def idle_people(self) -> Choices:
        """The same, by nomination."""
        return [(person.key, person.label) for person in self.idle]

    @cached_property
    def people(self) -> Choices:
        """Everybody, by nomination: who has no team first."""
        return [(person.key, person.label) for person in (*self.idle, *self.placed)]

    def members_of(self, team: int) -> Choices:
        """The people of one team."""
        return [(person.key, person.label) for person in self.placed if person.team == team]

    def partners_of(self, team: int) -> Choices:
        """Who may change places with somebody of the team: those with the same task."""
        roles = {person.role for person in self.placed if person.team == team}
        others = [person for person in (*self.idle, *self.placed) if person.team != team and person.role in roles]
        return [(person.key, person.label) for person in others]

    @cached_property
    def constituencies(self) -> Choices:
        """By number."""
        rows = Constituency.objects.filter(election=self.plan.election_id).order_by("number")
        return [(str(place.number), str(place)) for place in rows]

    @cached_property
    def areas(self) -> Choices:
        """By key."""
        rows = AreaOfResponsibility.objects.filter(plan=self.plan).order_by("name")
        return [(str(key), name) for key, name in rows.values_list("pk", "name")]

    @cached_property
    def countries(self) -> Choices:
        """Those with stations abroad."""
        stations = PollingStation.objects.filter(election=self.plan.election_id, kind=StationKind.OVERSEAS)
        codes = stations.order_by("country").values_list("country", flat=True).distinct()
        return [(code, country_name(code, "en")) for code in codes]

    @cached_property
    def long_term_teams(self) -> Choices:
        """By number, with the area that each has."""
        teams = Team.objects.filter(plan=self.plan, kind=TeamKind.LONG_TERM).select_related("area").order_by("number")
        return [(str(team.number), f"{team} · {team.area or '–'}") for team in teams]

    @cached_property
    def teams(self) -> Choices:
        """By number, with where each works."""
        teams = Team.objects.filter(plan=self.plan).select_related("area", "constituency").order_by("number")
        return [
            (str(team.number), f"{team} · {team.country or team.constituency or team.area or '–'}") for team in teams
        ]

    @cached_property
    def interpreters(self) -> Choices:
        """Those on the list of the plan's owner, by name."""
        plan = self.plan
        listed = Interpreter.objects.filter(settings__election=plan.election_id, settings__mission=plan.mission_id)
        return [(row.name, f"{row.name} ({', '.join(row.languages)})") for row in listed.order_by("name")]

    def zone_of(self, station: str) -> str:
        """The clocks of a station; those of the host for a code that the election does not have."""
        found = PollingStation.objects.filter(election=self.plan.election_id, code=station)
        zone: str | None = found.values_list("time_zone", flat=True).first()
        return zone or self.plan.election.time_zone

    def zone_of_visit(self, team: int, order: int) -> str:
        """The clocks of the station of a team's visit; those of the host where there is no such visit."""
        visits = Visit.objects.filter(visit_plan__team__plan=self.plan, visit_plan__team__number=team, order=order)
        zone: str | None = visits.values_list("station__time_zone", flat=True).first()
        return zone or self.plan.election.time_zone
