"""The objective, term by term, on plans small enough to add up by hand."""

from dataclasses import replace

import numpy as np

from stations.deployment.optimizer.score import score_overseas, score_teams, score_visits
from stations.deployment.optimizer.solution import OverseasPlan, Term, VisitPlan
from tests.benchmarks.optimizer_instance import PARAMS, STATE
from tests.stations.deployment.optimizer.plans import plain


def test_teams() -> None:
    problem = plain()
    female, experienced = problem.observers.female.copy(), problem.observers.experienced.copy()
    language = problem.observers.language.copy()
    female[0] = experienced[3] = experienced[0] = True
    language[4] = 1 | STATE
    people = replace(problem.observers, female=female, experienced=experienced, language=language)

    score = score_teams(replace(problem, observers=people), PARAMS, np.array([[0, 3], [1, 4], [2, 6]]))

    assert score.objective == 2000 + 600 + 40 + 25 + 20
    assert score.terms == (
        Term("in_mission", 2, 2000),
        Term("pooled", 1, 600),
        Term("local_language", 1, 40),
        Term("experienced", 1, 25),
        Term("mixed_gender", 1, 20),
    )


def test_pairs_of_two_groups_are_a_term_of_their_own_where_they_give_points() -> None:
    problem = plain()
    group = problem.observers.group.copy()
    group[[0, 3, 2, 6]] = [0, 1, 1, 1]
    problem = replace(problem, observers=replace(problem.observers, group=group))
    params = replace(PARAMS, teams=replace(PARAMS.teams, mixed_group=30))

    score = score_teams(problem, params, np.array([[0, 3], [1, 4], [2, 6]]))

    assert (score.objective, score.terms[-1]) == (2000 + 600 + 30, Term("mixed_group", 1, 30))


def test_overseas() -> None:
    problem = plain()
    residence = problem.observers.residence.copy()
    residence[[0, 3, 5]] = [4, 4, 2]
    problem = replace(problem, observers=replace(problem.observers, residence=residence))
    plan = OverseasPlan(
        observer=np.array([[0, 3], [1, 2], [5, -1]]), country=np.array([4, 4, 2]), station=np.array([0, 1, 2])
    )

    score = score_overseas(problem, PARAMS, plan)

    assert {term.name: term.points for term in score.terms} == {
        "country_staffed": 2000,
        "pair": 1200,
        "solo": 350,
        "resident": 100,
        "same_mission": 200,
        "local_language": 0,
        "experienced": 0,
        "mixed_gender": 0,
    }
    assert score.objective == 3850


def test_visits() -> None:
    problem = plain()
    south_to_north = np.array([40.0, 41.0, 42.0])
    areas = replace(problem.areas, lon=np.full(3, 49.0), lat=south_to_north, urban=np.ones(3, np.bool_))
    stations = replace(
        problem.stations,
        lon=np.full(14, 49.0),
        lat=np.array([40.1, 40.2, 41.1] + [45.0] * 11),
        area=np.array([0, 0, 1] + [2] * 11),
        weight=np.array([7, 8, 9] + [0] * 11),
    )
    visits = VisitPlan(
        team=np.array([0, 0, 1]),
        station=np.array([0, 1, 2]),
        position=np.array([0, 1, 0]),
        arrive=np.zeros(3, np.int64),
        leave=np.zeros(3, np.int64),
        meal=np.full(3, -1),
    )

    score = score_visits(replace(problem, areas=areas, stations=stations), PARAMS, np.array([0, 1]), visits)

    # 0.1 degrees are 11,119.5 m, by road 14,455: there and on and twice back; there and back
    assert score.terms == (Term("visits", 3, 24_000), Term("metres", 86_731, -86_731))
    assert score.objective == 24_000 - 86_731
