"""Where nobody is sent: places that were not chosen are no gap, and those that are closed are one with its reason."""

import datetime as dt

import pytest

from missions.models import Election, Mission, User
from stations.deployment.models import RestrictedArea
from stations.deployment.open_places import ClosedPlaces, closed_places
from stations.deployment.problem_loading import load_problem
from stations.deployment.profile_choice import parameters_of_owner, profile_of_owner
from stations.deployment.records import STATION
from stations.deployment.rules.chosen import ChosenRules, RestrictedPlaces
from stations.deployment.services.settings import approve_area, choose_rules
from stations.deployment.states import LeftOutReason, RestrictionLevel, RuleStrength
from tests.stations.deployment.builders import constituency, home_stations

pytestmark = pytest.mark.django_db


@pytest.fixture
def places(election: Election) -> dict[int, int]:
    """The keys of three constituencies by number, with two stations each."""
    found = {number: constituency(election, number, "North") for number in (1, 2, 3)}
    for number, place in found.items():
        home_stations(place, 2, latitude=40 + number / 10, longitude=48)
    return {number: place.pk for number, place in found.items()}


def choose(election: Election, mission: Mission | None, at: dt.datetime, **chosen: object) -> None:
    rules = ChosenRules("host-law", **chosen)  # type: ignore[arg-type]  # one of its fields at a time
    choose_rules(election=election, mission=mission, chosen=rules, seen=0, by=None, at=at)


def test_who_has_chosen_nothing_goes_everywhere(election: Election, mission: Mission, places: dict[int, int]) -> None:
    assert closed_places(election, mission) == ClosedPlaces()


def test_the_stations_of_other_places_are_neither_planned_for_nor_missed(
    election: Election, mission: Mission, places: dict[int, int], at: dt.datetime
) -> None:
    choose(election, mission, at, goes_to=(2,))

    loaded = load_problem(election, mission)

    assert loaded.index.constituencies.tolist() == [places[2]]
    assert [row for row in loaded.left_out if row.what == STATION] == []


def test_a_closed_place_is_left_out_with_its_reason_until_it_is_approved(
    election: Election, mission: Mission, places: dict[int, int], at: dt.datetime, lead: User
) -> None:
    border = RestrictedPlaces("Border", RestrictionLevel.APPROVAL, (1,), "Security officer")
    mines = RestrictedPlaces("Mines", RestrictionLevel.NO_GO, (3,))
    choose(election, mission, at, restricted=(border, mines))
    assert closed_places(election, mission).barred == {places[1], places[3]}

    approve_area(area=RestrictedArea.objects.get(name="Border"), note="By letter of the 3rd", by=lead, at=at)

    loaded = load_problem(election, mission)
    assert loaded.index.constituencies.tolist() == [places[1], places[2]]
    [gap] = [row for row in loaded.left_out if row.what == STATION]
    assert (gap.reason, gap.count) == (LeftOutReason.NO_GO, 2)


def test_what_one_owner_has_chosen_is_nothing_to_another(
    election: Election, mission: Mission, places: dict[int, int], at: dt.datetime
) -> None:
    choose(election, mission, at, goes_to=(2,))

    assert closed_places(election, None) == ClosedPlaces()


def test_a_way_that_is_only_warned_of_is_not_forbidden_to_the_optimizer(election: Election, mission: Mission) -> None:
    profile = profile_of_owner(election, mission)

    planned = parameters_of_owner(election, mission).day

    assert profile.strengths["r17-long-leg"] is RuleStrength.WARN
    assert (planned.longest_leg, planned.longest_drive) == (dt.timedelta(0), profile.limits.day.longest_drive)
