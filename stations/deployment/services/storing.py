"""Writing a drafted plan as rows: the plan with its areas, teams, members and visits, in the caller's transaction."""

import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import count

from django.db.models import Max

from missions.models import Election, Mission
from stations.deployment.drafts import PlanDraft, TeamDraft
from stations.deployment.models import (
    AreaOfResponsibility,
    DeploymentPlan,
    Team,
    TeamMember,
    Visit,
    VisitPlan,
)
from stations.deployment.records import bindings_to_json, left_out_to_json, stages_to_json

BATCH = 500


def new_version(
    election: Election, mission: Mission | None, *, made_from: DeploymentPlan | None, at: datetime
) -> DeploymentPlan:
    """The next version of the owner, a draft that is not saved. The election stays locked until the commit."""
    # Two plans made at the same time would take the same version; the second waits here.
    Election.objects.select_for_update().get(pk=election.pk)
    earlier = DeploymentPlan.objects.filter(election=election, mission=mission).aggregate(last=Max("version"))
    version = (earlier["last"] or 0) + 1
    return DeploymentPlan(election=election, mission=mission, version=version, made_from=made_from, made_at=at)


def store_draft(plan: DeploymentPlan, draft: PlanDraft) -> None:
    """Fill a new version with what was drafted, and save all of it.

    A team that continues one of the version before keeps its key, number and pins; new ones take numbers that no team
    of that version had.
    """
    plan.problem_digest, plan.solution_digest = draft.problem_digest, draft.solution_digest
    plan.stages, plan.left_out = stages_to_json(draft.stages), left_out_to_json(draft.left_out)
    plan.bindings = bindings_to_json(draft.bindings)
    plan.save()
    areas = _store_areas(plan, draft)
    teams = _store_teams(plan, draft, areas)
    _store_visits(plan, draft, teams)


def _store_areas(plan: DeploymentPlan, draft: PlanDraft) -> Sequence[AreaOfResponsibility]:
    areas = AreaOfResponsibility.objects.bulk_create(
        AreaOfResponsibility(plan=plan, name=area.name) for area in draft.areas
    )
    through = AreaOfResponsibility.constituencies.through
    through.objects.bulk_create(
        (
            through(areaofresponsibility_id=area.pk, constituency_id=constituency_id)
            for area, drafted in zip(areas, draft.areas, strict=True)
            for constituency_id in drafted.constituency_ids
        ),
        batch_size=BATCH,
    )
    return areas


def _store_teams(plan: DeploymentPlan, draft: PlanDraft, areas: Sequence[AreaOfResponsibility]) -> Sequence[Team]:
    teams = Team.objects.bulk_create(
        (
            Team(
                plan=plan,
                number=number,
                key=team.before.key if team.before else uuid.uuid4(),
                kind=team.kind,
                area=None if team.area is None else areas[team.area],
                constituency_id=team.constituency_id,
                country=team.country,
                is_pair_pinned=team.before is not None and team.before.is_pair_pinned,
                is_place_pinned=team.before is not None and team.before.is_place_pinned,
            )
            for number, team in zip(_numbers(plan, draft.teams), draft.teams, strict=True)
        ),
        batch_size=BATCH,
    )
    TeamMember.objects.bulk_create(
        (
            TeamMember(
                plan=plan,
                team=team,
                observer_id=member.observer_id,
                nomination_id=member.nomination_id,
                is_leader=member.is_leader,
            )
            for team, drafted in zip(teams, draft.teams, strict=True)
            for member in drafted.members
        ),
        batch_size=BATCH,
    )
    return teams


def _numbers(plan: DeploymentPlan, teams: Sequence[TeamDraft]) -> Iterator[int]:
    taken = Team.objects.filter(plan=plan.made_from).aggregate(last=Max("number"))["last"] if plan.made_from else 0
    fresh = count((taken or 0) + 1)
    return (team.before.number if team.before else next(fresh) for team in teams)


def _store_visits(plan: DeploymentPlan, draft: PlanDraft, teams: Sequence[Team]) -> None:
    going = [(team, drafted) for team, drafted in zip(teams, draft.teams, strict=True) if drafted.visits]
    day = plan.election.e_day
    visit_plans = VisitPlan.objects.bulk_create((VisitPlan(team=team, day=day) for team, _ in going), batch_size=BATCH)
    Visit.objects.bulk_create(
        (
            Visit(
                visit_plan=visit_plan,
                order=order,
                station_id=visit.station_id,
                kind=visit.kind,
                arrives_at=visit.arrives_at,
                leaves_at=visit.leaves_at,
                meal_at=visit.meal_at,
                is_pinned=drafted.before is not None and visit.station_id in drafted.before.pinned_stations,
            )
            for visit_plan, (_team, drafted) in zip(visit_plans, going, strict=True)
            for order, visit in enumerate(drafted.visits, start=1)
        ),
        batch_size=BATCH,
    )
