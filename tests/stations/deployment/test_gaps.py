"""Who and what dropped out of a plan is seen at once, by those who may see the team, and is free for other plans."""

import datetime as dt
from collections import Counter

import pytest

from accreditation.models import Accreditation, Application, Nomination, Observer, Stay
from accreditation.states import AccreditationState, ApplicationState
from missions.models import Election, Mission, User
from stations.deployment.errors import ObserverDoubleBookedError, PlanBreaksRulesError
from stations.deployment.gaps import gap_counts, gaps_of, pool_gap_count
from stations.deployment.models import DeploymentPlan, ObserverSlot, TeamMember
from stations.deployment.problem_loading import load_problem
from stations.deployment.services.releases import release_plan
from stations.deployment.states import GapReason, LeftOutReason, PlanState
from stations.models import PollingStation
from stations.services import close_station
from tests.conftest import staff
from tests.stations.deployment.builders import accredit, area, deployed, nominate, plan, pool_mission, team

pytestmark = pytest.mark.django_db
_A = AccreditationState
DAY = dt.timedelta(days=1)


@pytest.fixture
def released(
    election: Election, other_mission: Mission, register: list[PollingStation], later: dt.datetime
) -> DeploymentPlan:
    """The pool's plan: a team of a mission with a lead, and one of another mission."""
    made = plan(election, None)
    north = area(made, "North", register[0].constituency, register[5].constituency)  # type: ignore[arg-type]
    other = pool_mission(election, "OTHER")
    team(made, 1, [deployed(other_mission, "FRA"), deployed(other_mission, "DEU")], register[:3], within=north)
    team(made, 2, [deployed(other, "ITA"), deployed(other, "ESP")], register[5:8], within=north)
    return release_plan(plan=made, by=None, at=later)


def _member(of: DeploymentPlan, number: int) -> Observer:
    return of.members.filter(team__number=number).order_by("pk")[0].observer


def _end(person: Observer, state: AccreditationState, at: dt.datetime) -> None:
    ended = None if state in (_A.ACTIVE, _A.SUSPENDED) else at
    Accreditation.objects.filter(observer=person).update(state=state, ended_at=ended, reason="Asked for")


def _reasons(of: DeploymentPlan, reader: User) -> list[tuple[int, GapReason]]:
    return [(gap.number, gap.reason) for gap in gaps_of(of, reader)]


@pytest.mark.parametrize(
    ("state", "days", "reason"),
    [
        (_A.ACTIVE, 0, None),
        (_A.SUSPENDED, 0, GapReason.SUSPENDED),
        (_A.REVOKED, 0, GapReason.ENDED),
        (_A.RETURNED, 0, GapReason.ENDED),
        (_A.REPLACED, 2, GapReason.ENDED),
        (_A.EXPIRED, 3, GapReason.ENDED),  # on election day itself
        (_A.EXPIRED, 4, None),
    ],
)
def test_a_person_without_accreditation_is_a_gap_until_the_day_is_over(
    released: DeploymentPlan, later: dt.datetime, state: AccreditationState, days: int, reason: GapReason | None
) -> None:
    _end(_member(released, 2), state, later + dt.timedelta(days=days))

    assert _reasons(released, staff("host@ministry.example")) == ([] if reason is None else [(2, reason)])


def test_a_station_out_of_use_is_a_gap_and_words_say_which(
    released: DeploymentPlan, register: list[PollingStation], later: dt.datetime
) -> None:
    close_station(station=register[1], reason="Flooded", by=None, at=later)
    person = _member(released, 2)
    _end(person, _A.REVOKED, later)

    assert [gap.sentence for gap in gaps_of(released, staff("host@ministry.example"))] == [
        f"Team 1, station {register[1].code}: the station is out of use",
        f"Team 2, {person.full_name}: the accreditation has ended",
    ]


def test_everybody_sees_the_gaps_of_the_teams_that_they_see(
    released: DeploymentPlan, other_lead: User, lead: User, later: dt.datetime
) -> None:
    for number in (1, 2):
        _end(_member(released, number), _A.REVOKED, later)

    assert _reasons(released, other_lead) == [(1, GapReason.ENDED)]
    assert _reasons(released, lead) == []


