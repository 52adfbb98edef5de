"""A small world for the tests of the API: two missions with everything that the API shows, and more of it on demand."""

import datetime as dt
import uuid
from dataclasses import dataclass

from rest_framework.test import APIClient

from accreditation.intake.models import NominationImport, StagedRow
from accreditation.intake.payload import dump_payload
from accreditation.models import (
    Accreditation,
    Application,
    Decision,
    Document,
    ExitPollResult,
    Finding,
    Nomination,
    Observer,
    Stay,
)
from accreditation.states import ApplicationState, Category, DocumentKind, Outcome, Role, Severity, Sex
from missions.models import (
    ApiToken,
    Commission,
    Constituency,
    Delegation,
    Election,
    Invitation,
    Membership,
    Mission,
    MissionHead,
    Organization,
    TokenScope,
    User,
)
from missions.reports.figures.models import FigureClaim, FrozenFigures
from missions.reports.models import Report, ReportFile
from missions.reports.recommendations.services.writing import Advice, write_recommendation
from missions.reports.recommendations.states import Addressee
from missions.reports.states import ReportKind, ReportState
from missions.states import (
    CommissionLevel,
    DeploymentMode,
    InvitationState,
    Inviter,
    MembershipRole,
    MissionKind,
    OrganizationKind,
)
from missions.timeline.models import Milestone
from missions.timeline.programme.models import Booking, MeetingRequest, Programme, SharedResource
from missions.timeline.programme.states import ProgrammeState, RequestKind
from stations.deployment.models import AreaOfResponsibility, DeploymentPlan, PlanRun, Team, TeamMember, Visit, VisitPlan
from stations.deployment.states import PlanState, RunState, TeamKind, VisitKind
from stations.models import AccessRequirement, PollingStation
from stations.states import AccessCondition, StationKind
from tests.missions.api.world_papers import add_badge, add_letter
from tests.missions.api.world_presence import add_presence, add_roll_call
from tests.missions.api.world_stations import (
    add_access,
    add_early_look,
    add_further_election,
    add_matrix,
    add_plan_file,
    add_register_version,
    add_sample,
)

AT = dt.datetime(2024, 1, 18, 12, tzinfo=dt.UTC)
#: Stands in every passport of this world and must stand in no answer.
CANARY = "CANARY7391"


@dataclass(frozen=True, slots=True)
class People:
    """Who calls."""

    lead: User
    other_lead: User
    host: User
    inactive: User


@dataclass(frozen=True, slots=True)
class World:
    """One election. `mission` directs itself; `other_mission` shares a pooled plan with `third_mission`."""

    election: Election
    mission: Mission
    other_mission: Mission
    third_mission: Mission
    people: People
    decider: User


def new_token(user: User, scope: TokenScope = TokenScope.READ) -> str:
    """The secret of a new token of the user."""
    _, secret = ApiToken.objects.create(  # type: ignore[no-untyped-call]  # knox is untyped
        user=user, expiry=dt.timedelta(days=1), name=f"test {uuid.uuid4()}", scope=scope
    )
    return str(secret)


def as_user(user: User | None, scope: TokenScope = TokenScope.READ) -> APIClient:
    """A client that signs in with a new token of the user; None is nobody."""
    client = APIClient()
    if user is not None:
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {new_token(user, scope)}")
    return client


