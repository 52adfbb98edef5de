"""What is counted over a whole plan for the rules of balance. Seven queries at most."""

from collections import Counter
from typing import Final

from django.db.models import Count, Exists, OuterRef, Q

from accreditation.states import Role, Sex
from stations.deployment.models import DeploymentPlan, DeploymentSettings, TeamMember, Visit
from stations.deployment.open_places import constituencies_without_teams
from stations.deployment.release_groups import groups_of
from stations.deployment.rules.facts import Balance, Stratum
from stations.models import PollingStation
from stations.states import StationKind

_STRATA: Final[dict[str, Q]] = {
    "urban": Q(is_urban=True),
    "rural": Q(is_urban=False),
    "newly_covered": Q(is_newly_covered=True),
    "web_camera": Q(has_web_camera=True),
}


def balance_of(plan: DeploymentPlan, settings: DeploymentSettings | None) -> Balance:
    """The counts over all teams of the plan, and over the stations where its owner goes by these settings.

    Who sends an observer is the nationality where nothing else is known.
    """
    sent: Counter[str] = Counter()
    people: Counter[str] = Counter()
    women: Counter[str] = Counter()
    members = TeamMember.objects.filter(plan=plan).order_by()
    grouped = members.values_list(
        "nomination__role", "observer__sex", "nomination__sending_state", "observer__nationality"
    )
    for role, sex, state, nationality, count in grouped.annotate(count=Count("pk")):
        people[role] += count
        if sex == Sex.FEMALE:
            women[role] += count
        if role == Role.STO:
            sent[state or nationality] += count
    stations, visited, strata = _strata(plan, constituencies_without_teams(settings))
    return Balance(
        sending_states=sent,
        people=people,
        women=women,
        stations=stations,
        visited=visited,
        strata=strata,
        groups=groups_of(plan, settings),
    )


def _strata(plan: DeploymentPlan, closed: frozenset[int]) -> tuple[int, int, tuple[Stratum, ...]]:
    """The stations at home where a team may go, those that are visited, and both by stratum: regions, then kinds.

    The optimizer is given the same stations.
    """
    is_visited = Exists(Visit.objects.filter(station=OuterRef("pk"), visit_plan__team__plan=plan))
    rows = (
        PollingStation.objects.filter(election=plan.election_id, closed_at=None)
        .exclude(kind=StationKind.OVERSEAS)
        .exclude(constituency__in=closed)
        .order_by()
        .values_list("constituency__region", is_visited)
        .annotate(count=Count("pk"), **{code: Count("pk", filter=part) for code, part in _STRATA.items()})
    )
    total: Counter[str] = Counter()
    reached: Counter[str] = Counter()
    all_stations = all_reached = 0
    for region, seen, count, *parts in rows:
        all_stations += count
        all_reached += count if seen else 0
        for code, size in ((f"region:{region}", count), *zip(_STRATA, parts, strict=True)):
            total[code] += size
            reached[code] += size if seen else 0
    strata = tuple(Stratum(code, size, reached[code]) for code, size in sorted(total.items()) if size)
    return all_stations, all_reached, strata
