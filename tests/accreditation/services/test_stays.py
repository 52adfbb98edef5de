"""Stays: what a mission plans, what the host notes, and what cannot be."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from accreditation.errors import StayChangedError, StayDatesError
from accreditation.models import Nomination, Stay
from accreditation.services.stays import StayPlan, note_arrival, note_briefing, note_departure, plan_stay
from accreditation.states import VisaState
from missions.kernel.errors import DomainError
from missions.kernel.models import Event
from missions.models import Election, Mission, User
from missions.states import FollowKind
from tests.accreditation.conftest import MakeApplication
from tests.reference import add_election

HOUR = dt.timedelta(hours=1)
COMES = dt.datetime(2024, 2, 4, 9, 40, tzinfo=dt.UTC)
PLAN = StayPlan(
    arrives_at=COMES,
    arrival_flight="J2 8",
    departs_at=COMES + dt.timedelta(days=5),
    visa_state=VisaState.GRANTED,
    lodging="Hotel",
)


@pytest.fixture
def nomination(make_application: MakeApplication) -> Nomination:
    return make_application().nomination


@pytest.mark.django_db
def test_a_plan_is_kept_and_the_same_again_changes_nothing(nomination: Nomination, lead: User, at: dt.datetime) -> None:
    first = plan_stay(nomination=nomination, plan=PLAN, by=lead, at=at)
    again = plan_stay(nomination=nomination, plan=PLAN, by=lead, at=at)

    assert (first, first.version, again.version) == (again, 1, 1)
    assert (again.arrives_at, again.visa_state, again.lodging) == (COMES, "granted", "Hotel")
    event = Event.objects.of(again).get()
    assert (event.verb, event.actor, event.scope_id) == ("stay_planned", lead, nomination.mission_id)
    assert event.changed == ["arrives_at", "arrival_flight", "departs_at", "visa_state", "lodging"]
    assert "Hotel" not in str(vars(event))


@pytest.mark.django_db
def test_nobody_travels_before_the_election_is_called(nomination: Nomination, lead: User, at: dt.datetime) -> None:
    eve = dt.datetime(2023, 12, 6, 19, 59, tzinfo=dt.UTC)  # a minute before midnight in Baku

    with pytest.raises(StayDatesError) as early:
        plan_stay(nomination=nomination, plan=StayPlan(arrives_at=eve, departs_at=COMES), by=lead, at=at)
    stay = plan_stay(nomination=nomination, plan=StayPlan(arrives_at=eve + 2 * HOUR), by=lead, at=at)

    (fault,) = early.value.violations
    assert (fault.field, fault.code) == ("arrives_at", "before-election-called")
    assert fault.detail.startswith("The election was called on 7 December 2023.")
    assert stay.version == 1


@pytest.mark.django_db
def test_who_came_for_the_first_round_stays_for_the_second(nomination: Nomination, lead: User, at: dt.datetime) -> None:
    first = nomination.mission.election
    second = add_election("az-2024-2")
    Election.objects.filter(pk=second.pk).update(called_on=dt.date(2024, 2, 8), e_day=dt.date(2024, 2, 21))
    Mission.objects.filter(pk=nomination.mission_id).update(election=second)

    with pytest.raises(StayDatesError):
        plan_stay(nomination=nomination, plan=PLAN, by=lead, at=at)
    Election.objects.filter(pk=second.pk).update(follows=first, follow_kind=FollowKind.RUN_OFF)
    stay = plan_stay(nomination=nomination, plan=PLAN, by=lead, at=at)

    assert stay.arrives_at == COMES


@pytest.mark.django_db
def test_the_host_notes_what_came_about(nomination: Nomination, reviewer: User) -> None:
    note_arrival(nomination=nomination, arrived_at=COMES, by=reviewer, at=COMES)
    note_briefing(nomination=nomination, briefed_at=COMES + HOUR, by=reviewer, at=COMES + HOUR)
    stay = note_departure(nomination=nomination, left_at=COMES + 2 * HOUR, by=reviewer, at=COMES + 2 * HOUR)

    stay.refresh_from_db()
    assert (stay.arrived_at, stay.briefed_at, stay.left_at) == (COMES, COMES + HOUR, COMES + 2 * HOUR)
    assert list(Event.objects.of(stay).values_list("verb", flat=True)) == [
        "arrival_noted",
        "briefing_noted",
        "departure_noted",
    ]


@pytest.mark.django_db
def test_what_has_not_happened_cannot_be_noted(nomination: Nomination, reviewer: User, at: dt.datetime) -> None:
    with pytest.raises(StayDatesError) as caught:
        note_arrival(nomination=nomination, arrived_at=at + HOUR, by=reviewer, at=at)

    assert [violation.code for violation in caught.value.violations] == ["in-the-future"]
    assert Stay.objects.count() == 0


@pytest.mark.django_db
def test_nobody_departs_before_the_arrival(nomination: Nomination, lead: User, at: dt.datetime) -> None:
    with pytest.raises(StayDatesError) as caught:
        plan_stay(nomination=nomination, plan=StayPlan(arrives_at=COMES, departs_at=COMES - HOUR), by=lead, at=at)

    assert [violation.code for violation in caught.value.violations] == ["departs-before-arrival"]
    note_arrival(nomination=nomination, arrived_at=COMES, by=lead, at=COMES)
    with pytest.raises(StayDatesError):
        note_departure(nomination=nomination, left_at=COMES - HOUR, by=lead, at=COMES)


@pytest.mark.django_db
def test_a_stale_plan_is_refused(nomination: Nomination, lead: User, at: dt.datetime) -> None:
    plan_stay(nomination=nomination, plan=PLAN, by=lead, at=at, version=0)

    with pytest.raises(StayChangedError):
        plan_stay(nomination=nomination, plan=StayPlan(), by=lead, at=at, version=0)


@pytest.mark.django_db(transaction=True)
def test_many_first_plans_at_once_make_one_stay(nomination: Nomination, lead: User, at: dt.datetime) -> None:
    racers = 8
    barrier = Barrier(racers)

    def race(number: int) -> str:
        try:
            barrier.wait()
            plan = StayPlan(lodging=f"Hotel {number}")
            plan_stay(nomination=nomination, plan=plan, by=lead, at=at, version=0)
        except DomainError as error:
            return error.code
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(racers) as pool:
        outcomes = sorted(pool.map(race, range(racers)))

    assert outcomes == ["", *["stay-changed"] * (racers - 1)]
    assert (Stay.objects.get().version, Event.objects.filter(verb="stay_planned").count()) == (1, 1)
