"""From the stored plan to what the rules judge: one fact of each kind, and few queries at any size."""

import datetime as dt

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accreditation.badges.states import BadgeState
from accreditation.models import Document, Finding, ListedPerson, Observer
from accreditation.states import DocumentKind, ListKind, Role, Severity, Sex
from missions.models import Constituency, Delegation, Election, Mission, User
from missions.states import DeploymentMode
from stations.deployment.models import (
    DeploymentPlan,
    DeploymentSettings,
    GroupStrength,
    ListedNationality,
    RestrictedArea,
)
from stations.deployment.release_facts import facts_of
from stations.deployment.rules import load_deployment_profile
from stations.deployment.rules.facts import GroupCount, MemberFacts, PlanFacts, Restriction, Stratum
from stations.deployment.services.releases import release_plan
from stations.deployment.states import PlanState, RestrictionLevel, TeamKind
from stations.models import PollingStation
from stations.travel.matrices import Matrix, pack
from stations.travel.models import TravelMatrix
from tests.accreditation.badges.doors import badge_row
from tests.stations.deployment.builders import area, deployed, plan, pool_mission, team

pytestmark = pytest.mark.django_db

LIMITS = load_deployment_profile("odihr-like").limits
E_DAY_NOON = dt.datetime(2024, 2, 7, 12, tzinfo=dt.UTC)


@pytest.fixture
def pair(mission: Mission) -> list[Observer]:
    return [
        deployed(mission, "FRA", second="ITA", sex=Sex.FEMALE, residence="FRA"),
        deployed(mission, "DEU", sex=Sex.MALE, experienced=True, languages=("en", "az")),
    ]


@pytest.fixture
def draft(election: Election, mission: Mission, pair: list[Observer], register: list[PollingStation]) -> DeploymentPlan:
    """One team in the first constituency, with its area looked after by nobody."""
    made = plan(election, mission)
    team(made, 1, pair, register[:3], within=area(made, "North", _place(register)))
    return made


@pytest.fixture
def settings(election: Election, mission: Mission) -> DeploymentSettings:
    return DeploymentSettings.objects.create(election=election, mission=mission, profile="odihr-like")


def _place(register: list[PollingStation]) -> Constituency:
    """The first constituency."""
    place = register[0].constituency
    assert place is not None
    return place


def _facts(of: DeploymentPlan, at: dt.datetime) -> PlanFacts:
    return facts_of(of, LIMITS, at=at)


def _first(of: DeploymentPlan, at: dt.datetime) -> MemberFacts:
    return _facts(of, at).teams[0].members[0]


def test_a_team_is_read_with_people_places_and_visits(
    draft: DeploymentPlan, pair: list[Observer], register: list[PollingStation], later: dt.datetime
) -> None:
    facts = _facts(draft, later)

    (found,) = facts.teams
    assert (found.number, found.kind, found.has_area, found.is_supervised) == (1, TeamKind.SHORT_TERM, True, False)
    assert (found.place, found.languages) == ("1. Constituency 1", frozenset({"az"}))
    assert found.constituencies == {register[0].constituency_id}
    first, second = found.members
    assert (first.key, first.name, first.nationalities) == (
        pair[0].pk,
        pair[0].full_name,
        frozenset({"FRA", "ITA"}),
    )
    assert (first.sex, first.residence, first.is_experienced, first.has_card) == ("f", "FRA", False, False)
    assert (second.sex, second.is_experienced, second.languages) == ("m", True, frozenset({"en", "az"}))
    assert [visit.station for visit in found.visits] == ["00101", "00102", "00103"]
    assert (found.visits[0].opens_at, found.visits[0].closes_at) == (
        dt.datetime(2024, 2, 7, 4, tzinfo=dt.UTC),
        dt.datetime(2024, 2, 7, 15, tzinfo=dt.UTC),
    )
    # 1,112 metres as the crow flies, three tenths more by road at 24 km/h, and a minute to park
    assert [visit.drive for visit in found.visits] == [None, dt.timedelta(seconds=277), dt.timedelta(seconds=277)]
    assert (facts.host_citizens_excluded, facts.has_long_term_teams, facts.partners_before) == (True, False, None)


