"""Bands of crowding: what they say, when a picture may be taken, and that two of them betray no single plan."""

import datetime as dt
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from missions.kernel.models import Event
from missions.models import Election, Membership, Mission, User
from missions.reminders.models import Message
from missions.states import DeploymentMode, MembershipRole
from stations.deployment.crowd_selectors import bands_for, crowding_of
from stations.deployment.crowding import band_of, is_due, latest_instant
from stations.deployment.models import CrowdingPicture, DeploymentPlan, DeploymentSettings
from stations.deployment.problem_loading import load_problem
from stations.deployment.services.crowding import take_crowding
from stations.deployment.states import CrowdBand, PlanState
from stations.models import PollingStation
from tests.racing import race
from tests.stations.deployment.builders import deployed, plan, pool_mission, team

BAKU = ZoneInfo("Asia/Baku")
NIGHT = dt.datetime(2024, 1, 31, 23, tzinfo=dt.UTC)  # three o'clock of 1 February in Baku
DAY = dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("visits", "stations", "band"),
    [
        (0, 40, CrowdBand.NONE),
        (1, 40, CrowdBand.FEW),
        (9, 40, CrowdBand.FEW),
        (10, 40, CrowdBand.SOME),
        (19, 40, CrowdBand.SOME),
        (20, 40, CrowdBand.MANY),
        (90, 40, CrowdBand.MANY),
    ],
)
def test_a_band_goes_by_the_visits_to_a_station(visits: int, stations: int, band: CrowdBand) -> None:
    assert band_of(visits, stations) is band


@pytest.mark.parametrize(
    ("before", "now", "due"),
    [
        ({}, {1: 10, 2: 20, 3: 30}, True),
        ({}, {1: 10, 2: 20}, False),
        ({1: 10, 2: 20, 3: 30}, {1: 10, 2: 20, 3: 30, 4: 40}, False),
        ({1: 10, 2: 20, 3: 30}, {1: 11, 2: 21, 3: 30}, False),
        ({1: 10, 2: 20, 3: 30}, {1: 11, 2: 21, 3: 31}, True),
        ({1: 10, 2: 20, 3: 30}, {1: 11, 2: 20, 4: 40}, True),
        ({1: 10, 2: 20, 3: 30}, {}, False),
    ],
    ids=["first", "two", "one-came", "two-changed", "all-changed", "one-changed-one-left-one-came", "all-left"],
)
def test_a_picture_tells_of_three_missions_at_once_or_of_none(
    before: dict[int, int], now: dict[int, int], due: bool
) -> None:
    assert is_due(before, now, fewest=3) is due


def test_the_instant_is_the_last_three_oclock_of_the_host() -> None:
    minute = dt.timedelta(minutes=1)

    assert latest_instant(NIGHT, BAKU) == NIGHT
    assert latest_instant(NIGHT + 23 * 60 * minute, BAKU) == NIGHT
    assert latest_instant(NIGHT - minute, BAKU) == NIGHT - DAY


@pytest.fixture
def five(election: Election) -> list[Mission]:
    """Five self-directed missions that agreed."""
    missions = [pool_mission(election, f"M{number}", DeploymentMode.SELF_DIRECTED) for number in range(5)]
    for mission in missions:
        DeploymentSettings.objects.create(
            election=election, mission=mission, profile="odihr-like", avoids_other_missions=True
        )
    return missions


def release(mission: Mission, stations: list[PollingStation], at: dt.datetime, version: int = 1) -> DeploymentPlan:
    DeploymentPlan.objects.filter(mission=mission, state=PlanState.RELEASED).update(state=PlanState.SUPERSEDED)
    made = plan(mission.election, mission, state=PlanState.RELEASED, version=version)
    DeploymentPlan.objects.filter(pk=made.pk).update(released_at=at)
    team(made, 1, [deployed(mission, "FRA"), deployed(mission, "DEU")], stations)
    return made


def bands(mission: Mission) -> list[str]:
    """By the number of the constituency."""
    return [line.band.value for line in crowding_of(mission).lines]


