"""What the desk and the badge desk say of the steps of missions."""

import datetime as dt

import pytest
from pytest_django import DjangoAssertNumQueries

from accreditation.badges.models import Badge
from accreditation.badges.progress_sources import badges_progress
from accreditation.badges.states import BadgeState
from accreditation.models import Application, Nomination, Stay
from accreditation.progress_sources import applications_progress, stays_progress
from accreditation.states import ApplicationState, Role
from missions.models import Mission
from missions.timeline.progress import ProgressSource
from tests.missions.api.world import AT, World, add_person

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def world(standing_world: World) -> World:
    """Each mission has one accredited person with a badge; here `mission` has a second one."""
    add_person(standing_world, standing_world.mission, 2)
    return standing_world


def _facts(source: ProgressSource, world: World, at: dt.datetime = AT) -> dict[str, dt.datetime]:
    """What is said of `mission` alone."""
    return {fact.code: fact.happened_at for fact in source.facts_of([world.mission.pk], at=at)}


def _second(world: World) -> Nomination:
    return Nomination.objects.get(mission=world.mission, reference="row-2")


def test_applications_are_handed_in_and_decided_when_none_waits(world: World) -> None:
    Application.objects.filter(nomination=_second(world)).update(submitted_at=AT - HOUR)

    assert _facts(applications_progress, world) == {"applications_handed_in": AT, "applications_decided": AT}
    assert _facts(applications_progress, world, AT - HOUR) == {}


@pytest.mark.parametrize(
    ("state", "facts"),
    [
        (ApplicationState.DRAFT, set()),
        (ApplicationState.SUBMITTED, {"applications_handed_in"}),
        (ApplicationState.RECOMMENDED, {"applications_handed_in"}),
        (ApplicationState.REFUSED, {"applications_handed_in", "applications_decided"}),
        (ApplicationState.WITHDRAWN, {"applications_handed_in", "applications_decided"}),
    ],
)
def test_one_application_that_waits_is_enough(world: World, state: ApplicationState, facts: set[str]) -> None:
    closed_at = AT if state == ApplicationState.WITHDRAWN else None
    Application.objects.filter(nomination=_second(world)).update(state=state, closed_at=closed_at)

    assert set(_facts(applications_progress, world)) == facts


def test_the_first_arrival_counts_by_role_and_the_last_departure(world: World) -> None:
    stays = Stay.objects.filter(nomination__mission=world.mission)
    first, second = stays.order_by("pk")
    Nomination.objects.filter(pk=second.nomination_id).update(role=Role.LTO)
    assert _facts(stays_progress, world) == {}

    stays.filter(pk=first.pk).update(arrived_at=AT, briefed_at=AT + HOUR)
    stays.filter(pk=second.pk).update(arrived_at=AT - HOUR)

    now = AT + HOUR
    arrived = {"arrived": AT - HOUR, "long_term_arrived": AT - HOUR, "short_term_arrived": AT, "briefed": AT + HOUR}
    assert _facts(stays_progress, world, now) == arrived
    assert _facts(stays_progress, world, AT - HOUR) == {"arrived": AT - HOUR, "long_term_arrived": AT - HOUR}

    stays.filter(pk=second.pk).update(left_at=now)
    assert _facts(stays_progress, world, now) == arrived | {"long_term_left": now}

    stays.filter(pk=first.pk).update(left_at=now + HOUR)
    assert _facts(stays_progress, world, now) == arrived | {"long_term_left": now}  # has not left yet
    left = {"long_term_left": now, "short_term_left": now + HOUR, "everybody_left": now + HOUR}
    assert _facts(stays_progress, world, now + HOUR) == arrived | left


def test_the_core_team_is_the_head_and_its_members(world: World) -> None:
    Stay.objects.filter(nomination__mission=world.mission).update(arrived_at=AT)
    Nomination.objects.filter(mission=world.mission).update(role=Role.CORE_TEAM_MEMBER)

    assert _facts(stays_progress, world) == {"arrived": AT, "core_arrived": AT}


def test_badges_are_handed_over_when_the_last_one_is(world: World) -> None:
    badges = Badge.objects.filter(mission=world.mission)
    last = badges.latest("pk")
    badges.filter(pk=last.pk).update(handed_over_at=AT + HOUR)
    assert _facts(badges_progress, world, AT + HOUR) == {"badges_handed_over": AT + HOUR}
    assert _facts(badges_progress, world, AT) == {}

    badges.filter(pk=last.pk).update(state=BadgeState.PRINTED, handed_over_at=None)
    assert _facts(badges_progress, world, AT + HOUR) == {}


def test_every_source_asks_as_often_for_many_missions_as_for_one(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    Stay.objects.update(arrived_at=AT)
    everybody = Mission.objects.values_list("pk", flat=True)

    for source, queries in ((applications_progress, 2), (stays_progress, 1), (badges_progress, 1)):
        for asked in ([world.mission.pk], list(everybody)):
            with django_assert_num_queries(queries):
                found = list(source.facts_of(asked, at=AT))
            assert {fact.mission_id for fact in found} == set(asked)
