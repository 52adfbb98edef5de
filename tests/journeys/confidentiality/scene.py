"""A self-directed mission's plan with a mark in all that it holds, among others' plans; and how to take it away."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.apps import apps
from django.db.models import Model, Q, QuerySet

from missions.kernel.events import record_event
from missions.kernel.models import Event
from missions.models import Constituency, Election, Membership, Mission, Organization, User
from missions.reminders.models import Message
from missions.reminders.services.planning import plan_reminders
from missions.states import DeploymentMode, MembershipRole, MissionKind, OrganizationKind
from stations.access.models import AccessGrant
from stations.deployment.models import (
    AreaOfResponsibility,
    BreakGlass,
    CrowdingPicture,
    DeploymentPlan,
    DeploymentSettings,
    GroupStrength,
    Interpreter,
    ListedNationality,
    ObserverSlot,
    PlanAcknowledgement,
    PlanChange,
    PlanNotice,
    PlanRun,
    RestrictedArea,
    RuleOverride,
    Team,
    TeamMember,
    Visit,
    VisitPlan,
    VisitShares,
)
from stations.deployment.plan_files.models import PlanFile, PlanFileRow
from stations.deployment.presence.models import PresenceReport, RollCall, RollCallAnswer
from stations.deployment.samples.models import SampledStation, SampleStratum, StationSample
from stations.deployment.samples.states import Place
from stations.deployment.services.copying import copy_plan
from stations.deployment.states import ChangeKind, RunState, VisitKind
from stations.models import PollingStation
from stations.travel.models import TravelMatrix
from tests.config.desk_rows import add_desk_rows
from tests.missions.api.world import AT, World, add_person, add_plan, add_station, build_world
from tests.missions.api.world_stations import add_matrix, add_sample
from tests.reference import add_central_commission, add_election, add_first_constituency

#: Words and numbers of the hidden plan that stand nowhere else.
CANARIES: Mapping[str, str] = MappingProxyType(
    {
        "area": "Canary hills",
        "team": "74319",
        "override": "Canary override",
        "fault": "Canary fault",
        "fault_code": "canary_code",
        "seed": "815264",
        "sample_seed": "canary seed",
        "replaced": "Canary replaced",
        "stratum": "Canary stratum",
        "matrix": "canary-times.csv",
        "restricted": "Canary zone",
        "approver": "Canary colonel",
        "approval": "Canary approval",
        "event": "Canary event",
        "problem": "ca7a97" * 10 + "dead",
        "solution": "ca7a98" * 10 + "beef",
        "objective": "9471835",
        "convoy": "Canary convoy",
        "plan_file": "canary-plan.csv",
        "plan_row": "Canary row",
        "nonce": "canary-nonce",
        "roll_call": "Canary alarm",
        "note": "Canary broken leg",
        "interpreter": "Canary interpreter",
        "group": "Canary group",
    }
)
STAGE = {"term": "short_term", "stage": "teams", "status": "time_limit", "objective": 9_471_835, "bound": 9_500_000}


#: Two days before the vote, when people are written to about their plans.
MOMENT = dt.datetime(2024, 2, 5, 8, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Scene:
    """The world of the API's tests, in which `world.mission` is the one with the secret, and more people who ask."""

    world: World
    second_lead: User
    focal_point: User


def build_scene() -> Scene:
    """Two missions that direct themselves, each with a plan, the pool with its own, and everything that one hides."""
    election = add_election()
    place = add_first_constituency(add_central_commission(election))
    mission = _mission(election, "ODIHR", DeploymentMode.SELF_DIRECTED)
    world = build_world(election, mission, _mission(election, "PABSEC", DeploymentMode.HOST_COORDINATED), place)
    add_desk_rows(world, 1)
    second = _mission(election, "OSCE-PA", DeploymentMode.SELF_DIRECTED)
    add_person(world, second, 1)
    add_plan(world, second, [second], place, 1)
    add_sample(second, 1, at=AT)
    add_matrix(second, place, 1, at=AT)
    DeploymentSettings.objects.create(
        election=election, mission=second, profile="odihr-like", avoids_other_missions=True
    )
    add_station(world, place, 7)
    lead = _member(second, "lead@three.example", MembershipRole.LEAD)
    focal_point = _member(second, "focal@three.example", MembershipRole.FOCAL_POINT)
    _hide(world, place)
    return Scene(world, lead, focal_point)


