"""What follows for a team from its members."""

from dataclasses import replace

import numpy as np

from stations.deployment.optimizer.crews import barred_zones, team_languages, team_missions, works_at_home
from stations.deployment.optimizer.solution import MIXED
from tests.benchmarks.optimizer_instance import PARAMS
from tests.stations.deployment.optimizer.plans import plain


def test_team_missions_and_languages() -> None:
    problem = plain()
    language = np.arange(12)
    problem = replace(problem, observers=replace(problem.observers, language=language))
    pairs = np.array([[0, 3], [1, 2]])

    assert team_missions(problem, pairs).tolist() == [0, MIXED]
    assert team_languages(problem, pairs).tolist() == [3, 3]


def test_a_team_is_barred_where_any_nationality_of_its_two_is() -> None:
    problem = plain()
    nationality = np.array([[0, -1], [1, -1], [2, 5], [5, 0]] + [[3, -1]] * 8)
    barred = np.zeros((6, 2), np.bool_)
    barred[0, 0] = barred[5, 1] = True
    problem = replace(
        problem,
        observers=replace(problem.observers, nationality=nationality),
        countries=replace(problem.countries, barred=barred),
    )

    zones = barred_zones(problem, np.array([[0, 1], [1, 4], [1, 2], [3, 4]]))

    assert zones.tolist() == [[True, False], [False, False], [False, True], [True, True]]
    assert barred_zones(problem, np.zeros((0, 2), np.int64)).shape == (0, 2)


def test_only_those_who_both_live_abroad_stay_out() -> None:
    problem = plain()
    residence = np.where(np.arange(12) < 3, 4, -1)
    problem = replace(problem, observers=replace(problem.observers, residence=residence))
    pairs = np.array([[0, 1], [2, 5], [6, 9]])

    assert works_at_home(problem, PARAMS, pairs).tolist() == [False, True, True]
    wanted = replace(PARAMS, areas=replace(PARAMS.areas, abroad_pairs=True))
    assert works_at_home(problem, wanted, pairs).all()