def test_papers_that_are_missing_are_named(draft: DeploymentPlan, pair: list[Observer], later: dt.datetime) -> None:
    Document.objects.filter(application__observer=pair[0], kind=DocumentKind.PLEDGE).delete()

    assert _first(draft, later).unsigned == ("pledge",)


def test_a_card_counts_from_when_it_is_printed(
    draft: DeploymentPlan, pair: list[Observer], lead: User, later: dt.datetime
) -> None:
    for person, state in zip(pair, (BadgeState.PRINTED, BadgeState.SIGNED), strict=True):
        badge_row(person.accreditations.get(), lead, state=state)

    assert [member.has_card for member in _facts(draft, later).teams[0].members] == [True, False]


@pytest.mark.parametrize(
    ("days", "born", "expected"),
    [(None, dt.date(1980, 1, 1), True), (None, dt.date(1980, 1, 2), False), (1, dt.date(1980, 1, 1), False)],
    ids=["listed", "another-birthday", "cleared-since"],
)
def test_who_is_on_a_list_has_another_status_until_a_reviewer_clears_it(
    draft: DeploymentPlan,
    pair: list[Observer],
    lead: User,
    later: dt.datetime,
    days: int | None,
    born: dt.date,
    expected: bool,
) -> None:
    Observer.objects.filter(pk=pair[0].pk).update(weak_key="anna")
    ListedPerson.objects.create(
        election=draft.election,
        kind=ListKind.CANDIDATE,
        surname="Anna",
        weak_key="anna",
        birth_date=born,
        added_at=later,
    )
    if days is not None:
        Finding.objects.create(
            application=pair[0].applications.get(),
            code="incompatible_status",
            severity=Severity.BLOCK,
            sentence="On a list",
            found_at=later,
            closed_by=lead,
            closed_at=later + dt.timedelta(days=days),
            note="Born elsewhere",
        )

    assert _first(draft, later).has_other_status is expected


def test_a_half_day_of_another_owners_released_plan_counts_and_one_of_an_own_plan_does_not(
    election: Election,
    mission: Mission,
    draft: DeploymentPlan,
    pair: list[Observer],
    register: list[PollingStation],
    later: dt.datetime,
) -> None:
    release_plan(plan=draft, by=None, at=later)
    again = plan(election, mission, version=2)
    team(again, 1, pair, register[:3], within=area(again, "North"))
    other = plan(election, pool_mission(election, "OTHER", DeploymentMode.SELF_DIRECTED))
    team(other, 1, pair, register[:3], within=area(other, "North"))

    assert [member.is_booked_elsewhere for member in _facts(again, later).teams[0].members] == [False, False]
    assert [member.is_booked_elsewhere for member in _facts(other, later).teams[0].members] == [True, True]


def test_the_owners_lists_are_read(
    draft: DeploymentPlan, settings: DeploymentSettings, register: list[PollingStation], lead: User, later: dt.datetime
) -> None:
    place = _place(register)
    listed = ListedNationality.objects.create(settings=settings, nationality="FRA")
    listed.constituencies.set([place])
    ListedNationality.objects.create(settings=settings, nationality="DEU")
    mined = RestrictedArea.objects.create(
        settings=settings,
        name="Mines",
        level=RestrictionLevel.APPROVAL,
        approver="Officer",
        approval_note="Letter 4",
        approved_at=later,
        approved_by=lead,
    )
    mined.constituencies.set([place])

    facts = _facts(draft, later)

    assert facts.listed == {"FRA": {place.pk}, "DEU": frozenset()}
    assert facts.restrictions == {place.pk: (Restriction("Mines", RestrictionLevel.APPROVAL, "Officer", True),)}


@pytest.mark.parametrize(("hours", "fixed"), [(-17, False), (-16, True), (7, True), (8, False)])
def test_teams_are_fixed_for_a_day_from_midnight(
    election: Election,
    mission: Mission,
    draft: DeploymentPlan,
    pair: list[Observer],
    register: list[PollingStation],
    later: dt.datetime,
    hours: int,
    fixed: bool,
) -> None:
    """In Baku election day begins at 20:00 UTC of the day before, sixteen hours before noon UTC."""
    release_plan(plan=draft, by=None, at=later)
    again = plan(election, mission, version=2)
    team(again, 1, pair, register[:3], within=area(again, "North"))

    facts = _facts(again, E_DAY_NOON + dt.timedelta(hours=hours))

    partners = {pair[0].pk: {pair[1].pk}, pair[1].pk: {pair[0].pk}}
    assert facts.partners_before == (partners if fixed else None)


