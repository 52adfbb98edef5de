"""Thin functions around the libraries: assignment, min-cost flow, integer programme; arrays in and out."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, linear_sum_assignment, linprog
from scipy.optimize import milp as scipy_milp
from scipy.sparse import csc_array, csr_array

from stations.deployment.optimizer.problem import Floats, Ints

try:
    from ortools.graph.python import min_cost_flow as ortools_flow
except ImportError:  # the lean installation has scipy only
    ortools_flow = None


class EngineError(RuntimeError):
    """A library found no answer where one must exist. `code` is stable."""

    def __init__(self, *, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Network:
    """A min-cost flow: e arcs (tail, head, capacity, cost) and the supply of every node (sums to zero)."""

    tail: Ints
    head: Ints
    capacity: Ints
    cost: Ints
    supply: Ints


@dataclass(frozen=True, slots=True)
class MilpAnswer:
    """Best point found (None if none), its value, the proven bound, and whether both agree."""

    x: Floats | None
    value: float
    bound: float
    optimal: bool


def lap(weight: npt.NDArray[np.generic]) -> Ints:
    """Return the column of every row of a square matrix so that the sum of weights is greatest."""
    column: Ints = linear_sum_assignment(weight, maximize=True)[1].astype(np.int64)
    return column


def flow(network: Network, *, exact_library: bool = True) -> tuple[Ints, int]:
    """Return the flow on every arc and its least cost, both integers.

    Uses ortools when it is installed and `exact_library` is set, else the simplex method of HiGHS, whose
    vertices are integers here too. Raises `EngineError` (`flow-failed`) if the supplies do not fit.
    """
    if len(network.tail) == 0:
        return np.zeros(0, np.int64), 0
    if exact_library and ortools_flow is not None:
        return _flow_ortools(network)
    return _flow_highs(network)


def _flow_ortools(network: Network) -> tuple[Ints, int]:
    solver: Any = ortools_flow.SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(network.tail, network.head, network.capacity, network.cost)
    solver.set_nodes_supplies(np.arange(len(network.supply)), network.supply)
    if solver.solve() != solver.OPTIMAL:
        raise EngineError(code="flow-failed")
    return np.asarray(solver.flows(arcs), np.int64), int(solver.optimal_cost())


def _flow_highs(network: Network) -> tuple[Ints, int]:
    arcs, nodes = len(network.tail), len(network.supply)
    ones, arc = np.ones(arcs), np.arange(arcs)
    balance = csr_array((np.r_[ones, -ones], (np.r_[network.tail, network.head], np.r_[arc, arc])), shape=(nodes, arcs))
    limits = np.stack([np.zeros(arcs), network.capacity], 1)
    answer = linprog(network.cost, A_eq=balance, b_eq=network.supply, bounds=limits, method="highs-ds")
    if answer.x is None:
        raise EngineError(code="flow-failed")
    amounts = np.rint(answer.x).astype(np.int64)
    return amounts, int(amounts @ network.cost)


def milp(gain: Floats, rows: csr_array, upper: Floats, *, seconds: float) -> MilpAnswer:
    """Choose 0/1 values x with rows @ x <= upper so that gain @ x is greatest, within `seconds`."""
    answer = scipy_milp(
        -gain,
        constraints=LinearConstraint(rows, -np.inf, upper),
        integrality=np.ones(len(gain)),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0.0, "time_limit": max(0.01, seconds)},
    )
    bound = float(gain[gain > 0].sum()) if answer.mip_dual_bound is None else -float(answer.mip_dual_bound)
    if answer.x is None:
        return MilpAnswer(x=None, value=0.0, bound=bound, optimal=False)
    x = np.rint(answer.x)
    return MilpAnswer(x=x, value=float(gain @ x), bound=bound, optimal=answer.status == 0)


def lp_value(gain: Floats, rows: csc_array, upper: Floats) -> float:
    """Return the greatest gain @ x with rows @ x <= upper and x >= 0, which bounds the integer optimum."""
    answer = linprog(-gain, A_ub=rows, b_ub=upper, method="highs")
    if answer.x is None:
        raise EngineError(code="bound-failed")
    return -float(answer.fun)
