"""Copying a version into a draft: a released plan never changes, so whoever wants another one changes a copy."""

from collections.abc import Mapping
from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.db.models import Model

from missions.kernel.events import record_event
from missions.models import User
from stations.deployment.models import AreaOfResponsibility, DeploymentPlan, Team, TeamMember, Visit, VisitPlan
from stations.deployment.services.storing import BATCH, new_version

ModelT = TypeVar("ModelT", bound=Model)


def copy_plan(*, plan: DeploymentPlan, by: User | None, at: datetime) -> DeploymentPlan:
    """Copy a version of any state, with all of its parts and pins, into the owner's next draft.

    Teams keep key and number. Reasons for lifting rules are not copied: they were given for what was seen then.
    Records "plan_copied" on the new version.
    """
    with transaction.atomic():
        copy = new_version(plan.election, plan.mission, made_from=plan, at=at)
        # Nobody changes a draft by hand while it is copied.
        plan = DeploymentPlan.objects.select_for_update().get(pk=plan.pk)
        copy.seed, copy.stages, copy.left_out = plan.seed, plan.stages, plan.left_out
        copy.bindings, copy.revision = plan.bindings, plan.revision
        copy.problem_digest, copy.solution_digest = plan.problem_digest, plan.solution_digest
        copy.save()
        teams = _copy_teams(plan, copy, _copy_areas(plan, copy))
        _copy_visits(plan, teams)
        record_event(
            "plan_copied",
            copy,
            by=by,
            at=at,
            scope_id=copy.mission_id,
            to_state=copy.state,
            reason=str(plan),
            is_private=copy.is_private,
        )
    return copy


def _copy_areas(plan: DeploymentPlan, copy: DeploymentPlan) -> Mapping[int, AreaOfResponsibility]:
    areas = list(AreaOfResponsibility.objects.filter(plan=plan).order_by("pk"))
    made = AreaOfResponsibility.objects.bulk_create([AreaOfResponsibility(plan=copy, name=area.name) for area in areas])
    copies = {area.pk: new for area, new in zip(areas, made, strict=True)}
    through = AreaOfResponsibility.constituencies.through
    pairs = through.objects.filter(areaofresponsibility__plan=plan).order_by("pk")
    through.objects.bulk_create(
        [
            through(areaofresponsibility_id=copies[area].pk, constituency_id=constituency)
            for area, constituency in pairs.values_list("areaofresponsibility", "constituency")
        ],
        batch_size=BATCH,
    )
    return copies


def _copy_teams(
    plan: DeploymentPlan, copy: DeploymentPlan, areas: Mapping[int, AreaOfResponsibility]
) -> Mapping[int, Team]:
    teams = list(Team.objects.filter(plan=plan).order_by("number"))
    made = Team.objects.bulk_create(
        [_again(team, plan=copy, area=areas[team.area_id] if team.area_id else None) for team in teams],
        batch_size=BATCH,
    )
    copies = {team.pk: new for team, new in zip(teams, made, strict=True)}
    members = TeamMember.objects.filter(plan=plan).order_by("pk")
    TeamMember.objects.bulk_create(
        [_again(member, plan=copy, team=copies[member.team_id]) for member in members], batch_size=BATCH
    )
    return copies


def _copy_visits(plan: DeploymentPlan, teams: Mapping[int, Team]) -> None:
    days = list(VisitPlan.objects.filter(team__plan=plan).order_by("pk"))
    made = VisitPlan.objects.bulk_create([_again(day, team=teams[day.team_id]) for day in days], batch_size=BATCH)
    copies = {day.pk: new for day, new in zip(days, made, strict=True)}
    visits = Visit.objects.filter(visit_plan__team__plan=plan).order_by("pk")
    Visit.objects.bulk_create(
        [_again(visit, visit_plan=copies[visit.visit_plan_id]) for visit in visits], batch_size=BATCH
    )


def _again(row: ModelT, **changed: object) -> ModelT:
    """A new row like this one, except for the rows that it hangs on."""
    fields = {
        field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key
    }
    for name in changed:
        fields.pop(f"{name}_id")
    return type(row)(**fields, **changed)