@pytest.mark.parametrize(
    ("mode", "theirs", "ours", "expected"),
    [
        (DeploymentMode.SELF_DIRECTED, True, True, [True, True, False]),
        (DeploymentMode.SELF_DIRECTED, True, False, [False, False, False]),
        (DeploymentMode.SELF_DIRECTED, False, True, [False, False, False]),
        (DeploymentMode.HOST_COORDINATED, True, True, [False, False, False]),
    ],
    ids=["both-agreed", "we-did-not", "they-did-not", "planned-by-the-host"],
)
def test_only_missions_that_both_agreed_hear_of_each_other(
    election: Election,
    draft: DeploymentPlan,
    settings: DeploymentSettings,
    register: list[PollingStation],
    later: dt.datetime,
    mode: DeploymentMode,
    theirs: bool,
    ours: bool,
    expected: list[bool],
) -> None:
    other = pool_mission(election, "OTHER", mode)
    DeploymentSettings.objects.create(
        election=election, mission=other, profile="odihr-like", avoids_other_missions=theirs
    )
    DeploymentSettings.objects.filter(pk=settings.pk).update(avoids_other_missions=ours)
    released = plan(election, other, state=PlanState.RELEASED)
    team(released, 1, [], register[:2])

    assert [visit.is_of_other_mission for visit in _facts(draft, later).teams[0].visits] == expected


def test_the_balance_counts_people_and_stations_of_the_whole_plan(
    draft: DeploymentPlan, mission: Mission, register: list[PollingStation], later: dt.datetime
) -> None:
    team(draft, 2, [deployed(mission, "FRA", Role.LTO)], [], kind=TeamKind.LONG_TERM)

    balance = _facts(draft, later).balance

    assert balance is not None
    assert (balance.sending_states, balance.people, balance.women) == (
        {"FRA": 1, "DEU": 1},
        {"sto": 2, "lto": 1},
        {"sto": 1, "lto": 1},
    )
    assert (balance.stations, balance.visited) == (15, 3)
    assert balance.strata == (
        Stratum("newly_covered", 3, 0),
        Stratum("region:North", 10, 3),
        Stratum("region:South", 5, 0),
        Stratum("urban", 15, 3),
        Stratum("web_camera", 3, 1),
    )


def test_the_balance_is_over_the_stations_where_the_owner_goes(
    draft: DeploymentPlan, settings: DeploymentSettings, register: list[PollingStation], later: dt.datetime
) -> None:
    PollingStation.objects.filter(pk=register[4].pk).update(closed_at=later, closed_reason="Flooded")
    places = {number: Constituency.objects.get(number=number) for number in (1, 2, 3)}
    settings.goes_to.set([places[1], places[3]])
    area = RestrictedArea.objects.create(settings=settings, name="Mines", level=RestrictionLevel.NO_GO)
    area.constituencies.set([places[3]])

    balance = _facts(draft, later).balance

    assert balance is not None
    assert (balance.stations, balance.visited) == (4, 3)
    assert balance.strata == (Stratum("region:North", 4, 3), Stratum("urban", 4, 3), Stratum("web_camera", 1, 1))


def test_of_some_teams_only_these_are_read_and_stations_are_counted_in_the_whole_plan(
    draft: DeploymentPlan, mission: Mission, register: list[PollingStation], later: dt.datetime
) -> None:
    second = team(draft, 2, [deployed(mission, "ESP"), deployed(mission, "POL")], register[1:4])

    facts = facts_of(draft, LIMITS, at=later, teams=[second.pk])

    assert [found.number for found in facts.teams] == [2]
    assert [visit.times_in_stage for visit in facts.teams[0].visits] == [1, 1, 1]
    whole_day = team(draft, 3, [deployed(mission, "SWE"), deployed(mission, "NOR")], [register[2]])
    assert whole_day.visit_plans.get().visits.filter(kind="voting").count() == 1
    again = facts_of(draft, LIMITS, at=later, teams=[second.pk])
    assert [visit.times_in_stage for visit in again.teams[0].visits] == [1, 2, 1]
    assert [visit.times_in_stage for visit in _facts(draft, later).teams[1].visits] == [1, 2, 1]


