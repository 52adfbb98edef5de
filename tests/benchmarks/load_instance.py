"""An election with forty missions at work: leads with tokens and sessions, people without photos, and teams."""

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.test import Client

from accreditation.models import Application, Nomination, Observer
from accreditation.states import ApplicationState, Category, Role, Sex
from missions.kernel import clock
from missions.models import (
    ApiToken,
    Constituency,
    Election,
    Membership,
    Mission,
    Organization,
    TokenScope,
    User,
)
from missions.states import DeploymentMode, MembershipRole, MissionKind, OrganizationKind
from stations.deployment.models import AreaOfResponsibility, DeploymentPlan, Team
from stations.deployment.states import PlanState, TeamKind
from stations.models import PollingStation
from tests.reference import add_central_commission, add_first_constituency, home_station

MISSIONS = 40
TEAMS_EACH = 10
#: The stations that each team goes to.
STATIONS = 10
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Sender:
    """A mission, and how its lead comes in."""

    mission: Mission
    token: str
    session: str
    teams: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class World:
    """What the crowd works on."""

    election: Election
    senders: tuple[Sender, ...]
    stations: tuple[int, ...]
    desk_session: str
    #: Of applications that wait for a photo, each with the mission that has to send it.
    without_photo: tuple[tuple[int, Sender], ...]


def make_world(*, without_photo: int) -> World:
    """Everything, with so many applications that wait for their photo."""
    now = clock.now()
    election = _election(now.date())
    constituency = add_first_constituency(add_central_commission(election))
    stations = PollingStation.objects.bulk_create(
        home_station(constituency, code=f"{n:03d}", latitude=f"{40 + n / 100:.5f}") for n in range(STATIONS)
    )
    senders = tuple(_sender(constituency, number, at=now) for number in range(MISSIONS))
    desk = User.objects.create_superuser("desk@ministry.example")
    waiting = _applications(senders, without_photo, at=now)
    return World(election, senders, tuple(row.pk for row in stations), _session(desk), waiting)


def surname(number: int) -> str:
    """As many different ones as there are numbers."""
    text = ""
    while number or not text:
        number, digit = divmod(number, 26)
        text = _LETTERS[digit] + text
    return f"Meyer{text.rjust(5, 'a')}"


def birth_date(number: int) -> dt.date:
    return dt.date(1950, 1, 1) + dt.timedelta(days=random.Random(number).randrange(18_000))


def _election(today: dt.date) -> Election:
    """Two months ahead: missions are still sending their people."""
    return Election.objects.create(
        code="load",
        name="Load",
        host_country="AZE",
        e_day=today + dt.timedelta(days=60),
        called_on=today - dt.timedelta(days=30),
        time_zone="Asia/Baku",
        opens_at=dt.time(8),
        closes_at=dt.time(19),
        profile_code="az-2024",
    )


def _sender(constituency: Constituency, number: int, *, at: dt.datetime) -> Sender:
    election = constituency.election
    organization = Organization.objects.create(
        acronym=f"ORG{number}", name=f"Organization {number}", kind=OrganizationKind.IGO
    )
    mission = Mission.objects.create(
        election=election,
        organization=organization,
        code=f"M{number}",
        name=f"Mission {number}",
        kind=MissionKind.EOM,
        deployment_mode=DeploymentMode.SELF_DIRECTED,
        template_code="odihr-type",
    )
    lead = User.objects.create_user(f"lead{number}@org{number}.example")
    Membership.objects.create(user=lead, mission=mission, role=MembershipRole.LEAD)
    _token, secret = ApiToken.objects.create(  # type: ignore[no-untyped-call]  # knox is untyped
        user=lead, expiry=dt.timedelta(days=2), name="load", scope=TokenScope.WRITE
    )
    return Sender(mission, str(secret), _session(lead), _teams(mission, constituency, at=at))


def _teams(mission: Mission, constituency: Constituency, *, at: dt.datetime) -> tuple[int, ...]:
    plan = DeploymentPlan.objects.create(
        election=mission.election, mission=mission, version=1, state=PlanState.RELEASED, made_at=at, released_at=at
    )
    area = AreaOfResponsibility.objects.create(plan=plan, name="North")
    area.constituencies.add(constituency)
    teams = [
        Team(plan=plan, number=number, kind=TeamKind.SHORT_TERM, area=area, constituency=constituency)
        for number in range(1, TEAMS_EACH + 1)
    ]
    return tuple(team.pk for team in Team.objects.bulk_create(teams))


def _session(user: User) -> str:
    """As after signing in; the cookie."""
    browser = Client()
    browser.force_login(user)
    return f"{settings.SESSION_COOKIE_NAME}={browser.cookies[settings.SESSION_COOKIE_NAME].value}"


def _applications(senders: Sequence[Sender], count: int, *, at: dt.datetime) -> tuple[tuple[int, Sender], ...]:
    owners = [senders[number % len(senders)] for number in range(count)]
    # Their numbers are far above those that the crowd nominates.
    people = Observer.objects.bulk_create(_person(owner.mission, 5_000_000 + n) for n, owner in enumerate(owners))
    nominations = Nomination.objects.bulk_create(
        Nomination(
            mission=owner.mission,
            observer=person,
            role=Role.STO,
            reference=f"photo-{number}",
            documents_on=at.date(),
            created_at=at,
        )
        for number, (owner, person) in enumerate(zip(owners, people, strict=True))
    )
    applications = Application.objects.bulk_create(
        Application(
            election=row.mission.election,
            observer=row.observer,
            nomination=row,
            category=Category.INTERNATIONAL_OBSERVER,
            state=ApplicationState.DRAFT,
        )
        for row in nominations
    )
    return tuple((row.pk, owner) for row, owner in zip(applications, owners, strict=True))


def _person(mission: Mission, number: int) -> Observer:
    name = surname(number)
    return Observer(
        election=mission.election,
        surname=name,
        given_names="Anna",
        folded_name=f"{name.lower()} anna",
        sex=Sex.FEMALE,
        birth_date=birth_date(number),
        nationality="LVA",
        passport_issuer="LVA",
        passport_number=f"P{number}",
        passport_key=f"{number}",
        passport_expires_on=dt.date(2035, 1, 1),
        languages=["en"],
    )
