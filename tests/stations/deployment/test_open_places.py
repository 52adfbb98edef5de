"""Where nobody is sent: places that were not chosen are no gap, and those that are closed are one with its reason."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from missions.models import Election, Mission, User
from stations.deployment.models import RestrictedArea
from stations.deployment.open_places import ClosedPlaces, closed_places
from stations.deployment.optimizer.pipeline import solve
from stations.deployment.optimizer.solution import Limit
from stations.deployment.problem_loading import load_problem
from stations.deployment.profile_choice import parameters_of_owner, profile_of_owner
from stations.deployment.records import OBSERVER, STATION, LeftOut
from stations.deployment.rules.chosen import ChosenRules, ListedState, RestrictedPlaces
from stations.deployment.services.settings import approve_area, choose_rules
from stations.deployment.states import LeftOutReason, RestrictionLevel, RuleStrength
from tests.stations.deployment.builders import constituency, deployed, home_stations

pytestmark = pytest.mark.django_db

PEOPLE = (("FRA", ""), ("DEU", ""), ("SWE", "DEU"))


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


def test_who_is_listed_is_planned_for_elsewhere_or_left_out_with_the_reason(
    election: Election, mission: Mission, places: dict[int, int], at: dt.datetime
) -> None:
    listed = (ListedState("FRA", (1, 3)), ListedState("DEU"), ListedState("NOR", (1, 2, 3)))
    choose(election, mission, at, listed=listed)
    french, german, both = (deployed(mission, first, second=second) for first, second in PEOPLE)

    closed, loaded = closed_places(election, mission), load_problem(election, mission)

    assert closed.listed == {"FRA": {places[1], places[3]}, "NOR": {*places.values()}}
    assert LeftOut(OBSERVER, LeftOutReason.LISTED_NATIONALITY, (german.pk, both.pk)) in loaded.left_out
    assert loaded.short_term.observer_ids.tolist() == [french.pk]
    problem = loaded.short_term.problem
    row = loaded.index.countries.index("FRA")
    assert problem.countries.barred[row, problem.areas.zone].tolist() == [True, False, True]
    assert loaded.index.region_of.tolist() == [0, 0, 0]
    # of the region a part is left to them: whoever looks after it need not go to the rest
    assert loaded.long_term.problem.countries.barred.tolist() == [[False]]


def test_a_list_that_the_profile_does_not_judge_is_not_followed(
    election: Election,
    mission: Mission,
    places: dict[int, int],
    at: dt.datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    choose(election, mission, at, listed=(ListedState("FRA", (1,)), ListedState("DEU")))
    profile = profile_of_owner(election, mission)
    strengths = {**profile.strengths, "r04-listed-nationality": RuleStrength.OFF}
    relaxed = replace(profile, strengths=strengths)
    monkeypatch.setattr("stations.deployment.open_places.load_deployment_profile", lambda code: relaxed)

    assert closed_places(election, mission) == ClosedPlaces()


def test_the_optimizer_sends_nobody_where_the_list_says_so(
    election: Election, mission: Mission, places: dict[int, int], at: dt.datetime
) -> None:
    choose(election, mission, at, listed=(ListedState("FRA", (1, 3)),))
    for nationality in ("FRA", "DEU", "FRA", "SWE"):
        deployed(mission, nationality)
    part = load_problem(election, mission).short_term

    plan = solve(part.problem, part.params)

    assert plan.teams.area.tolist() == [1, 1]
    assert [(row.count, row.country) for row in plan.bindings if row.limit is Limit.ZONE_BARRED] == [(2, 1)]
    free = replace(part.problem.countries, barred=np.zeros_like(part.problem.countries.barred))
    assert sorted(solve(replace(part.problem, countries=free), part.params).teams.area.tolist()) != [1, 1]


def test_one_observer_will_do_abroad_where_the_profile_does_not_insist_on_two(
    election: Election, mission: Mission, at: dt.datetime
) -> None:
    assert parameters_of_owner(election, mission).alone_abroad is False
    choose_rules(
        election=election, mission=mission, chosen=ChosenRules("parliamentary-delegation"), seen=0, by=None, at=at
    )
    deployed(mission, "FRA")

    parameters = parameters_of_owner(election, mission)

    assert parameters.alone_abroad is True
    loaded = load_problem(election, mission, parameters=parameters)
    assert loaded.short_term.problem.missions.solo_ok.tolist() == [True]


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
