"""Real connections at the same moment: nobody in two places, no deadlock, one clear refusal (F9). On both databases."""

import datetime as dt
import threading
from collections.abc import Callable
from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction

from accreditation.models import Observer
from missions.models import Election, User
from missions.states import DeploymentMode
from stations.deployment.errors import (
    ObserverDoubleBookedError,
    PlanChangedError,
    PlanNotDraftError,
)
from stations.deployment.hand_acts import MakeTeam, PinTeam, Place, SwapObservers
from stations.deployment.models import DeploymentPlan, ObserverSlot, PlanChange, Team, TeamMember
from stations.deployment.services.hand import change_by_hand, undo_change
from stations.deployment.services.releases import release_plan
from stations.deployment.states import DayHalf, PlanState
from stations.models import PollingStation
from tests.racing import ROUNDS, errors_of, race
from tests.stations.deployment import builders
from tests.stations.deployment.services.hand.conftest import Desk

pytestmark = pytest.mark.django_db(transaction=True)

RACERS = 20
E_DAY = dt.date(2024, 2, 7)


@pytest.fixture
def rivals(desk: Desk, register: list[PollingStation]) -> tuple[Observer, list[Team]]:
    """One observer, and a team of each of twenty missions' drafts in which that observer is."""
    election, wanted = desk.plan.election, desk.people[0]
    teams = []
    for number in range(RACERS):
        mission = builders.pool_mission(election, f"M{number}", DeploymentMode.SELF_DIRECTED)
        partner = builders.deployed(mission, "ITA", languages=("en", "az"))
        plan = builders.plan(election, mission)
        area = builders.area(plan, "North", desk.place(1))
        teams.append(builders.team(plan, 1, [wanted, partner], register[:3], within=area))
    return wanted, teams


def test_of_twenty_missions_that_release_one_observer_exactly_one_has_them(
    rivals: tuple[Observer, list[Team]], later: dt.datetime
) -> None:
    wanted, teams = rivals

    results = race([partial(release_plan, plan=team.plan, by=None, at=later) for team in teams])

    refusals = [result for result in results if isinstance(result, ObserverDoubleBookedError)]
    assert (len(refusals), len(errors_of(results))) == (RACERS - 1, RACERS - 1)
    for refusal in refusals:
        told = {(violation.field, violation.code, violation.detail) for violation in refusal.violations}
        assert told == {
            (
                f"observer-{wanted.pk}",
                "r08-double-booked",
                f"{wanted.full_name} is already in a released plan on that day.",
            )
        }  # and nothing of whose plan it is
    assert ObserverSlot.objects.filter(observer=wanted).count() == 2
    assert DeploymentPlan.objects.released().count() == 1


def _insert(team: Team, wanted: Observer, half: DayHalf) -> bool:
    try:
        with transaction.atomic():
            ObserverSlot.objects.create(observer=wanted, day=E_DAY, half=half, team=team)
    except IntegrityError:
        return False
    return True


def _update(team: Team, wanted: Observer, half: DayHalf) -> bool:
    """The team's own slot, of its other member, is given to the observer whom all want."""
    own = ObserverSlot.objects.filter(team=team, half=half).exclude(observer=wanted)
    try:
        with transaction.atomic():
            return own.update(observer=wanted) == 1
    except IntegrityError:
        return False


def _insert_by_hand(team: Team, wanted: Observer, half: DayHalf) -> bool:
    """Past all of our code."""
    table = ObserverSlot._meta.db_table
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} (observer_id, day, half, team_id) VALUES (%s, %s, %s, %s)",  # noqa: S608 - ours
                [wanted.pk, E_DAY.isoformat(), half.value, team.pk],
            )
    except IntegrityError:
        return False
    return True


@pytest.mark.parametrize("way", [_insert, _update, _insert_by_hand])
def test_whichever_way_it_is_tried_an_observer_has_each_half_day_once(
    rivals: tuple[Observer, list[Team]], way: Callable[[Team, Observer, DayHalf], bool]
) -> None:
    wanted, teams = rivals
    halves = list(DayHalf)
    if way is _update:
        for number, team in enumerate(teams):
            other = team.members.exclude(observer=wanted).get().observer
            ObserverSlot.objects.create(observer=other, day=E_DAY, half=halves[number % 2], team=team)

    results = race([partial(way, team, wanted, halves[number % 2]) for number, team in enumerate(teams)])

    # Halves that touch each other are both given, each once.
    assert sorted(results) == [False] * (RACERS - 2) + [True] * 2  # type: ignore[type-var]  # no domain errors here
    slots = ObserverSlot.objects.filter(observer=wanted).order_by("half")
    assert list(slots.values_list("half", flat=True)) == ["am", "pm"]


