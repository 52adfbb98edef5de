"""What the release rules judge, read from the database. Five queries, whatever the size of the plan."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from typing import Final

from accreditation.models import Accreditation
from accreditation.states import AccreditationState, Category
from missions.law.calendar import local_instant
from missions.law.profile import ProfileError, load_profile
from missions.models import Election
from stations.deployment.models import DeploymentPlan, Team, TeamMember, Visit
from stations.deployment.parameters import DEFAULTS, PlanParameters
from stations.deployment.rules import MemberFacts, PlanFacts, TeamFacts, VisitFacts
from stations.deployment.states import TeamKind, VisitKind
from stations.models import PollingStation

_CATEGORY: Final = Category.INTERNATIONAL_OBSERVER


def facts_of(plan: DeploymentPlan, parameters: PlanParameters = DEFAULTS) -> PlanFacts:
    """Everything that the rules need to know about a stored plan, as it is now."""
    election = plan.election
    teams = list(plan.teams.order_by("number"))
    members, visits = _members(plan), _visits(plan)
    supervised = {team.area_id for team in teams if team.kind == TeamKind.LONG_TERM}
    return PlanFacts(
        host_country=election.host_country,
        host_citizens_excluded=_excludes_host_citizens(election),
        e_day=election.e_day,
        e_day_begins=local_instant(election.e_day, dt.time(), election.time_zone),
        accreditations_end=election.results_published_at,
        first_day=election.e_day + dt.timedelta(days=parameters.stay.first_day),
        last_day=election.e_day + dt.timedelta(days=parameters.stay.last_day),
        early=parameters.day.early,
        has_long_term_teams=bool(supervised),
        teams=tuple(_team(team, members, visits, supervised) for team in teams),
    )


def _team(
    team: Team,
    members: dict[int, list[MemberFacts]],
    visits: dict[int, list[tuple[dt.date, VisitFacts]]],
    supervised: Collection[int | None],
) -> TeamFacts:
    route = visits.get(team.pk, [])
    return TeamFacts(
        number=team.number,
        kind=TeamKind(team.kind),
        has_area=team.area_id is not None,
        is_supervised=team.area_id in supervised,
        members=tuple(members.get(team.pk, ())),
        day=route[0][0] if route else None,
        visits=tuple(visit for _day, visit in route),
    )


def _members(plan: DeploymentPlan) -> dict[int, list[MemberFacts]]:
    rows = (
        TeamMember.objects.filter(plan=plan)
        .select_related("observer", "nomination")
        .defer("observer__passport_number", "observer__mrz")  # nothing here needs it decrypted
        .order_by("pk")
    )
    active = Accreditation.objects.filter(
        election=plan.election_id,
        category=_CATEGORY,
        state=AccreditationState.ACTIVE,
        observer__in=rows.values("observer"),
    )
    valid_from = dict(active.values_list("observer_id", "valid_from"))
    found: dict[int, list[MemberFacts]] = defaultdict(list)
    for member in rows:
        observer, nomination = member.observer, member.nomination
        found[member.team_id].append(
            MemberFacts(
                name=observer.full_name,
                nationalities=frozenset(observer.nationalities),
                languages=frozenset(observer.languages),
                accredited_from=valid_from.get(observer.pk),
                arrives_on=nomination.arrives_on,
                departs_on=nomination.departs_on,
            )
        )
    return found


def _visits(plan: DeploymentPlan) -> dict[int, list[tuple[dt.date, VisitFacts]]]:
    rows = (
        Visit.objects.filter(visit_plan__team__plan=plan)
        .select_related("visit_plan", "station")
        .order_by("visit_plan__team", "visit_plan__day", "order")
    )
    found: dict[int, list[tuple[dt.date, VisitFacts]]] = defaultdict(list)
    for visit in rows:
        day = visit.visit_plan.day
        opens_at, closes_at = _hours(visit.station, day)
        facts = VisitFacts(
            visit.station.code, VisitKind(visit.kind), visit.arrives_at, visit.leaves_at, opens_at, closes_at
        )
        found[visit.visit_plan.team_id].append((day, facts))
    return found


def _hours(station: PollingStation, day: dt.date) -> tuple[dt.datetime, dt.datetime]:
    opens_at = local_instant(day, station.opens_at, station.time_zone)
    return opens_at, local_instant(day, station.closes_at, station.time_zone)


def _excludes_host_citizens(election: Election) -> bool:
    """Whether the host's law keeps its own citizens out; where it is not known, they are kept out."""
    try:
        rule = load_profile(election.profile_code).category(_CATEGORY).host_citizens_excluded
    except (ProfileError, KeyError):
        return True
    return rule if isinstance(rule, bool) else True
