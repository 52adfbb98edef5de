"""The problem refuses arrays that do not fit, and survives its file."""

from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from stations.deployment.optimizer.params import ParamsError
from stations.deployment.optimizer.problem import Previous, Problem, ProblemError, Targets
from stations.deployment.optimizer.problem_file import load_problem, save_problem
from tests.benchmarks.optimizer_instance import PARAMS, TINY, make_instance

Break = Callable[[Problem], Problem]


def _with(table: str, column: str, row: int | tuple[int, int], value: float) -> Break:
    def change(problem: Problem) -> Problem:
        array = getattr(getattr(problem, table), column).copy()
        array[row] = value
        return replace(problem, **{table: replace(getattr(problem, table), **{column: array})})

    return change


def _as(table: str, column: str, array: object) -> Break:
    return lambda problem: replace(problem, **{table: replace(getattr(problem, table), **{column: array})})


def test_validate_accepts_a_good_problem() -> None:
    problem = make_instance(TINY)

    problem.validate()

    assert problem.digest() == make_instance(TINY).digest()  # it is judged, not touched


@pytest.mark.parametrize(
    ("change", "code", "field", "index"),
    [
        (_with("observers", "mission", 4, 3), "problem-index", "observers.mission", 4),
        (_with("observers", "mission", 4, -1), "problem-index", "observers.mission", 4),
        (_with("observers", "nationality", (2, 0), -1), "problem-index", "observers.nationality", 2),
        (_with("observers", "nationality", (2, 1), 6), "problem-index", "observers.nationality", 2),
        (_with("observers", "residence", 1, 6), "problem-index", "observers.residence", 1),
        (_with("observers", "language", 0, -1), "problem-range", "observers.language", 0),
        (_with("stations", "area", 13, 3), "problem-index", "stations.area", 13),
        (_with("stations", "weight", 5, -1), "problem-range", "stations.weight", 5),
        (_with("stations", "weight", 5, 1_000_001), "problem-range", "stations.weight", 5),
        (_with("stations", "lon", 3, np.nan), "problem-range", "stations.lon", 3),
        (_with("stations", "lat", 3, 90.1), "problem-range", "stations.lat", 3),
        (_with("areas", "zone", 0, 2), "problem-index", "areas.zone", 0),
        (_with("areas", "lon", 1, -180.5), "problem-range", "areas.lon", 1),
        (_with("zones", "language", 1, -8), "problem-range", "zones.language", 1),
        (_with("overseas", "country", 2, 6), "problem-index", "overseas.country", 2),
        (_with("countries", "lat", 0, np.inf), "problem-range", "countries.lat", 0),
        (_as("observers", "female", np.zeros(12, np.int64)), "problem-dtype", "observers.female", -1),
        (_as("stations", "area", [0] * 14), "problem-dtype", "stations.area", -1),
        (_as("stations", "lon", np.zeros(13)), "problem-length", "stations.lon", -1),
        (_with("observers", "group", 4, -2), "problem-range", "observers.group", 4),
        (_as("observers", "nationality", np.zeros(12, np.int64)), "problem-shape", "observers.nationality", -1),
        (_as("observers", "nationality", np.zeros((12, 3), np.int64)), "problem-shape", "observers.nationality", -1),
        (_as("countries", "barred", np.zeros((6, 5), np.bool_)), "problem-shape", "countries.barred", -1),
    ],
)
def test_validate_names_the_first_fault(change: Break, code: str, field: str, index: int) -> None:
    problem = change(make_instance(TINY))

    with pytest.raises(ProblemError) as caught:
        problem.validate()

    assert (caught.value.code, caught.value.field, caught.value.index) == (code, field, index)


BEFORE = Previous(
    observer=np.array([[0, 1], [2, -1], [4, -1]]),
    area=np.array([1, -1, -1]),
    overseas=np.array([-1, 2, -1]),
    pair_pinned=np.array([True, False, False]),
    place_pinned=np.array([False, False, False]),
    visit_team=np.array([0, 0]),
    visit_station=np.array([5, -1]),
    visit_pinned=np.array([False, True]),
    visit_position=np.array([0, 1]),
)
TARGETS = Targets(member=np.zeros((2, 14), np.bool_), wanted=np.array([3, 0]), points=np.array([5, 1]))


def _replanned(problem: Problem) -> Problem:
    return replace(problem, previous=BEFORE, targets=TARGETS)


def _before(column: str, row: int | tuple[int, int], value: float) -> Break:
    return lambda problem: _with("previous", column, row, value)(_replanned(problem))


