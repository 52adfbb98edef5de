"""The whole square of states."""

from itertools import product

import pytest

from missions.kernel.transitions import IllegalTransitionError, ensure_transition
from stations.deployment.samples.states import SAMPLE_TRANSITIONS, SampleState

_S = SampleState
EDGES = {(_S.DRAWN, _S.LOCKED), (_S.DRAWN, _S.DISCARDED)}


@pytest.mark.parametrize(("source", "target"), list(product(_S, _S)))
def test_exactly_the_edges_of_the_table_are_allowed(source: SampleState, target: SampleState) -> None:
    if (source, target) in EDGES:
        ensure_transition(SAMPLE_TRANSITIONS, source, target)
    else:
        with pytest.raises(IllegalTransitionError):
            ensure_transition(SAMPLE_TRANSITIONS, source, target)