@pytest.mark.django_db
def test_each_mission_is_told_of_the_others_together(
    five: list[Mission], register: list[PollingStation], election: Election
) -> None:
    """In the first constituency of five stations go the first, in the second all four, in the third nobody."""
    for mission in five[:4]:
        release(mission, register[5:6], NIGHT - DAY)
    DeploymentPlan.objects.filter(mission=five[0]).update(state=PlanState.SUPERSEDED)
    release(five[0], register[0:2], NIGHT - DAY, version=2)
    release(pool_mission(election, "DEAF", DeploymentMode.SELF_DIRECTED), register[10:13], NIGHT - DAY)

    assert take_crowding(at=NIGHT) == 5

    assert bands(five[0]) == ["none", "many", "none"]
    assert bands(five[1]) == bands(five[4]) == ["some", "many", "none"]
    assert crowding_of(five[0]).taken_at == NIGHT
    assert (Event.objects.count(), Message.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_of_too_few_nothing_is_told_and_who_did_not_agree_is_told_nothing(
    five: list[Mission], register: list[PollingStation]
) -> None:
    for mission in five[:3]:
        release(mission, register[:2], NIGHT - DAY)

    assert take_crowding(at=NIGHT) == 2  # those without a plan are told of three; each of the three only of two
    assert (crowding_of(five[0]).agreed, bands(five[0])) == (True, [])
    assert bands(five[4]) == ["many", "none", "none"]
    DeploymentSettings.objects.filter(mission=five[4]).update(avoids_other_missions=False)
    assert (crowding_of(five[4]).agreed, bands(five[4]), bands_for(five[4])) == (False, [], {})


@pytest.mark.django_db
def test_one_release_moves_nothing_until_several_have_changed(
    five: list[Mission], register: list[PollingStation]
) -> None:
    for mission in five[:3]:
        release(mission, register[:1], NIGHT - DAY)
    release(five[3], register[5:6], NIGHT - DAY)
    take_crowding(at=NIGHT)
    before = bands(five[4])
    for number, mission in enumerate(five[:3], start=1):
        release(mission, register[10:15], NIGHT + number * DAY - dt.timedelta(hours=1), version=2)

    taken = [take_crowding(at=NIGHT + days * DAY) for days in (1, 2, 3)]

    assert before == ["many", "many", "none"]
    # The fourth is told of three that changed when the last of them has; each of these of two, and so of nothing new.
    assert taken == [0, 0, 2]
    assert bands(five[4]) == ["none", "many", "many"]
    assert bands(five[0]) == ["many", "many", "none"]


@pytest.mark.django_db
def test_what_is_released_after_the_instant_waits_for_the_next_however_late_the_job_is(
    five: list[Mission], register: list[PollingStation]
) -> None:
    for mission in five[:3]:
        release(mission, register[:1], NIGHT - DAY)
    release(five[3], register[10:12], NIGHT + dt.timedelta(minutes=1))

    taken = [take_crowding(at=NIGHT + dt.timedelta(hours=hours)) for hours in (2, 20)]

    assert taken[0] == 2
    assert bands(five[4]) == ["many", "none", "none"]
    assert CrowdingPicture.objects.filter(mission=five[4]).count() == 1


@pytest.mark.django_db
def test_after_election_day_no_picture_is_taken(
    five: list[Mission], register: list[PollingStation], election: Election
) -> None:
    for mission in five:
        release(mission, register[:1], NIGHT - DAY)
    e_night = dt.datetime.combine(election.e_day, dt.time(3), tzinfo=BAKU)

    assert take_crowding(at=e_night + DAY) == 0
    assert take_crowding(at=e_night) == 5


@pytest.mark.django_db
def test_the_optimizer_weighs_places_by_the_bands_and_knows_no_more(
    five: list[Mission], register: list[PollingStation], election: Election
) -> None:
    reader = five[4]
    for mission in five[:3]:
        release(mission, register[:1], NIGHT - DAY)
    for nationality in ("ITA", "ESP"):
        deployed(reader, nationality)
    load = partial(load_problem, election, reader, seed=1)
    blind = load().short_term.problem.stations.weight
    take_crowding(at=NIGHT)

    told = load().short_term.problem.stations.weight

    # Everywhere but in the first constituency, whose five stations come first, and in newly covered territory as well.
    assert (told - blind).tolist() == [0] * 5 + [60] * 10


@pytest.mark.django_db
def test_the_host_and_other_missions_read_no_picture(five: list[Mission], register: list[PollingStation]) -> None:
    for mission in five[:4]:
        release(mission, register[:1], NIGHT - DAY)
    take_crowding(at=NIGHT)
    host = User.objects.create_superuser("root@ministry.example", "a long enough password")
    lead = User.objects.create_user("lead@m4.example")
    Membership.objects.create(user=lead, mission=five[4], role=MembershipRole.LEAD)

    seen = [CrowdingPicture.objects.visible_to(user) for user in (host, lead)]

    assert not seen[0].exists()
    assert [picture.mission for picture in seen[1]] == [five[4]]


@pytest.mark.django_db(transaction=True)
def test_two_jobs_at_once_take_each_picture_once(five: list[Mission], register: list[PollingStation]) -> None:
    for mission in five[:4]:
        release(mission, register[:1], NIGHT - DAY)

    race([partial(take_crowding, at=NIGHT)] * 4)

    assert list(CrowdingPicture.objects.order_by("mission").values_list("mission", "taken_at")) == [
        (mission.pk, NIGHT) for mission in five
    ]
