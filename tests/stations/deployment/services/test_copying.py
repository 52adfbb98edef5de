"""A copy is the whole plan again, as the owner's next draft."""

import datetime as dt

import pytest

from missions.kernel.models import Event
from missions.models import Election, Mission, User
from stations.deployment.models import AreaOfResponsibility, DeploymentPlan, Team, TeamMember, Visit
from stations.deployment.services.copying import copy_plan
from stations.deployment.states import PlanState
from stations.deployment.versions import compare, earlier_version
from stations.models import PollingStation
from tests.stations.deployment.builders import area, deployed, plan, team

pytestmark = pytest.mark.django_db


def _content(of: DeploymentPlan) -> list[list[tuple[object, ...]]]:
    return [
        list(
            AreaOfResponsibility.objects.filter(plan=of)
            .order_by("name", "constituencies")
            .values_list("name", "constituencies")
        ),
        list(
            Team.objects.filter(plan=of)
            .order_by("number")
            .values_list(
                "number", "key", "kind", "area__name", "constituency", "country", "is_pair_pinned", "is_place_pinned"
            )
        ),
        list(
            TeamMember.objects.filter(plan=of)
            .order_by("pk")
            .values_list("team__number", "observer", "nomination", "is_leader")
        ),
        list(
            Visit.objects.filter(visit_plan__team__plan=of)
            .order_by("pk")
            .values_list(
                "visit_plan__team__number",
                "visit_plan__day",
                "order",
                "station",
                "kind",
                "arrives_at",
                "leaves_at",
                "is_pinned",
            )
        ),
    ]


@pytest.mark.parametrize("state", PlanState)
def test_a_copy_has_every_part_with_keys_numbers_and_pins(
    election: Election, mission: Mission, lead: User, register: list[PollingStation], at: dt.datetime, state: PlanState
) -> None:
    first = plan(election, mission, state=state)
    north = area(first, "North", register[0].constituency, register[5].constituency)  # type: ignore[arg-type]
    one = team(first, 4, [deployed(mission, "FRA"), deployed(mission, "DEU")], register[:3], within=north)
    team(first, 9, [deployed(mission, "ITA"), deployed(mission, "ESP")], register[5:8])
    Team.objects.filter(pk=one.pk).update(is_pair_pinned=True, is_place_pinned=True)
    Visit.objects.filter(visit_plan__team=one, order=2).update(is_pinned=True)

    copy = copy_plan(plan=first, by=lead, at=at)

    assert (copy.version, copy.state, copy.made_from, copy.released_at) == (2, PlanState.DRAFT, first, None)
    assert _content(copy) == _content(first)
    assert compare(copy, first, reader=lead).changes == ()
    assert earlier_version(copy) == first
    event = Event.objects.of(copy).get()
    assert (event.verb, event.reason, event.actor, event.is_private) == ("plan_copied", str(first), lead, True)