def _hide(world: World, place: Constituency) -> None:
    plan = DeploymentPlan.objects.get(mission=world.mission)
    _mark_plan(world, plan)
    _mark_teams(world, plan)
    _mark_rules(world)
    _mark_sample(world)
    PresenceReport.objects.filter(team__plan=plan).update(nonce=CANARIES["nonce"])
    RollCall.objects.filter(mission=world.mission).update(reason=CANARIES["roll_call"])
    RollCallAnswer.objects.filter(asked__roll_call__mission=world.mission).update(note=CANARIES["note"])
    TravelMatrix.objects.filter(mission=world.mission).update(file_name=CANARIES["matrix"])
    PlanFile.objects.filter(mission=world.mission).update(file_name=CANARIES["plan_file"])
    PlanFileRow.objects.filter(plan_file__mission=world.mission).update(cells={"area": CANARIES["plan_row"]})
    grant = AccessGrant.objects.get(mission=world.mission)
    AccessGrant.objects.filter(pk=grant.pk).update(granted_by=CANARIES["convoy"])
    copy = copy_plan(plan=plan, by=world.people.lead, at=AT)
    PlanChange.objects.create(
        plan=copy,
        number=1,
        kind=ChangeKind.RENAME_AREA,
        facts={"area": CANARIES["area"]},
        inverse={},
        made_at=AT,
        made_by=world.people.lead,
    )
    # Of a station that was closed after the release its lead is told, whether anybody goes there or not.
    closed = add_station(world, place, 8)
    PollingStation.objects.filter(pk=closed.pk).update(closed_at=MOMENT, closed_reason="Flooded")
    plan_reminders(at=MOMENT)


def _mark_plan(world: World, plan: DeploymentPlan) -> None:
    mission, lead = world.mission, world.people.lead
    stages = [{**STAGE, "gap": 0.003, "seconds": 1.5}]
    facts = {
        "seed": int(CANARIES["seed"]),
        "problem_digest": CANARIES["problem"],
        "solution_digest": CANARIES["solution"],
        "stages": stages,
    }
    DeploymentPlan.objects.filter(pk=plan.pk).update(**facts)
    PlanRun.objects.filter(plan=plan).update(**facts)
    PlanRun.objects.create(
        election=world.election,
        mission=mission,
        state=RunState.FAILED,
        seconds=60,
        ordered_at=AT,
        finished_at=AT,
        fault_code=CANARIES["fault_code"],
        fault=CANARIES["fault"],
    )
    PlanNotice.objects.create(plan=plan, mission=mission, is_changed=True)
    PlanAcknowledgement.objects.create(plan=plan, mission=mission, acknowledged_at=AT, acknowledged_by=lead)
    record_event("plan_released", plan, by=lead, at=AT, scope_id=mission.pk, reason=CANARIES["event"], is_private=True)
    plan.refresh_from_db()


def _mark_teams(world: World, plan: DeploymentPlan) -> None:
    AreaOfResponsibility.objects.filter(plan=plan).update(name=CANARIES["area"])
    team = Team.objects.get(plan=plan)
    Team.objects.filter(pk=team.pk).update(number=int(CANARIES["team"]))
    RuleOverride.objects.create(
        plan=plan,
        rule="R02",
        code="r02-same-nationality",
        team=team,
        fingerprint="0" * 64,
        reason=CANARIES["override"],
        overridden_at=AT,
        overridden_by=world.people.lead,
    )
    partner = add_person(world, world.mission, 2)
    TeamMember.objects.create(plan=plan, team=team, observer=partner.observer, nomination=partner)
    for member in team.members.all():
        ObserverSlot.objects.create(observer=member.observer, day=world.election.e_day, half="am", team=team)
    arrives = AT + dt.timedelta(hours=9)
    Visit.objects.create(
        visit_plan=VisitPlan.objects.get(team=team),
        order=3,
        station=PollingStation.objects.get(election=world.election, code="007"),
        kind=VisitKind.VOTING,
        arrives_at=arrives,
        leaves_at=arrives + dt.timedelta(minutes=30),
    )


