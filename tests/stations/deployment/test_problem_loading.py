"""From rows to arrays: what each column holds, and a number of queries that does not grow."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accreditation.models import Nomination
from accreditation.states import AccreditationState, Role, Sex
from missions.models import Election, Mission
from missions.states import DeploymentMode
from stations.deployment.optimizer.problem import NONE
from stations.deployment.parameters import DEFAULTS, PlanParameters, StationWeights, StratumShares
from stations.deployment.problem_loading import load_problem
from stations.deployment.records import OBSERVER, OVERSEAS_STATION, STATION, LeftOut
from stations.deployment.states import LeftOutReason, PlanState
from stations.models import PollingStation
from tests.stations.deployment.builders import (
    accredit,
    constituency,
    deployed,
    home_stations,
    nominate,
    observer,
    overseas_station,
    plan,
    pool_mission,
    team,
)

pytestmark = pytest.mark.django_db

NO_DRAW = PlanParameters(weights=StationWeights(station_draw=0, constituency_draw=0))


def _queries(election: Election, mission: Mission | None) -> int:
    with CaptureQueriesContext(connection) as captured:
        load_problem(election, mission)
    return len(captured)


def test_the_number_of_queries_does_not_grow(election: Election) -> None:
    delegation = pool_mission(election, "A")
    found = []
    for number in (1, 2, 3):
        home_stations(constituency(election, number, f"R{number}"), number, latitude=40, longitude=48)
        overseas_station(election, f"9000{number}", "KOR", "Asia/Seoul")
        deployed(delegation, "FRA")
        deployed(delegation, "DEU", Role.LTO)
        found.append(_queries(election, None))

    assert found == [6, 6, 6]


def test_every_column_of_people_is_in_its_place(election: Election, mission: Mission) -> None:
    home_stations(constituency(election, 1, "North"), 1, latitude=40, longitude=48)
    overseas_station(election, "90001", "KOR", "Asia/Seoul")
    first = deployed(mission, "FRA", second="BEL", languages=("fr", "en"), experienced=True)
    second = deployed(mission, "NOR", languages=("en",), residence="KOR", sex=Sex.MALE)

    loaded = load_problem(election, mission)

    people, countries = loaded.short_term.problem.observers, loaded.index.countries
    assert loaded.short_term.observer_ids.tolist() == [first.pk, second.pk]
    assert loaded.short_term.nomination_ids.tolist() == [first.nominations.get().pk, second.nominations.get().pk]
    assert countries == ("BEL", "FRA", "KOR", "NOR")
    assert people.nationality.tolist() == [[1, 0], [3, NONE]]
    assert people.residence.tolist() == [NONE, 2]
    assert (people.female.tolist(), people.experienced.tolist()) == ([True, False], [True, False])
    assert people.mission.tolist() == [0, 0]
    shared = people.language[0] & people.language[1]
    assert people.language[0] == loaded.short_term.params.languages.working
    assert shared == people.language[1] != 0


def test_every_column_of_stations_is_in_its_place(election: Election, mission: Mission) -> None:
    deployed(mission, "FRA", languages=("fr", "ru"))
    north = constituency(election, 2, "North", ("az", "ru"))
    south = constituency(election, 1, "South")
    constituency(election, 3, "Empty")
    south_stations = home_stations(south, 1, latitude=39, longitude=49)
    north_stations = home_stations(north, 3, latitude=41, longitude=48)

    loaded = load_problem(election, mission, parameters=NO_DRAW)

    stations, areas, index = loaded.short_term.problem.stations, loaded.short_term.problem.areas, loaded.index
    assert index.stations.tolist() == [station.pk for station in [*south_stations, *north_stations]]
    assert index.constituencies.tolist() == [south.pk, north.pk]
    assert index.regions == ("South", "North")
    assert stations.area.tolist() == [0, 1, 1, 1]
    assert stations.weight.tolist() == [1_000, 51, 86, 1_000]
    assert stations.new_territory.tolist() == [True, False, False, True]
    assert np.round(stations.lat, 5).tolist() == [39.01, 41.01, 41.02, 41.03]
    assert np.round(areas.lat, 5).tolist() == [39.01, 41.02]
    assert (areas.lon.tolist(), areas.urban.tolist(), areas.zone.tolist()) == ([49, 48], [True, True], [0, 1])
    russian = loaded.short_term.problem.zones.language[1] & loaded.short_term.problem.observers.language[0]
    assert russian != 0 == loaded.short_term.problem.zones.language[0] & russian
    loaded.short_term.problem.validate()
    loaded.long_term.problem.validate()


def test_the_pool_prefers_where_no_mission_goes_and_a_mission_does_not_look(
    election: Election, mission: Mission
) -> None:
    north, south = constituency(election, 1, "North"), constituency(election, 2, "South")
    visited = home_stations(north, 2, latitude=41, longitude=48)[:1]
    home_stations(south, 2, latitude=39, longitude=49)
    deployed(mission, "FRA")
    deployed(pool_mission(election, "A"), "DEU")
    team(plan(election, mission, state=PlanState.RELEASED), 1, [deployed(mission, "NOR")], visited)

    pool = load_problem(election, None, parameters=NO_DRAW).short_term.problem.stations
    own = load_problem(election, mission, parameters=NO_DRAW).short_term.problem.stations

    assert (pool.weight - own.weight).tolist() == [0, 0, 60, 60]


def test_long_term_observers_are_given_regions(election: Election, mission: Mission, register: object) -> None:
    deployed(mission, "FRA", Role.LTO)
    deployed(mission, "DEU")

    loaded = load_problem(election, mission)

    problem = loaded.long_term.problem
    assert (len(loaded.long_term), len(loaded.short_term)) == (1, 1)
    assert (len(problem.stations), len(problem.areas), len(problem.overseas)) == (3, 2, 0)
    assert problem.stations.area.tolist() == [0, 0, 1]
    assert problem.stations.weight.tolist() == [2, 2, 2]


def test_the_pool_has_all_host_coordinated_missions_and_nobody_else(election: Election, mission: Mission) -> None:
    home_stations(constituency(election, 1, "North"), 1, latitude=40, longitude=48)
    people = [deployed(pool_mission(election, code), "FRA") for code in ("A", "B")]
    alone = deployed(mission, "DEU")

    pool, own = load_problem(election, None), load_problem(election, mission)

    assert pool.short_term.observer_ids.tolist() == [person.pk for person in people]
    assert pool.short_term.problem.observers.mission.tolist() == [0, 1]
    assert own.short_term.observer_ids.tolist() == [alone.pk]


def test_who_and_what_cannot_take_part_is_left_out(election: Election, mission: Mission) -> None:
    (station,) = home_stations(constituency(election, 1, "North"), 1, latitude=40, longitude=48)
    (late,) = home_stations(constituency(election, 2, "North"), 1, latitude=40, longitude=48)
    PollingStation.objects.filter(pk=late.pk).update(opens_at=dt.time(9))
    (lost,) = home_stations(constituency(election, 3, "North"), 1, latitude=40, longitude=48)
    PollingStation.objects.filter(pk=lost.pk).update(latitude=None, longitude=None)
    abroad = overseas_station(election, "90001", "KOR", "Asia/Seoul", None, None)
    fit = deployed(mission, "FRA")
    host = deployed(mission, "DEU", second="AZE")
    suspended = observer(mission, "ITA")
    accredit(nominate(mission, suspended), AccreditationState.SUSPENDED)
    gone = observer(mission, "ESP")
    accredit(nominate(mission, gone, departs_on=dt.date(2024, 2, 6)))
    revoked = observer(mission, "POL")
    accredit(nominate(mission, revoked), AccreditationState.REVOKED)
    deployed(mission, "SWE", Role.SUPPORT_STAFF)

    loaded = load_problem(election, mission)

    assert (loaded.people, loaded.short_term.observer_ids.tolist()) == (4, [fit.pk])
    assert loaded.index.stations.tolist() == [station.pk]
    assert loaded.left_out == (
        LeftOut(OBSERVER, LeftOutReason.HOST_NATIONAL, (host.pk,)),
        LeftOut(OBSERVER, LeftOutReason.SUSPENDED, (suspended.pk,)),
        LeftOut(OBSERVER, LeftOutReason.NOT_IN_COUNTRY, (gone.pk,)),
        LeftOut(STATION, LeftOutReason.OTHER_HOURS, (late.pk,)),
        LeftOut(STATION, LeftOutReason.NO_COORDINATES, (lost.pk,)),
        LeftOut(OVERSEAS_STATION, LeftOutReason.NO_COORDINATES, (abroad.pk,)),
    )


@pytest.mark.parametrize("residence", ["", "FRA", "AZE", "DEU"])
def test_only_foreigners_in_a_country_that_votes_are_residents(
    election: Election, mission: Mission, residence: str
) -> None:
    home_stations(constituency(election, 1, "North"), 1, latitude=40, longitude=48)
    overseas_station(election, "90001", "FRA", "Europe/Paris")
    deployed(mission, "FRA", residence=residence)

    loaded = load_problem(election, mission)

    assert loaded.short_term.problem.observers.residence.tolist() == [NONE]


def test_the_digest_tells_problems_apart(election: Election, mission: Mission, register: object) -> None:
    deployed(mission, "FRA")
    before = load_problem(election, mission).digest()
    again = load_problem(election, mission).digest()
    deployed(mission, "DEU")

    assert before == again != load_problem(election, mission).digest()


def test_every_owner_and_seed_draws_its_own_stations(election: Election, mission: Mission, register: object) -> None:
    other = pool_mission(election, "OTHER", DeploymentMode.SELF_DIRECTED)
    deployed(mission, "FRA")
    deployed(other, "FRA")

    def weights(owner: Mission, seed: int) -> tuple[int, ...]:
        return tuple(load_problem(election, owner, seed=seed).short_term.problem.stations.weight.tolist())

    assert weights(mission, 1) == weights(mission, 1)
    assert len({weights(mission, 1), weights(mission, 2), weights(other, 1)}) == 3


@pytest.mark.parametrize(
    ("pooled", "residence", "staffs"), [(True, "", True), (False, "", False), (False, "KOR", True)]
)
def test_stations_abroad_are_for_the_pool_and_for_missions_with_residents(
    election: Election,
    mission: Mission,
    other_mission: Mission,
    register: object,
    pooled: bool,
    residence: str,
    staffs: bool,
) -> None:
    deployed(other_mission if pooled else mission, "FRA", residence=residence)

    assert load_problem(election, None if pooled else mission).staffs_overseas is staffs


def test_strata_are_read_from_the_stations_and_wanted_of_the_visits_of_all_pairs(
    election: Election, mission: Mission
) -> None:
    stations = home_stations(constituency(election, 1, "North"), 20, latitude=40, longitude=48)
    PollingStation.objects.filter(pk__in=[station.pk for station in stations[5:]]).update(is_urban=False)
    PollingStation.objects.filter(pk=stations[6].pk).update(has_web_camera=True)
    overseas_station(election, "90001", "KOR", "Asia/Seoul")
    for nationality in ("FRA", "DEU", "SWE"):
        deployed(mission, nationality)
    deployed(mission, "NOR", residence="KOR")
    strata = StratumShares(rural=1_000, urban=500, camera=1_000, newly_covered=1_000, points=9)

    loaded = load_problem(election, mission, parameters=PlanParameters(strata=strata))

    # one pair at home makes twelve visits: 12 * 15 / 20, half of 12 * 5 / 20, 12 * 2 / 20, 12 / 20, all rounded down
    targets = loaded.short_term.problem.targets
    # and half of the whole day that falls to the only region
    assert targets.wanted.tolist() == [9, 1, 1, 0, 6]
    assert targets.member.sum(1).tolist() == [15, 5, 2, 1, 20]
    assert targets.points.tolist() == [9] * 5
    assert loaded.index.strata == ("rural", "urban", "camera", "newly_covered", "region:North")
    assert len(loaded.long_term.problem.targets) == 0


@pytest.mark.parametrize(("mixed", "expected"), [(True, [0, 0, 1, NONE]), (False, [NONE] * 4)])
def test_groups_are_numbered_where_the_rules_look_at_them_and_absent_elsewhere(
    election: Election, mission: Mission, register: object, mixed: bool, expected: list[int]
) -> None:
    for nationality, group in (("FRA", "Greens"), ("DEU", "GREENS"), ("ITA", "Left"), ("ESP", "")):
        deployed(mission, nationality).nominations.update(political_group=group)
    parameters = replace(DEFAULTS, mixed_groups=mixed)
    before = load_problem(election, mission, parameters=parameters)
    Nomination.objects.filter(political_group="").update(political_group="Left")

    assert before.short_term.problem.observers.group.tolist() == expected
    assert (before.digest() != load_problem(election, mission, parameters=parameters).digest()) is mixed
