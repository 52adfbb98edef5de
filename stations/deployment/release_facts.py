"""What the rules judge, read from the database: of a whole plan, or of some of its teams. Few queries at any size."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Exists, OuterRef

from accreditation.states import Category
from missions.law.calendar import local_instant
from missions.law.profile import ProfileError, load_profile
from missions.models import Constituency, Election
from stations.deployment.models import (
    AreaOfResponsibility,
    DeploymentPlan,
    DeploymentSettings,
    RestrictedArea,
    Team,
    TeamMember,
)
from stations.deployment.profile_choice import listed_places, settings_of
from stations.deployment.release_balance import balance_of
from stations.deployment.release_people import members_of
from stations.deployment.release_visits import VisitRow, visit_rows, visits_of
from stations.deployment.rules.facts import MemberFacts, PlanFacts, Restriction, TeamFacts, VisitFacts
from stations.deployment.rules.limits import Limits
from stations.deployment.slots import Slot, slots_of_team
from stations.deployment.states import RestrictionLevel, TeamKind

_CATEGORY: Final = Category.INTERNATIONAL_OBSERVER


@dataclass(frozen=True, slots=True)
class _Places:
    """Constituencies by key with their names and languages, those of each area, and the areas that are supervised."""

    names: Mapping[int, str]
    languages: Mapping[int, frozenset[str]]
    of_area: Mapping[int, frozenset[int]]
    supervised: frozenset[int]


def facts_of(
    plan: DeploymentPlan, limits: Limits, *, at: dt.datetime, teams: Collection[int] | None = None
) -> PlanFacts:
    """Everything that the rules need to know about a stored plan, as it is now.

    `teams` are keys: then only these teams are read, and the counts over the whole plan. After a change by hand the
    teams that it touched are enough, as long as the others were judged before.
    """
    election, settings = plan.election, settings_of(plan.election, plan.mission)
    chosen = _teams(plan, teams)
    rows = visit_rows(plan, teams)
    members = members_of(plan, _work(election, chosen, rows), some=teams is not None)
    visits = visits_of(plan, rows, settings, some=teams is not None)
    places = _places(plan)
    return PlanFacts(
        at=at,
        host_country=election.host_country,
        host_citizens_excluded=_excludes_host_citizens(election),
        e_day=election.e_day,
        e_day_begins=_day_begins(election),
        accreditations_end=election.results_published_at,
        has_long_term_teams=bool(places.supervised),
        teams=tuple(_team(team, members.get(team.pk, ()), visits.get(team.pk, ()), places) for team in chosen),
        listed=listed_places(settings),
        restrictions=_restrictions(settings),
        place_names=places.names,
        partners_before=_partners_before(plan, limits, at),
        balance=balance_of(plan, settings),
    )


def _teams(plan: DeploymentPlan, keys: Collection[int] | None) -> list[Team]:
    teams = plan.teams.select_related("interpreter").order_by("number")
    return list(teams if keys is None else teams.filter(pk__in=keys))


def _work(election: Election, teams: Sequence[Team], rows: Sequence[VisitRow]) -> dict[int, set[Slot]]:
    """The half-days in which each team is at work."""
    spans: dict[int, list[tuple[dt.datetime, dt.datetime]]] = defaultdict(list)
    for row in rows:
        spans[row.team_id].append((row.arrives_at, row.leaves_at))
    return {team.pk: slots_of_team(election.e_day, election.zone, spans[team.pk]) for team in teams}


def _team(team: Team, members: Sequence[MemberFacts], visits: Sequence[VisitFacts], places: _Places) -> TeamFacts:
    place = team.constituency_id
    return TeamFacts(
        number=team.number,
        kind=TeamKind(team.kind),
        has_area=team.area_id is not None,
        is_supervised=team.area_id in places.supervised,
        members=tuple(members),
        visits=tuple(visits),
        place=places.names[place] if place is not None else f"country:{team.country}" if team.country else "",
        country=team.country,
        constituency=place,
        languages=places.languages[place] if place is not None else frozenset(),
        constituencies=places.of_area.get(team.area_id, frozenset()) if team.area_id is not None else frozenset(),
        interpreter=frozenset(team.interpreter.languages) if team.interpreter else frozenset(),
    )


def _places(plan: DeploymentPlan) -> _Places:
    rows = Constituency.objects.filter(election=plan.election_id).only("number", "name", "languages")
    constituencies = list(rows.order_by())
    of_area: dict[int, set[int]] = defaultdict(set)
    supervised = set()
    long_term = Team.objects.filter(area=OuterRef("pk"), kind=TeamKind.LONG_TERM)
    areas = AreaOfResponsibility.objects.filter(plan=plan).order_by()
    for area, constituency, is_supervised in areas.values_list("pk", "constituencies", Exists(long_term)):
        if constituency is not None:
            of_area[area].add(constituency)
        if is_supervised:
            supervised.add(area)
    return _Places(
        names={row.pk: str(row) for row in constituencies},
        languages={row.pk: frozenset(row.languages) for row in constituencies},
        of_area={area: frozenset(keys) for area, keys in of_area.items()},
        supervised=frozenset(supervised),
    )


def _restrictions(settings: DeploymentSettings | None) -> dict[int, tuple[Restriction, ...]]:
    if settings is None:
        return {}
    found: dict[int, list[Restriction]] = defaultdict(list)
    for row in RestrictedArea.objects.filter(settings=settings).prefetch_related("constituencies"):
        restriction = Restriction(row.name, RestrictionLevel(row.level), row.approver, row.is_approved)
        for place in row.constituencies.all():
            found[place.pk].append(restriction)
    return {key: tuple(restrictions) for key, restrictions in found.items()}


def _partners_before(plan: DeploymentPlan, limits: Limits, at: dt.datetime) -> dict[int, frozenset[int]] | None:
    """Who works with whom by the owner's released plan, while teams are fixed; None at any other time."""
    begins = _day_begins(plan.election)
    if not begins <= at < begins + limits.stay.fixed:
        return None
    released = DeploymentPlan.objects.released().filter(election=plan.election_id, mission=plan.mission_id)
    teams: dict[int, set[int]] = defaultdict(set)
    members = TeamMember.objects.filter(plan__in=released.exclude(pk=plan.pk))
    for team, observer in members.values_list("team_id", "observer_id"):
        teams[team].add(observer)
    if not teams:
        return None
    return {observer: frozenset(people - {observer}) for people in teams.values() for observer in people}


def _day_begins(election: Election) -> dt.datetime:
    return local_instant(election.e_day, dt.time(), election.time_zone)


def _excludes_host_citizens(election: Election) -> bool | None:
    """Whether the host's law keeps its own citizens out; None where that is not known."""
    try:
        rule = load_profile(election.profile_code).category(_CATEGORY).host_citizens_excluded
    except (ProfileError, KeyError):
        return None
    return rule if isinstance(rule, bool) else None