def test_gaps_are_counted_for_the_pool_and_for_each_mission(
    released: DeploymentPlan, other_mission: Mission, register: list[PollingStation], later: dt.datetime
) -> None:
    partner = released.members.filter(team__number=2)[0].nomination.mission
    assert (pool_gap_count(released.election), gap_counts([other_mission.pk, partner.pk])) == (0, Counter())

    _end(_member(released, 1), _A.REVOKED, later)
    close_station(station=register[0], reason="Flooded", by=None, at=later)
    close_station(station=register[6], reason="Flooded", by=None, at=later)

    assert pool_gap_count(released.election) == 3
    assert gap_counts([other_mission.pk, partner.pk]) == Counter({other_mission.pk: 2, partner.pk: 1})
    DeploymentPlan.objects.update(state=PlanState.SUPERSEDED)
    assert (pool_gap_count(released.election), gap_counts([partner.pk])) == (0, Counter())


def test_of_a_partner_from_another_mission_it_is_not_told_why(
    released: DeploymentPlan, other_lead: User, later: dt.datetime
) -> None:
    partner = deployed(pool_mission(released.election, "PARTNER"), "POL")
    place = released.members.filter(team__number=1).order_by("pk")[1]
    TeamMember.objects.filter(pk=place.pk).update(observer=partner, nomination=partner.nominations.get())
    _end(partner, _A.SUSPENDED, later)

    assert _reasons(released, other_lead) == [(1, GapReason.ABSENT)]
    assert _reasons(released, staff("host@ministry.example")) == [(1, GapReason.SUSPENDED)]


@pytest.mark.parametrize(("days", "reasons"), [(-1, [(2, GapReason.LEFT)]), (0, []), (1, [])])
def test_who_leaves_the_country_before_the_vote_leaves_a_gap(
    released: DeploymentPlan, days: int, reasons: list[tuple[int, GapReason]]
) -> None:
    e_day = dt.datetime.combine(released.election.e_day, dt.time(12), dt.UTC)
    Stay.objects.create(nomination=released.members.filter(team__number=2)[0].nomination, left_at=e_day + days * DAY)

    assert _reasons(released, staff("host@ministry.example")) == reasons


def test_who_has_left_is_not_planned_for(released: DeploymentPlan, later: dt.datetime) -> None:
    place = released.members.filter(team__number=2)[0]
    Stay.objects.create(nomination=place.nomination, left_at=later)

    loaded = load_problem(released.election, None)

    [gone] = [row for row in loaded.left_out if row.reason is LeftOutReason.NOT_IN_COUNTRY]
    assert gone.ids == (place.observer_id,)


def _plan_of_another_mission(
    mission: Mission, person: Observer, nomination: Nomination, register: list[PollingStation]
) -> DeploymentPlan:
    made = plan(mission.election, mission)
    south = area(made, "South", register[5].constituency)  # type: ignore[arg-type]
    second = team(made, 1, [deployed(mission, "POL")], register[5:8], within=south)
    TeamMember.objects.create(plan=made, team=second, observer=person, nomination=nomination)
    return made


def test_whoever_lost_the_place_is_free_for_another_plan_at_once(
    released: DeploymentPlan, mission: Mission, register: list[PollingStation], lead: User, later: dt.datetime
) -> None:
    person = _member(released, 2)
    _end(person, _A.RETURNED, later)
    Accreditation.objects.filter(observer=person).update(number=9_001)
    Application.objects.filter(observer=person).update(state=ApplicationState.WITHDRAWN, closed_at=later)
    nomination = nominate(mission, person)
    accredit(nomination)
    other = _plan_of_another_mission(mission, person, nomination, register)

    release_plan(plan=other, by=lead, at=later)

    assert set(ObserverSlot.objects.filter(observer=person).values_list("team__plan", flat=True)) == {other.pk}
    assert _reasons(released, staff("host@ministry.example")) == [(2, GapReason.ELSEWHERE)]


def test_a_suspension_frees_nobody(
    released: DeploymentPlan, mission: Mission, register: list[PollingStation], later: dt.datetime
) -> None:
    person = _member(released, 2)
    other = _plan_of_another_mission(mission, person, nominate(mission, person), register)
    booked = list(ObserverSlot.objects.filter(observer=person).values_list("pk", flat=True))
    _end(person, _A.SUSPENDED, later)

    with pytest.raises((ObserverDoubleBookedError, PlanBreaksRulesError)):
        release_plan(plan=other, by=None, at=later)

    assert list(ObserverSlot.objects.filter(observer=person).values_list("pk", flat=True)) == booked
