"""Measured travel: what a table of matrices must look like, and how it is read."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from stations.deployment.optimizer.matrices import NO_ROAD, TravelMatrices
from stations.deployment.optimizer.problem import Problem, ProblemError
from stations.deployment.optimizer.problem_file import load_problem, save_problem
from tests.benchmarks.optimizer_instance import PARAMS, TINY, make_instance

MEASURED = replace(TINY, areas=2, zones=1, stations=3, new_territory=0)


def matrices() -> TravelMatrices:
    """The second of two areas, with its base and two stations: 9 cells."""
    seconds = np.array([[0, 100, 200], [110, 0, 300], [210, NO_ROAD, 0]]).ravel()
    return TravelMatrices(area=np.full(9, 1), seconds=seconds, metres=seconds * 10)


def measured(travel: TravelMatrices) -> Problem:
    """A problem with these matrices that is valid, or else the error of its validation."""
    problem = make_instance(MEASURED, 1)
    stations = replace(problem.stations, area=np.array([1, 0, 1]))
    valid = replace(problem, stations=stations, travel=travel)
    valid.validate()
    return valid


def test_a_matrix_of_the_right_size_is_taken() -> None:
    assert len(measured(matrices()).travel) > 0
    assert len(measured(TravelMatrices.none()).travel) == 0


@pytest.mark.parametrize(
    ("break_it", "code", "field", "area"),
    [
        (
            lambda m: replace(m, area=m.area[:-1], seconds=m.seconds[:-1], metres=m.metres[:-1]),
            "travel-size",
            "area",
            1,
        ),
        (lambda m: replace(m, area=np.full(9, 0)), "travel-size", "area", 0),
        (lambda m: replace(m, area=np.full(9, 2)), "travel-size", "area", 2),
        (lambda m: replace(m, area=np.array([1, 1, 1, 1, 0, 0, 0, 0, 1])), "travel-size", "area", 0),
        (lambda m: replace(m, seconds=np.where(m.seconds == 300, -1, m.seconds)), "travel-hole", "seconds", 1),
        (lambda m: replace(m, metres=np.where(m.metres == 3000, -7, m.metres)), "travel-negative", "metres", 1),
        (lambda m: replace(m, metres=m.metres[:-1]), "problem-length", "metres", -1),
    ],
)
def test_what_is_wrong_is_named_with_its_area(
    break_it: Callable[[TravelMatrices], TravelMatrices], code: str, field: str, area: int
) -> None:
    with pytest.raises(ProblemError) as error:
        measured(break_it(matrices()))

    assert (error.value.code, error.value.field, error.value.index) == (code, f"travel.{field}", area)


def test_the_first_cell_of_an_area() -> None:
    assert matrices().first_cell(np.array([0, 1, 2])).tolist() == [-1, 0, -1]
    assert TravelMatrices.none().first_cell(np.array([0, 1])).tolist() == [-1, -1]


def test_matrices_travel_with_the_problem(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("matrices") / "problem.npz"
    problem = make_instance(MEASURED, 1)
    problem = replace(problem, stations=replace(problem.stations, area=np.array([1, 0, 1])), travel=matrices())

    save_problem(problem, PARAMS, path)

    assert load_problem(path)[0].travel.seconds.tolist() == problem.travel.seconds.tolist()