def _mark_rules(world: World) -> None:
    rules = DeploymentSettings.objects.create(election=world.election, mission=world.mission, profile="odihr-like")
    ListedNationality.objects.create(settings=rules, nationality="LVA")
    Interpreter.objects.create(settings=rules, name=CANARIES["interpreter"], languages=["az"])
    GroupStrength.objects.create(settings=rules, name=CANARIES["group"], strength=31)
    RestrictedArea.objects.create(
        settings=rules,
        name=CANARIES["restricted"],
        level="approval",
        approver=CANARIES["approver"],
        approval_note=CANARIES["approval"],
        approved_at=AT,
        approved_by=world.people.lead,
    )

    VisitShares.objects.create(
        election=world.election, mission=world.mission, rural=101, urban=102, camera=103, newly_covered=104
    )
    CrowdingPicture.objects.create(mission=world.mission, taken_at=AT, bands={"1": "many"}, plans={"74319": 815264})


def _mark_sample(world: World) -> None:
    sample = StationSample.objects.get(mission=world.mission)
    StationSample.objects.filter(pk=sample.pk).update(seed=CANARIES["sample_seed"])
    SampleStratum.objects.filter(sample=sample).update(values=[CANARIES["stratum"]])
    drawn = SampledStation.objects.get(sample=sample)
    SampledStation.objects.filter(pk=drawn.pk).update(place=Place.REPLACED, replaced_at=AT, reason=CANARIES["replaced"])
    spare = PollingStation.objects.get(election=world.election, code="007")
    SampledStation.objects.create(
        sample=sample, stratum=drawn.stratum, station=spare, rank=2, place=Place.DRAWN, stands_for=drawn
    )


def take_away(world: World) -> None:
    """Everything that the mission hides, as if it had never been; its people and their accreditations stay."""
    own = Q(mission=world.mission)
    plans = list(DeploymentPlan.objects.filter(own).values_list("pk", flat=True))
    Message.objects.filter(subject_type=DeploymentPlan._meta.label_lower, subject_id__in=plans).delete()
    Message.objects.filter(own, is_private=True).delete()
    QuerySet(Event).filter(is_private=True, scope_id=world.mission.pk).delete()
    SampledStation.objects.filter(sample__mission=world.mission).exclude(stands_for=None).delete()
    PresenceReport.objects.filter(team__plan__mission=world.mission).delete()
    for model in (PlanFile, PlanRun, StationSample, TravelMatrix, DeploymentSettings, AccessGrant, RollCall):
        model._default_manager.filter(own).delete()
    Team.objects.filter(plan__mission=world.mission).delete()
    BreakGlass.objects.filter(plan__mission=world.mission).delete()
    CrowdingPicture.objects.filter(own).delete()
    VisitShares.objects.filter(own).delete()
    DeploymentPlan.objects.filter(own).exclude(made_from=None).delete()
    DeploymentPlan.objects.filter(own).delete()


def keys_of_all() -> dict[type[Model], set[object]]:
    """The keys of all rows, by model."""
    return {model: set(model._default_manager.values_list("pk", flat=True)) for model in apps.get_models()}


def _mission(election: Election, code: str, mode: DeploymentMode) -> Mission:
    organization = Organization.objects.create(acronym=code, name=code, kind=OrganizationKind.IGO)
    return Mission.objects.create(
        election=election,
        organization=organization,
        code=code,
        name=f"{code} mission",
        kind=MissionKind.DELEGATION,
        deployment_mode=mode,
        template_code="odihr-type",
    )


def _member(mission: Mission, email: str, role: MembershipRole) -> User:
    user = User.objects.create_user(email)
    Membership.objects.create(user=user, mission=mission, role=role)
    return user