def build_world(election: Election, mission: Mission, other_mission: Mission, constituency: Constituency) -> World:
    """Everything once for `mission`, and once for `other_mission`."""
    third = _mission(election, "IPC", DeploymentMode.HOST_COORDINATED)
    people = People(
        lead=_member(mission, "lead@one.example"),
        other_lead=_member(other_mission, "lead@two.example"),
        host=User.objects.create_user("host@ministry.example", is_staff=True),
        inactive=_member(mission, "gone@one.example", is_active=False),
    )
    decider = User.objects.create_user("decider@ministry.example", is_staff=True)
    world = World(election, mission, other_mission, third, people, decider)
    add_station(world, constituency, 1)
    add_register_version(election, 1, at=AT)
    add_figures(election, 1)
    for each in (mission, other_mission):
        MissionHead.objects.create(mission=each, name=f"Head of {each.code}", title="Head of mission")
        Delegation.objects.create(mission=each, name=f"Delegation of {each.code}")
        add_milestone(each, 1)
        add_booking(each, 1)
        add_report(world, each, 1)
        add_invitation(each, Inviter.MFA)
        add_person(world, each, 1)
        add_nomination_file(each, 1)
        add_exit_poll(each, 1)
        add_access(each, 1, at=AT)
    add_person(world, third, 1)
    add_presence(add_plan(world, mission, [mission], constituency, 1), 1, at=AT)
    add_roll_call(election, mission, 1, people=mission, at=AT)
    add_early_look(mission, 1, reader=decider, at=AT)
    add_sample(mission, 1, at=AT)
    add_matrix(mission, constituency, 1, at=AT)
    add_presence(add_plan(world, None, [other_mission, third], constituency, 1), 1, at=AT)
    add_roll_call(election, None, 1, people=other_mission, at=AT)
    return world


def grow(world: World) -> None:
    """Two more of everything that the lead of `mission` sees, so that there are three."""
    constituency = Constituency.objects.get(election=world.election, number=1)
    for n, inviter in ((2, Inviter.PARLIAMENT), (3, Inviter.CEC)):
        add_further_election(n)
        add_constituency(world.election, n)
        add_station(world, constituency, n)
        add_register_version(world.election, n, at=AT)
        add_figures(world.election, n)
        more = _mission(world.election, f"MORE-{n}", DeploymentMode.SELF_DIRECTED)
        MissionHead.objects.create(mission=more, name="Head", title="Head of mission")
        Delegation.objects.create(mission=more, name="Delegation")
        Membership.objects.create(user=world.people.lead, mission=more, role=MembershipRole.LEAD)
        add_milestone(world.mission, n)
        add_booking(world.mission, n)
        add_report(world, world.mission, n)
        add_invitation(world.mission, inviter)
        add_person(world, world.mission, n)
        add_nomination_file(world.mission, n)
        add_exit_poll(world.mission, n)
        add_access(world.mission, n, at=AT)
        add_presence(add_plan(world, world.mission, [world.mission], constituency, n), n, at=AT)
        add_roll_call(world.election, world.mission, n, people=world.mission, at=AT)
        add_early_look(world.mission, n, reader=world.decider, at=AT)
        add_sample(world.mission, n, at=AT)
        add_matrix(world.mission, constituency, n, at=AT)


def add_constituency(election: Election, number: int) -> Constituency:
    commission = Commission.objects.create(
        election=election,
        level=CommissionLevel.CONSTITUENCY,
        parent=Commission.objects.get(election=election, code="CEC"),
        code=f"ConEC-{number}",
        name=f"Constituency Election Commission {number}",
    )
    return Constituency.objects.create(
        election=election, commission=commission, number=number, name=f"No {number}", region="North", languages=["az"]
    )


def add_station(world: World, constituency: Constituency, n: int) -> PollingStation:
    station = PollingStation.objects.create(
        election=world.election,
        code=f"00{n}",
        name=f"Station {n}",
        kind=StationKind.PERMANENT,
        constituency=constituency,
        voters=1000 + n,
        latitude="40.40926",
        longitude="49.86709",
        has_web_camera=n == 1,
        country="AZE",
        time_zone="Asia/Baku",
        opens_at=dt.time(8),
        closes_at=dt.time(19),
    )
    AccessRequirement.objects.create(station=station, condition=AccessCondition.ESCORT, granted_by="Ministry")
    return station


def add_figures(election: Election, n: int) -> None:
    """Published figures, and what somebody else said beside them."""
    FrozenFigures.objects.create(
        election=election,
        as_of=AT - dt.timedelta(hours=n),
        observers=n,
        organizations=1,
        countries=1,
        by_organization={},
        by_country={},
        rule_code="test",
        rule_version=1,
        rule_words="Whoever is in the test.",
        frozen_at=AT,
        published_at=AT,
    )
    FigureClaim.objects.create(
        election=election,
        source=f"Newspaper {n}",
        said_on=AT.date(),
        as_of=AT,
        text="Many",
        observers=100,
        recorded_at=AT,
        published_at=AT,
    )


