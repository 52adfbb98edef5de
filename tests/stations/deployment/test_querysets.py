"""Who reads a plan and its parts (rule R30), over every owner, state and degree of sharing.

One released or draft plan with data that could leak, and for each reader the exact rows that must come back.
"""

from dataclasses import dataclass
from itertools import product

import pytest
from django.contrib.auth.models import AnonymousUser

from missions.models import Election, Membership, Mission, User
from missions.states import DeploymentMode, MembershipRole, PlanSharing
from stations.deployment.models import AreaOfResponsibility, DeploymentPlan, Team, Visit, VisitPlan
from stations.deployment.states import PlanState
from stations.models import PollingStation
from tests.conftest import staff
from tests.stations.deployment.builders import area, deployed, plan, pool_mission, team

pytestmark = pytest.mark.django_db

READERS = ("host", "planner", "auditor", "own_lead", "focal_point", "other_lead", "anonymous", "inactive_lead")
HOSTS = ("host", "planner", "auditor")
#: The plan with its two teams (first: own people), an area each, a day each, and three visits a day.
NOTHING, OWN_PART, AREAS_ONLY, ALL = (0, 0, 0, 0, 0), (1, 1, 1, 1, 3), (0, 2, 0, 0, 0), (1, 2, 2, 2, 6)


@dataclass(frozen=True)
class Scene:
    """A plan in one situation, and everybody who looks at it."""

    plan: DeploymentPlan
    readers: dict[str, User | AnonymousUser]


def _user(email: str, mission: Mission, role: MembershipRole, *, active: bool = True) -> User:
    user = User.objects.create_user(email, "a long enough password", is_active=active)
    Membership.objects.create(user=user, mission=mission, role=role)
    return user


def _scene(election: Election, register: list[PollingStation], owner: Mission | None, state: PlanState) -> Scene:
    """A plan whose first team is of `own`, whose second is of the pool's third mission; `other` is in neither."""
    own = owner or pool_mission(election, "OWN")
    third = owner or pool_mission(election, "THIRD")
    other = pool_mission(election, "OTHER")
    made = plan(election, owner, state=state)
    for number, (mission, stations) in enumerate([(own, register[:3]), (third, register[5:8])], start=1):
        people = [deployed(mission, "FRA"), deployed(mission, "DEU")]
        team(made, number, people, stations, within=area(made, f"Area {number}"))
    readers: dict[str, User | AnonymousUser] = {
        "host": staff("host@ministry.example"),
        "planner": staff("planner@ministry.example", "deployment.make_plan", "deployment.release_plan"),
        "auditor": staff("auditor@ministry.example", "deployment.view_deploymentplan"),
        "own_lead": _user("lead@own.example", own, MembershipRole.LEAD),
        "focal_point": _user("focal@own.example", own, MembershipRole.FOCAL_POINT),
        "other_lead": _user("lead@other.example", other, MembershipRole.LEAD),
        "anonymous": AnonymousUser(),
        "inactive_lead": _user("gone@own.example", own, MembershipRole.LEAD, active=False),
    }
    return Scene(made, readers)


def _seen(reader: User | AnonymousUser) -> tuple[int, ...]:
    return tuple(
        model.objects.visible_to(reader).count()
        for model in (DeploymentPlan, AreaOfResponsibility, Team, VisitPlan, Visit)
    )


def _all_seen(scene: Scene) -> dict[str, tuple[int, ...]]:
    return {name: _seen(reader) for name, reader in scene.readers.items()}


@pytest.mark.parametrize(("state", "sharing"), list(product(PlanState, PlanSharing)))
def test_a_self_directed_plan_is_its_own_and_the_host_sees_what_is_shared(
    election: Election, mission: Mission, register: list[PollingStation], state: PlanState, sharing: PlanSharing
) -> None:
    mission.plan_sharing = sharing
    mission.save()
    scene = _scene(election, register, mission, state)
    shown = {PlanSharing.COUNTS: NOTHING, PlanSharing.AREAS: AREAS_ONLY, PlanSharing.FULL: ALL}[sharing]
    for_host = shown if state in (PlanState.RELEASED, PlanState.SUPERSEDED) else NOTHING

    assert _all_seen(scene) == {
        **dict.fromkeys(HOSTS, for_host),
        "own_lead": ALL,
        "focal_point": ALL,
        "other_lead": NOTHING,
        "anonymous": NOTHING,
        "inactive_lead": NOTHING,
    }


@pytest.mark.parametrize(("state", "sharing"), list(product(PlanState, PlanSharing)))
def test_a_host_coordinated_plan_is_open_to_the_host(
    election: Election, register: list[PollingStation], state: PlanState, sharing: PlanSharing
) -> None:
    owner = pool_mission(election, "HOSTED")
    owner.plan_sharing = sharing
    owner.save()
    scene = _scene(election, register, owner, state)

    assert _all_seen(scene) == {
        **dict.fromkeys(HOSTS, ALL),
        "own_lead": ALL,
        "focal_point": ALL,
        "other_lead": NOTHING,
        "anonymous": NOTHING,
        "inactive_lead": NOTHING,
    }


@pytest.mark.parametrize("state", PlanState)
def test_of_the_pool_a_lead_sees_the_released_teams_with_own_people(
    election: Election, register: list[PollingStation], state: PlanState
) -> None:
    scene = _scene(election, register, None, state)
    own = OWN_PART if state in (PlanState.RELEASED, PlanState.SUPERSEDED) else NOTHING

    assert _all_seen(scene) == {
        **dict.fromkeys(HOSTS, ALL),
        "own_lead": own,
        "focal_point": own,
        "other_lead": NOTHING,
        "anonymous": NOTHING,
        "inactive_lead": NOTHING,
    }


def test_the_own_part_of_the_pool_is_the_own_team(election: Election, register: list[PollingStation]) -> None:
    scene = _scene(election, register, None, PlanState.RELEASED)
    lead = scene.readers["own_lead"]

    assert list(Team.objects.visible_to(lead).values_list("number", flat=True)) == [1]
    assert list(AreaOfResponsibility.objects.visible_to(lead).values_list("name", flat=True)) == ["Area 1"]
    assert sorted(Visit.objects.visible_to(lead).values_list("station", flat=True)) == [s.pk for s in register[:3]]


def test_a_person_of_the_ministry_who_also_leads_a_mission_is_still_the_host(
    election: Election, mission: Mission, register: list[PollingStation]
) -> None:
    _scene(election, register, mission, PlanState.RELEASED)
    double = staff("double@ministry.example")
    Membership.objects.create(user=double, mission=mission, role=MembershipRole.LEAD)

    assert _seen(double) == NOTHING


def test_a_superuser_of_the_ministry_sees_no_more_than_the_host(
    election: Election, mission: Mission, register: list[PollingStation]
) -> None:
    _scene(election, register, mission, PlanState.RELEASED)
    root = User.objects.create_superuser("root@ministry.example", "a long enough password")

    assert _seen(root) == NOTHING


def test_the_plan_of_one_self_directed_mission_is_closed_to_another(
    election: Election, mission: Mission, register: list[PollingStation]
) -> None:
    _scene(election, register, mission, PlanState.RELEASED)
    second = pool_mission(election, "SECOND", DeploymentMode.SELF_DIRECTED)

    assert _seen(_user("lead@second.example", second, MembershipRole.LEAD)) == NOTHING