def test_looking_first_without_the_constraint_books_twice(rivals: tuple[Observer, list[Team]]) -> None:
    """The control: who looks whether somebody is free, and writes elsewhere, is as late as everybody else."""
    wanted, teams = rivals
    everybody_has_looked = threading.Barrier(RACERS)

    def take_unguarded(team: Team) -> bool:
        free = not ObserverSlot.objects.filter(observer=wanted, day=E_DAY).exists()
        everybody_has_looked.wait(timeout=30)
        with transaction.atomic():
            # A column that no constraint guards stands for the slot.
            return free and Team.objects.filter(pk=team.pk).update(number=2) == 1

    assert race([partial(take_unguarded, team) for team in teams]) == [True] * RACERS
    assert Team.objects.filter(number=2, members__observer=wanted).count() == RACERS


def test_planners_who_swap_the_same_two_in_opposite_order_do_not_block_each_other(
    desk: Desk, lead: User, at: dt.datetime
) -> None:
    first, second = (desk.nomination(person) for person in (desk.people[0], desk.people[2]))
    before = (set(desk.crew(1)), set(desk.crew(2)))
    acts = [SwapObservers(first, second), SwapObservers(second, first)] * 3

    for number in range(1, ROUNDS + 1):
        results = race([partial(change_by_hand, plan=desk.plan, act=act, seen=None, by=lead, at=at) for act in acts])

        assert errors_of(results) == []
        assert PlanChange.objects.count() == len(acts) * number
        assert (set(desk.crew(1)), set(desk.crew(2))) == before  # an even number of swaps
    assert TeamMember.objects.filter(plan=desk.plan, is_leader=True).count() == 4


def test_of_planners_who_looked_at_the_same_draft_one_changes_it(desk: Desk, lead: User, at: dt.datetime) -> None:
    act = PinTeam(1, pair=True)

    results = race([partial(change_by_hand, plan=desk.plan, act=act, seen=0, by=lead, at=at)] * 6)

    assert errors_of(results) == [PlanChangedError] * 5
    assert list(PlanChange.objects.values_list("number", flat=True)) == [1]


def test_the_same_idle_people_become_one_team(desk: Desk, lead: User, at: dt.datetime) -> None:
    first, second = (desk.nomination(person) for person in desk.idle)
    act = MakeTeam((first, second), Place(constituency=1))

    results = race([partial(change_by_hand, plan=desk.plan, act=act, seen=None, by=lead, at=at)] * 6)

    assert [error.__name__ for error in errors_of(results)] == ["ObserverInTeamError"] * 5
    assert Team.objects.filter(plan=desk.plan, number__gt=4).count() == 1


def test_a_change_is_taken_back_once(desk: Desk, lead: User, at: dt.datetime) -> None:
    change_by_hand(plan=desk.plan, act=PinTeam(1, pair=True), seen=None, by=lead, at=at)

    results = race([partial(undo_change, plan=desk.plan, seen=None, by=lead, at=at)] * 6)

    assert [error.__name__ for error in errors_of(results)] == ["NothingToUndoError"] * 5


def test_a_change_and_the_release_leave_a_released_plan_that_was_judged_whole(
    election: Election, desk: Desk, register: list[PollingStation], lead: User, later: dt.datetime
) -> None:
    """Whoever is taken into the plan in the moment of its release is booked with it, or comes too late."""
    first, second = desk.people[0], desk.idle[0]
    act = SwapObservers(desk.nomination(first), desk.nomination(second))
    plan = builders.plan(election, desk.plan.mission, version=2)
    area = builders.area(plan, "North", desk.place(1))
    builders.team(plan, 1, [first, desk.people[1]], register[:3], within=area)

    results = race(
        [
            partial(release_plan, plan=plan, by=lead, at=later),
            partial(change_by_hand, plan=plan, act=act, seen=None, by=lead, at=later),
        ]
    )

    plan.refresh_from_db()
    changed = PlanChange.objects.filter(plan=plan).exists()
    if plan.state == PlanState.RELEASED:
        assert errors_of(results) == ([] if changed else [PlanNotDraftError])
        booked = set(ObserverSlot.objects.filter(team__plan=plan).values_list("observer", flat=True))
        assert booked == set(plan.members.values_list("observer", flat=True))
    else:
        assert (changed, errors_of(results)) == (True, [PlanChangedError])
