"""Giving the interpreters that there are to the teams of a new plan that need them (R12)."""

from collections import defaultdict
from uuid import UUID

from stations.deployment.interpreting import Silent, Speaker, interpreters_for
from stations.deployment.models import DeploymentPlan, Interpreter, Team, TeamMember
from stations.deployment.states import TeamKind


def assign_interpreters(plan: DeploymentPlan) -> None:
    """Give interpreters of the owner's list to short-term teams of a new plan that speak no language of their place.

    A team that continues one of the version before keeps its interpreter where that costs no other team one. Five
    queries, one where the list is empty; inside the transaction that makes the plan.
    """
    listed = Interpreter.objects.filter(settings__election=plan.election_id, settings__mission=plan.mission_id)
    speakers = [Speaker(row.pk, frozenset(row.languages)) for row in listed.order_by("pk")]
    if not speakers:
        return
    before = _interpreters_before(plan)
    spoken: dict[int, set[str]] = defaultdict(set)
    for team_id, languages in TeamMember.objects.filter(plan=plan).values_list("team", "observer__languages"):
        spoken[team_id].update(languages)
    silent: list[tuple[Team, Silent]] = []
    at_home = Team.objects.filter(plan=plan, kind=TeamKind.SHORT_TERM, constituency__isnull=False)
    for team in at_home.select_related("constituency").order_by("number"):
        local = frozenset(team.constituency.languages if team.constituency else ())
        if local and not local & spoken[team.pk]:
            silent.append((team, Silent(local, frozenset(spoken[team.pk]), before.get(team.key))))
    for (team, _need), key in zip(silent, interpreters_for([need for _team, need in silent], speakers), strict=True):
        team.interpreter_id = key
    Team.objects.bulk_update([team for team, _need in silent], ["interpreter"])


def _interpreters_before(plan: DeploymentPlan) -> dict[UUID, int]:
    """By the keys of the teams of the version that the plan continues."""
    if plan.made_from_id is None:
        return {}
    teams = Team.objects.filter(plan=plan.made_from_id, interpreter__isnull=False)
    return dict(teams.values_list("key", "interpreter_id"))
