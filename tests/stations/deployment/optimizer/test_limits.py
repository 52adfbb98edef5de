"""What binds a plan, on plans small enough to count by hand."""

from dataclasses import replace

import numpy as np

from stations.deployment.optimizer.limits import Placed, limits_of
from stations.deployment.optimizer.problem import Missions, Problem, Targets
from stations.deployment.optimizer.solution import Binding, Limit, OverseasPlan
from tests.benchmarks.optimizer_instance import PARAMS, STATE
from tests.stations.deployment.optimizer.plans import plain, previous

NOBODY_ABROAD = OverseasPlan(
    observer=np.zeros((0, 2), np.int64), country=np.zeros(0, np.int64), station=np.zeros(0, np.int64)
)
PAIRS = np.array([[0, 3], [6, 9], [1, 4], [7, 10], [2, 5]])


def problem() -> Problem:
    """Four stations in area 0, nine in area 1, one in area 2; zone 0 speaks the state language, zone 1 that of all."""
    made = plain()
    nationality = np.stack([np.arange(12) % 5, np.full(12, -1)], axis=1)
    return replace(
        made,
        observers=replace(made.observers, nationality=nationality),
        stations=replace(made.stations, area=np.array([0] * 4 + [1] * 9 + [2]), weight=np.full(14, 100)),
        zones=replace(made.zones, language=np.array([STATE, 1])),
        countries=replace(made.countries, barred=np.zeros((6, 2), np.bool_)),
        overseas=replace(made.overseas, country=np.zeros(0, np.int64)),
    )


def placed(area: list[int], *, idle: list[int] | None = None) -> Placed:
    return Placed(
        overseas=NOBODY_ABROAD,
        pairs=PAIRS,
        area=np.array(area),
        taking_part=np.arange(5),
        stops=np.array([12, 12, 12]),
        idle=np.array(idle or [], np.int64),
        visited=np.array([0, 1, 4]),
        no_road=np.zeros(0, np.int64),
    )


def found(given: Problem, plan: Placed, limit: Limit) -> list[Binding]:
    return [binding for binding in limits_of(given, PARAMS, plan) if binding.limit is limit]


def test_a_plan_that_lacks_nothing_has_no_limits() -> None:
    spoken = replace(problem(), zones=replace(problem().zones, language=np.array([1, 1])))

    assert limits_of(spoken, PARAMS, placed([0, 1, 0, 1, 2])) == ()


def test_languages_that_teams_lack_are_counted_by_zone() -> None:
    limits = found(problem(), placed([0, 1, 0, 2, -1]), Limit.ZONE_LANGUAGE)

    assert limits == [Binding(Limit.ZONE_LANGUAGE, count=3, points=60, zone=0, language=STATE)]


def test_teams_beyond_the_share_of_their_mission() -> None:
    mixed = replace(placed([2, 2, 0, 1, 1]), pairs=np.array([[0, 3], [6, 9], [1, 5], [7, 10], [2, 4]]))

    # mission 0 has two teams and a share of ceil(2 * 1/3 * 1.5) = 1 in zone 1
    limits = found(problem(), mixed, Limit.ZONE_SHARE)

    assert limits == [Binding(Limit.ZONE_SHARE, count=1, points=40, zone=1, mission=0)]


def test_a_mission_that_is_planned_alone_shares_with_nobody() -> None:
    people = replace(problem().observers, mission=np.zeros(12, np.int64))
    alone = Missions(solo_ok=np.zeros(1, np.bool_))

    limits = found(replace(problem(), observers=people, missions=alone), placed([2, 2, 2, 2, 2]), Limit.ZONE_SHARE)

    assert limits == []


def test_an_area_without_team_and_who_might_not_help_there() -> None:
    barred = np.zeros((6, 2), np.bool_)
    barred[[0, 3], 1] = True
    given = replace(problem(), countries=replace(problem().countries, barred=barred))
    plan = replace(placed([0, 0, 0, 1, 1]), pairs=np.array([[0, 3], [6, 9], [1, 4], [7, 10], [2, 4]]))

    assert found(given, plan, Limit.AREA_EMPTY) == [Binding(Limit.AREA_EMPTY, count=1, points=2180, area=2)]
    assert found(given, plan, Limit.ZONE_BARRED) == [
        Binding(Limit.ZONE_BARRED, count=2, zone=1, country=0),
        Binding(Limit.ZONE_BARRED, count=1, zone=1, country=3),
    ]


def test_full_areas_turn_teams_away() -> None:
    stations = replace(problem().stations, area=np.array([0, 1, 2] + [1] * 11))
    given = replace(problem(), stations=stations, previous=previous([(0, 3), (1, 4)], area=[2, 0]))

    limits = found(given, placed([1, -1, 0, 2, 1]), Limit.AREA_FULL)

    # the second team found every area full that it may enter; the first was in area 2 before
    assert limits == [Binding(Limit.AREA_FULL, count=1, area=0), Binding(Limit.AREA_FULL, count=1, area=2)]


def test_people_without_partner_and_why() -> None:
    given = problem()
    language = given.observers.language.copy()
    language[[8, 9]] = [0, 2]
    given = replace(given, observers=replace(given.observers, language=language))
    # 0, 5 and 10 share a nationality; 8 speaks nothing, 9 what nobody else speaks
    limits = limits_of(given, PARAMS, placed([0, 1, 0, 1, 2], idle=[0, 5, 8, 9, 10]))

    assert [limit for limit in limits if limit.zone < 0] == [
        Binding(Limit.PARTNER_LANGUAGE, count=1, mission=0),
        Binding(Limit.PARTNER_LANGUAGE, count=1, mission=2),
        Binding(Limit.PARTNER_NATIONALITY, count=1, mission=0),
        Binding(Limit.PARTNER_NATIONALITY, count=1, mission=1),
        Binding(Limit.PARTNER_NATIONALITY, count=1, mission=2),
    ]
    assert found(given, placed([0, 1, 0, 1, 2], idle=[11]), Limit.PARTNER) == [
        Binding(Limit.PARTNER, count=1, mission=2)
    ]


def test_stations_abroad_without_a_team() -> None:
    given = problem()
    given = replace(given, overseas=replace(given.overseas, country=np.array([4, 5, 5])))
    plan = OverseasPlan(observer=np.array([[8, -1]]), country=np.array([5]), station=np.array([1]))

    limits = found(given, replace(placed([0, 1, 0, 1, 2]), overseas=plan), Limit.COUNTRY_EMPTY)

    assert limits == [
        Binding(Limit.COUNTRY_EMPTY, count=1, country=4),
        Binding(Limit.COUNTRY_EMPTY, count=1, country=5),
    ]


def test_visits_that_targets_miss() -> None:
    member = np.zeros((3, 14), np.bool_)
    member[0, :4] = member[1, :5] = member[2, 13] = True
    given = replace(problem(), targets=Targets(member=member, wanted=np.array([3, 3, 2]), points=np.array([7, 8, 9])))

    assert found(given, placed([0, 1, 0, 1, 2]), Limit.TARGET) == [
        Binding(Limit.TARGET, count=1, points=7, stratum=0),
        Binding(Limit.TARGET, count=2, points=9, stratum=2),
    ]


def test_stations_without_a_road_are_counted_by_area() -> None:
    given = problem()
    rows = np.flatnonzero(given.stations.area == 1)[:2]

    plan = replace(placed([0, 1, 0, 1, 2]), no_road=rows)

    assert found(given, plan, Limit.NO_ROAD) == [Binding(Limit.NO_ROAD, count=len(rows), area=1)]
    assert len(rows) == 2
