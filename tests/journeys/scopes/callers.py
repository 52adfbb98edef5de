"""Who asks: each role of the ministry, the people of a mission, a device at a door, and those whom nobody knows."""

import datetime as dt
from dataclasses import dataclass

from django.test import Client
from rest_framework.test import APIClient

from config.roles import ROLES
from missions.models import ApiToken, Membership, Mission, TokenScope, User
from missions.services.tokens import issue_token, revoke_token
from missions.states import MembershipRole
from missions.timeline.feeds.services.addresses import make_address
from tests.accreditation.badges.doors import device_with_token
from tests.journeys.confidentiality.scene import MOMENT, Scene
from tests.missions.api.world import as_user
from tests.staff import browser_of, in_role

HOSTS = [role.name for role in ROLES]
#: Who acts for a mission, and has rows of their own and rows that are others'.
MISSIONS = ["lead", "focal point", "pool lead"]
#: Whom every address of the API turns away alike.
UNKNOWN = ["nobody", "expired", "revoked", "inactive"]


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody with a browser and a program; `mission` is the one that they act for."""

    name: str
    browser: Client
    program: APIClient
    user: User | None = None
    mission: Mission | None = None


def callers_of(scene: Scene) -> dict[str, Caller]:
    """Everybody. The lead with a token that only reads is "reader"; "stranger" has an account and nothing else."""
    world = scene.world
    people = world.people
    focal = User.objects.create_user("focal@one.example")
    Membership.objects.create(user=focal, mission=world.mission, role=MembershipRole.FOCAL_POINT)
    known = [_known(name, in_role(name)) for name in HOSTS]
    known += [
        _known("lead", people.lead, world.mission),
        _known("focal point", focal, world.mission),
        _known("pool lead", people.other_lead, world.other_mission),
        _known("stranger", User.objects.create_user("stranger@nowhere.example")),
    ]
    reader = Caller("reader", Client(), as_user(people.lead, TokenScope.READ), people.lead, world.mission)
    _device, token = device_with_token(world.election, "00012", people.host)
    unknown = [
        Caller("device", Client(), _with_token(token)),
        Caller("nobody", Client(), APIClient()),
        Caller("expired", Client(), _with_token(_token_of(people.lead, is_expired=True))),
        Caller("revoked", Client(), _with_token(_token_of(people.lead, is_revoked=True))),
        Caller("inactive", Client(), as_user(people.inactive, TokenScope.WRITE)),
    ]
    everybody = {caller.name: caller for caller in (*known, reader, *unknown)}
    for caller in everybody.values():
        caller.browser.raise_request_exception = caller.program.raise_request_exception = False
    return everybody


def _known(name: str, user: User, mission: Mission | None = None) -> Caller:
    make_address(user=user, mission=None, name="Telephone", at=MOMENT)
    return Caller(name, browser_of(user), as_user(user, TokenScope.WRITE), user, mission)


def _with_token(secret: str) -> APIClient:
    program = APIClient()
    program.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return program


def _token_of(user: User, *, is_expired: bool = False, is_revoked: bool = False) -> str:
    issued = issue_token(
        user=user,
        name=f"old {user.auth_token_set.count()}",
        scope=TokenScope.WRITE,
        lifetime=dt.timedelta(days=1),
        by=None,
        at=MOMENT,
    )
    if is_expired:
        ApiToken.objects.filter(pk=issued.token.pk).update(expiry=dt.datetime(2024, 1, 1, tzinfo=dt.UTC))
    if is_revoked:
        revoke_token(token=issued.token, by=None, at=MOMENT)
    return issued.secret
