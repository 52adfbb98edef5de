"""The thin functions around the libraries."""

import numpy as np
import pytest
from scipy.sparse import csc_array, csr_array

from stations.deployment.optimizer import engines
from stations.deployment.optimizer.engines import EngineError, Network, flow, lap, lp_value, milp

DIAMOND = Network(
    tail=np.array([0, 0, 1, 2]),
    head=np.array([1, 2, 3, 3]),
    capacity=np.array([2, 5, 2, 5]),
    cost=np.array([1, 4, -2, 0]),
    supply=np.array([3, 0, 0, -3]),
)


@pytest.mark.parametrize("exact_library", [True, False])
def test_flow_is_the_cheapest(*, exact_library: bool) -> None:
    amount, cost = flow(DIAMOND, exact_library=exact_library)

    assert (amount.tolist(), cost) == ([2, 1, 2, 1], 2)


@pytest.mark.parametrize("exact_library", [True, False])
def test_flow_that_does_not_fit_fails_by_code(*, exact_library: bool) -> None:
    network = Network(
        tail=DIAMOND.tail,
        head=DIAMOND.head,
        capacity=DIAMOND.capacity,
        cost=DIAMOND.cost,
        supply=np.array([30, 0, 0, -30]),
    )

    with pytest.raises(EngineError, match="flow-failed"):
        flow(network, exact_library=exact_library)


def test_flow_without_the_library_falls_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "ortools_flow", None)

    assert flow(DIAMOND)[1] == 2


def test_flow_without_arcs_is_nothing() -> None:
    none = np.zeros(0, np.int64)

    assert flow(Network(none, none, none, none, none))[1] == 0


def test_lap_maximises() -> None:
    assert lap(np.array([[1, 9], [8, 1]])).tolist() == [1, 0]


def test_milp_is_a_proven_optimum() -> None:
    rows = csr_array(np.array([[1.0, 1.0, 0.0], [0.0, 1.0, 1.0]]))

    answer = milp(np.array([3.0, 4.0, 2.0]), rows, np.array([1.0, 1.0]), seconds=5)

    assert answer.x is not None
    assert (answer.x.tolist(), answer.value, answer.bound, answer.optimal) == ([1, 0, 1], 5.0, 5.0, True)


def test_lp_value_relaxes_whole_numbers() -> None:
    triangle = csc_array(np.array([[1.0, 1.0, 0.0], [0.0, 1.0, 1.0], [1.0, 0.0, 1.0]]))

    assert lp_value(np.ones(3), triangle, np.ones(3)) == pytest.approx(1.5)
    with pytest.raises(EngineError, match="bound-failed"):
        lp_value(np.ones(3), triangle, -np.ones(3))
