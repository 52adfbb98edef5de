"""That a plan is released, and nothing of what it says."""

import datetime as dt

import pytest
from pytest_django import DjangoAssertNumQueries

from stations.deployment.models import DeploymentPlan
from stations.deployment.progress_sources import plans_progress
from tests.missions.api.world import AT, World

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def world(standing_world: World) -> World:
    """`mission` has a released plan of its own, the two others one of the pool."""
    return standing_world


def test_a_released_plan_counts_for_each_mission_with_people_in_it(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    missions = [world.mission.pk, world.other_mission.pk, world.third_mission.pk]

    with django_assert_num_queries(2):
        found = list(plans_progress.facts_of(missions, at=AT))

    assert sorted((fact.mission_id, fact.code.value, fact.happened_at) for fact in found) == [
        (pk, "plan_released", AT) for pk in sorted(missions)
    ]
    assert {str(fact.words) for fact in found} == {"a deployment plan is released"}
    assert list(plans_progress.facts_of(missions, at=AT - HOUR)) == []


def test_a_draft_is_nothing_and_the_first_release_stays_the_first(world: World) -> None:
    DeploymentPlan.objects.create(
        election=world.election, mission=world.mission, version=2, state="superseded", made_at=AT, released_at=AT - HOUR
    )
    (first,) = plans_progress.facts_of([world.mission.pk], at=AT)
    assert first.happened_at == AT - HOUR

    DeploymentPlan.objects.filter(mission=world.mission).update(state="draft", released_at=None)
    assert list(plans_progress.facts_of([world.mission.pk], at=AT)) == []
