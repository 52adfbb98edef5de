"""The whole square of states."""

from itertools import product

import pytest

from missions.kernel.transitions import IllegalTransitionError, ensure_transition
from stations.access.states import ACCESS_TRANSITIONS, AccessState

_S = AccessState
EDGES = {
    (_S.REQUESTED, _S.GRANTED),
    (_S.REQUESTED, _S.REFUSED),
    (_S.REQUESTED, _S.WITHDRAWN),
    (_S.GRANTED, _S.REFUSED),
    (_S.GRANTED, _S.WITHDRAWN),
}


@pytest.mark.parametrize(("source", "target"), list(product(_S, _S)))
def test_exactly_the_edges_of_the_table_are_allowed(source: AccessState, target: AccessState) -> None:
    if (source, target) in EDGES:
        ensure_transition(ACCESS_TRANSITIONS, source, target)
    else:
        with pytest.raises(IllegalTransitionError):
            ensure_transition(ACCESS_TRANSITIONS, source, target)
