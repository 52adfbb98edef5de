"""The file form of a problem and its parameters: one .npz, no pickle."""

from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from stations.deployment.optimizer.matrices import TravelMatrices
from stations.deployment.optimizer.params import Params, params_from_json, params_to_json
from stations.deployment.optimizer.problem import (
    SHAPES,
    Areas,
    Countries,
    Missions,
    Observers,
    OverseasStations,
    Previous,
    Problem,
    ProblemError,
    Stations,
    Targets,
    Zones,
)


def save_problem(problem: Problem, params: Params, path: Path) -> None:
    """Write problem and parameters as one file that `load_problem` reads without pickle."""
    text = np.frombuffer(params_to_json(params).encode(), np.uint8)
    with path.open("wb") as file:
        np.savez(file, allow_pickle=False, params=text, **problem.arrays())


def load_problem(path: Path) -> tuple[Problem, Params]:
    """Read what `save_problem` wrote and validate both parts.

    Raises `ProblemError` (`problem-unreadable`: not such a file; else as `validate`) or `ParamsError`.
    """
    try:
        with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            arrays = {key: file[key] for key in file.files}
            text = arrays.pop("params").tobytes().decode()
        problem = _build(arrays)
    except (OSError, KeyError, ValueError, EOFError, BadZipFile) as error:
        raise ProblemError(code="problem-unreadable", field=type(error).__name__) from error
    params = params_from_json(text)
    params.validate()
    problem.validate()
    return problem, params


def _build(arrays: dict[str, npt.NDArray[np.generic]]) -> Problem:
    def columns(name: str) -> dict[str, Any]:
        return {column: arrays[f"{name}.{column}"] for column, _, _ in SHAPES[name]}

    return Problem(
        observers=Observers(**columns("observers")),
        stations=Stations(**columns("stations")),
        areas=Areas(**columns("areas")),
        zones=Zones(**columns("zones")),
        missions=Missions(**columns("missions")),
        overseas=OverseasStations(**columns("overseas")),
        countries=Countries(**columns("countries")),
        previous=Previous(**columns("previous")),
        targets=Targets(**columns("targets")),
        travel=TravelMatrices(**columns("travel")),
    )
