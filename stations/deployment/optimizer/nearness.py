"""Which countries are near enough to a station abroad for people who live there to serve in it."""

import numpy as np

from stations.deployment.optimizer.params import Params
from stations.deployment.optimizer.problem import Flags, Ints, Problem
from stations.deployment.optimizer.travel import straight_metres


def neighbours(problem: Problem, params: Params, country: Ints) -> Flags:
    """Return [k,c]: whether people who live in country c may serve in country[k]."""
    lon, lat = problem.countries.lon[country], problem.countries.lat[country]
    metres = straight_metres(lon[:, None], lat[:, None], lon[None, :], lat[None, :])
    np.fill_diagonal(metres, -1.0)
    nearest = np.argsort(metres, axis=1, kind="stable")[:, : params.overseas.near + 1]
    near = np.zeros((len(country), len(problem.countries)), np.bool_)
    near[np.arange(len(country))[:, None], country[nearest]] = True
    return near
