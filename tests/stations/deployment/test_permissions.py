"""Who may make, release and discard plans."""

import pytest

from missions.models import Election, Membership, Mission, User
from missions.states import MembershipRole
from stations.deployment.permissions import can_discard_plan, can_make_plan, can_release_plan
from tests.conftest import staff
from tests.stations.deployment.builders import plan

pytestmark = pytest.mark.django_db

MAKE, RELEASE = "deployment.make_plan", "deployment.release_plan"


def _rights(user: User, election: Election, mission: Mission | None) -> tuple[bool, bool, bool]:
    made = plan(election, mission)
    return (
        can_make_plan(user, mission=mission),
        can_release_plan(user, plan=made),
        can_discard_plan(user, plan=made),
    )


@pytest.mark.parametrize(
    ("permissions", "rights"),
    [
        ((), (False, False, False)),
        ((MAKE,), (True, False, True)),
        ((RELEASE,), (False, True, False)),
        ((MAKE, RELEASE), (True, True, True)),
    ],
)
@pytest.mark.parametrize("pooled", [True, False], ids=["pool", "host-coordinated"])
def test_staff_need_the_permission(
    election: Election,
    other_mission: Mission,
    permissions: tuple[str, ...],
    rights: tuple[bool, bool, bool],
    pooled: bool,
) -> None:
    user = staff("planner@ministry.example", *permissions)

    assert _rights(user, election, None if pooled else other_mission) == rights


def test_a_self_directed_mission_is_planned_by_its_lead_only(
    election: Election, mission: Mission, lead: User, other_lead: User
) -> None:
    focal = User.objects.create_user("focal@odihr.example", "a long enough password")
    Membership.objects.create(user=focal, mission=mission, role=MembershipRole.FOCAL_POINT)
    planner = staff("planner@ministry.example", MAKE, RELEASE)
    root = User.objects.create_superuser("root@ministry.example", "a long enough password")
    gone = User.objects.create_user("gone@odihr.example", "a long enough password", is_active=False)
    Membership.objects.create(user=gone, mission=mission, role=MembershipRole.LEAD)
    Membership.objects.create(user=planner, mission=mission, role=MembershipRole.LEAD)
    made = plan(election, mission)

    able = {
        user.email
        for user in (lead, other_lead, focal, planner, root, gone)
        if can_make_plan(user, mission=mission)
        or can_release_plan(user, plan=made)
        or can_discard_plan(user, plan=made)
    }

    assert able == {lead.email}


def test_a_lead_plans_neither_the_pool_nor_the_own_pooled_delegation(
    election: Election, other_mission: Mission, other_lead: User
) -> None:
    assert not can_make_plan(other_lead, mission=None)
    assert not can_make_plan(other_lead, mission=other_mission)