def add_booking(mission: Mission, n: int) -> Booking:
    """A request of the mission with its place in the released programme."""
    host, _new = SharedResource.objects.get_or_create(
        election=mission.election, code="minister", defaults={"name": "Minister", "kind": "host", "minutes": 20}
    )
    programme, _new = Programme.objects.get_or_create(
        election=mission.election,
        version=1,
        defaults={"state": ProgrammeState.RELEASED, "seconds": 5, "ordered_at": AT, "released_at": AT},
    )
    request = MeetingRequest.objects.create(
        mission=mission,
        kind=RequestKind.MINISTER,
        part=n,
        size=n,
        earliest_at=AT,
        latest_at=AT + dt.timedelta(days=1),
        asked_at=AT,
    )
    starts_at = AT + dt.timedelta(hours=programme.bookings.count())
    ends_at = starts_at + dt.timedelta(minutes=20)
    return Booking.objects.create(
        programme=programme, request=request, resource=host, starts_at=starts_at, ends_at=ends_at
    )


def add_milestone(mission: Mission, n: int) -> Milestone:
    return Milestone.objects.create(
        mission=mission,
        code=f"step-{n}",
        title=f"Step {n}",
        anchor="e_day",
        offset_days=-n,
        local_time=dt.time(9),
        time_zone="Asia/Baku",
        planned_at=AT,
    )


def add_report(world: World, mission: Mission, n: int) -> Report:
    """A registered report with a recommendation, under an embargo that outlives the tests."""
    number = Report.objects.count() + 1
    report = Report.objects.create(
        election=world.election,
        mission=mission,
        kind=ReportKind.INTERIM,
        title=f"Findings {n} of {mission.code}",
        state=ReportState.REGISTERED,
        number=number,
        embargo_until=AT + dt.timedelta(days=21 * 365),
        drafted_at=AT,
        submitted_at=AT,
        registered_at=AT,
        registered_by=world.people.host,
    )
    ReportFile.objects.create(
        report=report, language="en", name_in_storage=f"reports/{number}", size=1, sha256="0" * 64, created_at=AT
    )
    advice = Advice(number=None, texts={"en": f"Recommendation {n}"}, addressee=Addressee.COMMISSION)
    write_recommendation(report=report, advice=advice, by=None, at=AT)
    return report


def add_invitation(mission: Mission, inviter: Inviter) -> Invitation:
    assert mission.organization is not None
    return Invitation.objects.create(
        election=mission.election,
        organization=mission.organization,
        inviter=inviter,
        state=InvitationState.ACCEPTED,
        note_number="N-1",
        note_date=dt.date(2023, 12, 12),
    )


def add_person(world: World, mission: Mission, n: int) -> Nomination:
    """An accredited observer of the mission with papers, an open and a closed finding, and a decision."""
    observer = Observer.objects.create(
        election=world.election,
        surname=f"Surname{n}",
        given_names=mission.code,
        folded_name=f"surname{n} {mission.code.lower()}",
        sex=Sex.FEMALE,
        birth_date=dt.date(1990, 5, 17),
        nationality="LVA",
        passport_issuer="LVA",
        passport_number=f"{CANARY}{n}",
        passport_key=f"{mission.code}-{n}",
        passport_expires_on=dt.date(2031, 1, 1),
        languages=["en"],
    )
    nomination = Nomination.objects.create(
        mission=mission,
        observer=observer,
        role=Role.STO,
        reference=f"row-{n}",
        documents_on=AT.date(),
        created_at=AT,
    )
    Stay.objects.create(nomination=nomination, lodging="Hotel")
    application = Application.objects.create(
        election=world.election,
        observer=observer,
        nomination=nomination,
        category=Category.INTERNATIONAL_OBSERVER,
        state=ApplicationState.ACCREDITED,
        submitted_at=AT,
        reviewed_by=world.people.host,
    )
    Document.objects.create(application=application, kind=DocumentKind.FORM, received_on=AT.date())
    note = {"closed_by": world.decider, "closed_at": AT, "note": "Seen."}
    finding = {"application": application, "severity": Severity.WARN, "found_at": AT}
    Finding.objects.create(**finding, code="long_stay", sentence="Stays long.", evidence={"secret": "evidence"})
    Finding.objects.create(**finding, **note, code="too_old", sentence="Is old.")
    Decision.objects.create(
        application=application,
        outcome=Outcome.ACCREDITED,
        reviewed_by=world.people.host,
        decided_by=world.decider,
        decided_at=AT,
    )
    accreditation = Accreditation.objects.create(
        election=world.election,
        observer=observer,
        application=application,
        category=Category.INTERNATIONAL_OBSERVER,
        number=Accreditation.objects.count() + 1,
        valid_from=AT,
    )
    add_letter(accreditation, by=world.people.host, at=AT)
    add_badge(accreditation, by=world.people.host, at=AT)
    return nomination


