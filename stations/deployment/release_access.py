"""Which preconditions of special-access stations a plan does not meet, for every mission of its teams (R18)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from stations.access.selectors import PlannedVisit, missing_access
from stations.deployment.models import DeploymentPlan, TeamMember


class Going(Protocol):
    """A visit of a team, as rows of the database have it."""

    @property
    def team_id(self) -> int: ...
    @property
    def station_id(self) -> int: ...
    @property
    def arrives_at(self) -> dt.datetime: ...
    @property
    def leaves_at(self) -> dt.datetime: ...


def missing_of_visits(plan: DeploymentPlan, rows: Sequence[Going]) -> Mapping[int, tuple[tuple[str, str, str], ...]]:
    """What has not been granted, who would grant it and why it is missing, by the position of the visit.

    Three queries at most. In the pool a team may mix missions, and each of them needs the grant.
    """
    missions = _missions_of_teams(plan, {row.team_id for row in rows})
    numbers: dict[PlannedVisit, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        for mission in missions.get(row.team_id, ()):
            numbers[PlannedVisit(mission, row.station_id, row.arrives_at, row.leaves_at)].append(number)
    found: dict[int, list[tuple[str, str, str]]] = defaultdict(list)
    for missing in missing_access(numbers):
        for number in numbers[missing.visit]:
            found[number].append((missing.condition.value, missing.authority, missing.reason.value))
    return {number: tuple(dict.fromkeys(lines)) for number, lines in found.items()}


def _missions_of_teams(plan: DeploymentPlan, teams: Collection[int]) -> Mapping[int, Collection[int]]:
    """Whose people are in each team. No query for a mission's own plan."""
    if plan.mission_id is not None:
        return dict.fromkeys(teams, (plan.mission_id,))
    found: dict[int, set[int]] = defaultdict(set)
    members = TeamMember.objects.filter(plan=plan).order_by().values_list("team_id", "nomination__mission_id")
    for team, mission in members.distinct():
        found[team].add(mission)
    return found
