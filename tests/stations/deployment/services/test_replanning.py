"""Planning again from a version: what can stay stays with its keys and numbers, and what is pinned must."""

import datetime as dt

import pytest

from accreditation.models import Accreditation
from accreditation.states import AccreditationState
from missions.models import Election, Mission
from stations.deployment.errors import OtherPlansBaseError, PinImpossibleError
from stations.deployment.models import DeploymentPlan, Team, TeamMember, Visit
from stations.deployment.selectors import replanned
from stations.deployment.services.plans import make_plan
from stations.deployment.states import TeamKind
from stations.deployment.versions import compare
from stations.models import PollingStation
from stations.services import close_station
from tests.stations.deployment.builders import deployed, plan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register", "crew", "in_process")]


def _make(mission: Mission, at: dt.datetime, base: DeploymentPlan | None = None) -> DeploymentPlan:
    return make_plan(election=mission.election, mission=mission, base=base, seed=7, by=None, at=at)


@pytest.fixture
def first(mission: Mission, at: dt.datetime) -> DeploymentPlan:
    """Five teams: a long-term one, three short-term ones at home, and one abroad."""
    return _make(mission, at)


def _team(of: DeploymentPlan, number: int) -> Team:
    return Team.objects.get(plan=of, number=number)


def _leave(of: DeploymentPlan, number: int, at: dt.datetime) -> TeamMember:
    member = TeamMember.objects.filter(plan=of, team__number=number).order_by("pk")[0]
    Accreditation.objects.filter(observer=member.observer).update(
        state=AccreditationState.RETURNED, reason="Illness", ended_at=at
    )
    return member


def test_with_the_same_data_nothing_changes(first: DeploymentPlan, mission: Mission, at: dt.datetime) -> None:
    second = _make(mission, at, first)

    assert (second.version, second.made_from) == (2, first)
    assert compare(second, first, reader=None).changes == ()
    kept = replanned(second)
    assert kept is not None
    assert (kept.teams, kept.changed, kept.forced) == (5, 0, 0)
    assert replanned(first) is None


def test_a_replacement_takes_the_place_and_all_others_stay(
    first: DeploymentPlan, mission: Mission, at: dt.datetime
) -> None:
    gone = _leave(first, 3, at)
    new = deployed(mission, "PRT", languages=("en", "ru"))

    second = _make(mission, at, first)

    changes = compare(second, first, reader=None).changes
    name = f"{new.given_names[:1]}. {new.surname}" if new.given_names else new.surname
    assert changes[0].sentence == f"Team 3: {name} takes the place of {gone.observer.surname}"
    assert {change.number for change in changes} == {3}
    assert _team(second, 3).key == _team(first, 3).key
    kept = replanned(second)
    assert kept is not None
    assert kept.changed == kept.forced == 1


def test_a_team_that_is_gone_leaves_its_number_free(first: DeploymentPlan, mission: Mission, at: dt.datetime) -> None:
    partner = TeamMember.objects.filter(plan=first, team__number=5).order_by("pk")[1]
    for number in (5, 4):
        _leave(first, number, at)
    Accreditation.objects.filter(observer=partner.observer).update(
        state=AccreditationState.RETURNED, reason="Illness", ended_at=at
    )
    second = _make(mission, at, first)
    for nationality in ("AUT", "CHE"):
        deployed(mission, nationality, languages=("en", "ru"))

    third = _make(mission, at, second)

    numbers = set(Team.objects.filter(plan=third).values_list("number", flat=True))
    assert 5 not in set(Team.objects.filter(plan=second).values_list("number", flat=True))
    assert {1, 2, 3} <= numbers
    assert len(numbers) == Team.objects.filter(plan=third).count()


def test_pins_hold_and_go_on_to_the_next_version(first: DeploymentPlan, mission: Mission, at: dt.datetime) -> None:
    pinned = Team.objects.filter(plan=first, kind=TeamKind.SHORT_TERM).order_by("number")[0]
    Team.objects.filter(pk=pinned.pk).update(is_pair_pinned=True, is_place_pinned=True)
    station = Visit.objects.filter(visit_plan__team=pinned, order=2).get()
    Visit.objects.filter(pk=station.pk).update(is_pinned=True)

    second = _make(mission, at, first)

    again = Team.objects.get(plan=second, key=pinned.key)
    assert (again.is_pair_pinned, again.is_place_pinned, again.constituency) == (True, True, pinned.constituency)
    assert Visit.objects.get(visit_plan__team=again, is_pinned=True).station == station.station
    assert Team.objects.filter(plan=second, is_pair_pinned=True).count() == 1


def test_a_pin_that_cannot_be_held_is_named_by_team(first: DeploymentPlan, mission: Mission, at: dt.datetime) -> None:
    Team.objects.filter(plan=first, number=3).update(is_pair_pinned=True)
    _leave(first, 3, at)

    with pytest.raises(PinImpossibleError) as caught:
        _make(mission, at, first)

    assert [(v.code, v.detail) for v in caught.value.violations] == [
        ("pin-observer-gone", "Team 3 is pinned: one of the two is not there any more.")
    ]
    assert DeploymentPlan.objects.count() == 1


def test_a_pin_to_a_closed_station_is_named_by_team_and_station(
    first: DeploymentPlan, mission: Mission, register: list[PollingStation], at: dt.datetime
) -> None:
    visit = Visit.objects.filter(visit_plan__team__plan=first, visit_plan__team__number=3, order=2).get()
    Visit.objects.filter(pk=visit.pk).update(is_pinned=True)
    close_station(station=visit.station, reason="Flooded", by=None, at=at)

    with pytest.raises(PinImpossibleError) as caught:
        _make(mission, at, first)

    assert [(v.code, v.detail) for v in caught.value.violations] == [
        ("pin-station-closed", f"Team 3, pinned to station {visit.station.code}: the station is closed.")
    ]


def test_a_closed_station_is_visited_no_more(first: DeploymentPlan, mission: Mission, at: dt.datetime) -> None:
    visit = Visit.objects.filter(visit_plan__team__plan=first, visit_plan__team__number=3, order=2).get()
    close_station(station=visit.station, reason="Flooded", by=None, at=at)

    second = _make(mission, at, first)

    assert not Visit.objects.filter(visit_plan__team__plan=second, station=visit.station).exists()
    changes = compare(second, first, reader=None).changes
    assert {change.number for change in changes} == {3}


def test_the_base_is_a_version_of_the_same_owner(
    election: Election, first: DeploymentPlan, mission: Mission, at: dt.datetime
) -> None:
    with pytest.raises(OtherPlansBaseError):
        _make(mission, at, plan(election, None))
