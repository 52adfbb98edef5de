"""Who reads, asks and grants."""

import pytest
from django.contrib.auth.models import AnonymousUser

from missions.models import Mission, User
from stations.access.models import AccessGrant, EscortRun
from stations.access.permissions import can_grant_access, can_request_access
from tests.staff import in_role

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "reads", "grants"),
    [
        ("registrar", 1, True),
        ("protocol", 1, True),
        ("auditor", 1, False),
        ("planner", 0, False),
        ("reviewer", 0, False),
        ("approver", 0, False),
        ("administrator", 0, False),
    ],
)
def test_of_the_host_only_who_grants_reads_where_missions_go(
    permit: AccessGrant, run: EscortRun, mission: Mission, role: str, reads: int, grants: bool
) -> None:
    user = in_role(role)

    assert AccessGrant.objects.visible_to(user).count() == EscortRun.objects.visible_to(user).count() == reads
    assert can_grant_access(user) is can_request_access(user, mission=mission) is grants


def test_a_mission_reads_and_asks_for_itself_only(
    permit: AccessGrant, run: EscortRun, mission: Mission, lead: User, other_lead: User
) -> None:
    people = (lead, other_lead, AnonymousUser())

    assert [AccessGrant.objects.visible_to(user).count() for user in people] == [1, 0, 0]
    assert [EscortRun.objects.visible_to(user).count() for user in people] == [0, 0, 0]
    assert [can_request_access(user, mission=mission) for user in people] == [True, False, False]
    assert not any(can_grant_access(user) for user in people)