def add_exit_poll(mission: Mission, n: int) -> ExitPollResult:
    return ExitPollResult.objects.create(
        mission=mission, title=f"Result {n}", figures={"A. Sample": "61.2"}, received_at=AT
    )


def add_nomination_file(mission: Mission, n: int) -> NominationImport:
    """A file with one row that waits to be taken in."""
    stored = NominationImport.objects.create(
        mission=mission, sha256=f"{n:064d}", file_name=f"{n}.xlsx", state="staged", rows=1, uploaded_at=AT, staged_at=AT
    )
    payload = dump_payload(None, {"surname": f"Waiting{n}"}, [])
    StagedRow.objects.create(nomination_import=stored, number=2, reference="R-9", payload=payload, action="refuse")
    return stored


def add_plan(
    world: World, mission: Mission | None, members: list[Mission], constituency: Constituency, version: int
) -> DeploymentPlan:
    """A plan (the first one released, later ones drafts) with an area, a team of the missions' people and one visit.

    The run that made it stands beside it.
    """
    plan = DeploymentPlan.objects.create(
        election=world.election,
        mission=mission,
        version=version,
        state=PlanState.RELEASED if version == 1 else PlanState.DRAFT,
        made_at=AT,
        released_at=AT if version == 1 else None,
    )
    area = AreaOfResponsibility.objects.create(plan=plan, name="North")
    area.constituencies.add(constituency)
    team = Team.objects.create(plan=plan, number=1, kind=TeamKind.SHORT_TERM, area=area, constituency=constituency)
    for place, each in enumerate(members):
        nomination = Nomination.objects.get(mission=each, reference=f"row-{version}")
        TeamMember.objects.create(
            plan=plan, team=team, observer=nomination.observer, nomination=nomination, is_leader=place == 0
        )
    day = VisitPlan.objects.create(team=team, day=dt.date(2024, 2, 7))
    station = PollingStation.objects.get(election=world.election, code="001")
    for order, kind in ((2, VisitKind.CLOSING_COUNT), (1, VisitKind.OPENING)):
        arrives = AT + dt.timedelta(hours=order)
        Visit.objects.create(
            visit_plan=day,
            order=order,
            station=station,
            kind=kind,
            arrives_at=arrives,
            leaves_at=arrives + dt.timedelta(minutes=30),
        )
    PlanRun.objects.create(
        election=world.election,
        mission=mission,
        state=RunState.DONE,
        seconds=60,
        ordered_at=AT,
        finished_at=AT,
        progress=[{"term": "short_term", "stage": "areas", "done": 1, "of": 1}],
        versions={"numpy": "2"},
        plan=plan,
    )
    add_plan_file(plan, plan.version, at=AT)
    return plan


def _mission(election: Election, code: str, mode: DeploymentMode) -> Mission:
    organization = Organization.objects.create(acronym=code, name=code, kind=OrganizationKind.INGO)
    return Mission.objects.create(
        election=election,
        organization=organization,
        code=code,
        name=f"{code} mission",
        kind=MissionKind.DELEGATION,
        deployment_mode=mode,
    )


def _member(mission: Mission, email: str, *, is_active: bool = True) -> User:
    user = User.objects.create_user(email, is_active=is_active)
    Membership.objects.create(user=user, mission=mission, role=MembershipRole.LEAD)
    return user