def test_validate_accepts_a_previous_plan_and_targets() -> None:
    problem = _replanned(make_instance(TINY))

    problem.validate()

    assert problem.digest() == _replanned(make_instance(TINY)).digest() != make_instance(TINY).digest()


@pytest.mark.parametrize(
    ("change", "code", "field", "index"),
    [
        (_before("observer", (1, 1), 12), "problem-index", "previous.observer", 1),
        (_before("observer", (2, 1), 1), "problem-twice", "previous.observer", 2),
        (_before("area", 0, 3), "problem-index", "previous.area", 0),
        (_before("area", 1, 0), "problem-place", "previous.overseas", 1),
        (_before("overseas", 2, 2), "problem-twice", "previous.overseas", 2),
        (_before("overseas", 2, 3), "problem-index", "previous.overseas", 2),
        (_before("visit_team", 1, 3), "problem-index", "previous.visit_team", 1),
        (_before("visit_station", 1, 14), "problem-index", "previous.visit_station", 1),
        (_before("visit_station", 1, 5), "problem-twice", "previous.visit_station", 1),
        (_before("visit_position", 1, -1), "problem-range", "previous.visit_position", 1),
        (_as("previous", "visit_pinned", np.zeros(1, np.bool_)), "problem-length", "previous.visit_pinned", -1),
        (_as("previous", "observer", np.zeros((0, 3), np.int64)), "problem-shape", "previous.observer", -1),
        (_as("targets", "member", np.zeros((0, 3), np.bool_)), "problem-shape", "targets.member", -1),
        (_as("targets", "wanted", np.zeros(1, np.int64)), "problem-length", "targets.member", -1),
    ],
)
def test_validate_names_the_first_fault_of_the_previous_plan(change: Break, code: str, field: str, index: int) -> None:
    with pytest.raises(ProblemError) as caught:
        change(make_instance(TINY)).validate()

    assert (caught.value.code, caught.value.field, caught.value.index) == (code, field, index)


def test_the_digest_follows_every_array() -> None:
    problem = make_instance(TINY)

    assert problem.digest() == make_instance(TINY).digest()
    assert len({problem.digest(), _replanned(problem).digest(), _before("area", 0, 2)(problem).digest()}) == 3


def test_validate_refuses_the_same_nationality_twice() -> None:
    problem = make_instance(TINY)
    twice = problem.observers.nationality.copy()
    twice[7] = 3

    with pytest.raises(ProblemError, match=r"problem-nationality: observers.nationality\[7\]"):
        replace(problem, observers=replace(problem.observers, nationality=twice)).validate()


def test_a_saved_problem_comes_back_equal(tmp_path: Path) -> None:
    problem = _replanned(make_instance(TINY))

    save_problem(problem, PARAMS, tmp_path / "in.npz")
    loaded, params = load_problem(tmp_path / "in.npz")

    assert params == PARAMS
    for table in fields(problem):
        for column in fields(getattr(problem, table.name)):
            before = getattr(getattr(problem, table.name), column.name)
            after = getattr(getattr(loaded, table.name), column.name)
            assert after.dtype == before.dtype
            assert after.tolist() == before.tolist()


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04broken"])
def test_load_refuses_another_file(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "in.npz").write_bytes(content)

    with pytest.raises(ProblemError, match="problem-unreadable"):
        load_problem(tmp_path / "in.npz")


def test_load_refuses_an_absent_file_and_a_file_without_a_column(tmp_path: Path) -> None:
    np.savez(tmp_path / "in.npz", params=np.zeros(1, np.uint8))

    for name in ("absent.npz", "in.npz"):
        with pytest.raises(ProblemError, match="problem-unreadable"):
            load_problem(tmp_path / name)


def test_load_refuses_pickled_arrays(tmp_path: Path) -> None:
    np.savez(tmp_path / "in.npz", params=np.array([{"a": 1}], dtype=object))

    with pytest.raises(ProblemError, match="problem-unreadable"):
        load_problem(tmp_path / "in.npz")


def test_load_validates_what_it_read(tmp_path: Path) -> None:
    save_problem(_with("stations", "area", 0, 99)(make_instance(TINY)), PARAMS, tmp_path / "in.npz")
    with pytest.raises(ProblemError, match="problem-index"):
        load_problem(tmp_path / "in.npz")

    bad = replace(PARAMS, routes=replace(PARAMS.routes, max_stops=0))
    save_problem(make_instance(TINY), bad, tmp_path / "in.npz")
    with pytest.raises(ParamsError, match="params-range"):
        load_problem(tmp_path / "in.npz")