def test_measured_ways_take_the_place_of_the_great_circle_within_their_constituency(
    draft: DeploymentPlan, register: list[PollingStation], lead: User, later: dt.datetime
) -> None:
    """Back and forth between the first two stations takes an hour by a matrix; a minute to park comes on top."""
    place = _place(register)
    cells = np.full((6, 6), 3_600)
    TravelMatrix.objects.create(
        constituency=place,
        mission=draft.mission,
        codes=[station.code for station in register[:5]],
        cells=pack(Matrix(cells, cells)),
        sha256="0" * 64,
        file_name="ways.csv",
        uploaded_at=later,
        uploaded_by=lead,
    )

    visits = _facts(draft, later).teams[0].visits

    assert [visit.drive for visit in visits] == [None, dt.timedelta(seconds=3_660), dt.timedelta(seconds=3_660)]


def test_a_station_out_of_use_and_one_outside_the_locked_sample_are_marked(
    draft: DeploymentPlan, register: list[PollingStation], later: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    PollingStation.objects.filter(pk=register[0].pk).update(closed_at=later, closed_reason="Flood")
    before = _facts(draft, later).teams[0].visits
    locked = {register[0].pk: 1, register[1].pk: 2}
    monkeypatch.setattr("stations.deployment.release_visits.sampled_stations", lambda election, mission: locked)

    after = _facts(draft, later).teams[0].visits

    assert [visit.is_closed for visit in before] == [True, False, False]
    assert [visit.is_outside_sample for visit in before] == [False, False, False]
    assert [visit.is_outside_sample for visit in after] == [False, False, True]


def test_two_parts_of_the_same_delegation_share_its_name(
    draft: DeploymentPlan, mission: Mission, pair: list[Observer], later: dt.datetime
) -> None:
    north = Delegation.objects.create(mission=mission, name="North")
    pair[0].nominations.update(delegation=north)

    assert [member.delegation for member in _facts(draft, later).teams[0].members] == ["North", ""]


def test_groups_are_counted_over_everybody_whom_the_owner_has_accredited(
    draft: DeploymentPlan,
    settings: DeploymentSettings,
    mission: Mission,
    pair: list[Observer],
    later: dt.datetime,
    other_mission: Mission,
) -> None:
    """One of the pair names a group, so does a head who is in no team; another mission's people do not count."""
    head, silent, stranger = (
        deployed(where, "ESP", role)
        for where, role in ((mission, Role.HEAD_OF_MISSION), (mission, Role.STO), (other_mission, Role.STO))
    )
    for person, group in ((pair[0], "Greens"), (head, "GREENS"), (stranger, "Left"), (silent, "")):
        person.nominations.update(political_group=group)
    before = _groups(draft, later)
    GroupStrength.objects.create(settings=settings, name="Greens", strength=30)
    GroupStrength.objects.create(settings=settings, name="Left", strength=20)

    assert before == ()
    assert _groups(draft, later) == (GroupCount("Greens", 30, 2), GroupCount("Left", 20, 0))
    assert [member.political_group for member in _facts(draft, later).teams[0].members] == ["Greens", ""]
    assert "Greens" not in repr(_facts(draft, later))


def _groups(draft: DeploymentPlan, at: dt.datetime) -> tuple[GroupCount, ...]:
    balance = _facts(draft, at).balance
    assert balance is not None
    return balance.groups


def test_the_number_of_queries_does_not_grow_with_the_plan(
    draft: DeploymentPlan,
    settings: DeploymentSettings,
    mission: Mission,
    register: list[PollingStation],
    later: dt.datetime,
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            _facts(draft, later)
        return len(seen)

    before = queries()
    for number in (2, 3):
        team(draft, number, [deployed(mission, "ESP"), deployed(mission, "POL")], register[5 * number - 5 : 5 * number])

    assert (before, queries()) == (22, 22)


def test_no_fact_holds_a_passport(draft: DeploymentPlan, pair: list[Observer], later: dt.datetime) -> None:
    assert pair[0].passport_number not in repr(_facts(draft, later))
