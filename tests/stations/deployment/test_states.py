"""The whole square of plan states."""

from itertools import product

import pytest

from missions.kernel.transitions import IllegalTransitionError, ensure_transition
from stations.deployment.states import PLAN_TRANSITIONS, PlanState

EDGES = {("draft", "released"), ("draft", "discarded"), ("released", "superseded")}


@pytest.mark.parametrize(("source", "target"), list(product(PlanState, PlanState)))
def test_exactly_the_edges_of_the_table_are_allowed(source: PlanState, target: PlanState) -> None:
    if (source.value, target.value) in EDGES:
        ensure_transition(PLAN_TRANSITIONS, source, target)
    else:
        with pytest.raises(IllegalTransitionError):
            ensure_transition(PLAN_TRANSITIONS, source, target)
