"""A mission's sample is for its people; the pool's for planners and auditors; the host never reads another one."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser

from missions.models import Election, Mission, User
from missions.states import PlanSharing
from stations.deployment.samples.models import SampledStation, StationSample
from stations.deployment.samples.permissions import can_draw_sample
from stations.deployment.samples.services.draws import draw_sample
from tests.conftest import staff
from tests.staff import in_role
from tests.stations.deployment.samples.conftest import WISH

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]


@pytest.fixture
def samples(mission: Mission, election: Election, at: dt.datetime) -> dict[str, StationSample]:
    """One of a mission that shares all its plans, and one of the pool."""
    mission.plan_sharing = PlanSharing.FULL
    mission.save()
    return {
        "mission": draw_sample(election=election, mission=mission, wish=WISH, by=None, at=at),
        "pool": draw_sample(election=election, mission=None, wish=WISH, by=None, at=at),
    }


def seen_by(user: User | AnonymousUser) -> list[str]:
    seen = StationSample.objects.visible_to(user).order_by("pk")
    stations = SampledStation.objects.visible_to(user)
    assert set(stations.values_list("sample", flat=True)) == {sample.pk for sample in seen}
    return [sample.mission.code if sample.mission else "pool" for sample in seen]


def test_each_reads_what_is_theirs(samples: dict[str, StationSample], lead: User, other_lead: User) -> None:
    inactive = User.objects.create_user("gone@ministry.example", is_staff=True, is_active=False)
    readers = [lead, other_lead, in_role("planner"), in_role("auditor"), in_role("registrar"), inactive]

    assert [seen_by(user) for user in readers] == [["ODIHR"], [], ["pool"], ["pool"], [], []]
    assert seen_by(AnonymousUser()) == []


def test_leads_draw_for_their_mission_and_planners_for_the_pool(
    mission: Mission, lead: User, other_lead: User, planner: User
) -> None:
    looker = staff("looker@ministry.example", "samples.view_stationsample")
    people = (lead, other_lead, planner, looker, AnonymousUser())

    assert [can_draw_sample(user, mission=mission) for user in people] == [True, False, False, False, False]
    assert [can_draw_sample(user, mission=None) for user in people] == [False, False, True, False, False]
