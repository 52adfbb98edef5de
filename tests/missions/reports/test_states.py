"""The whole square of states."""

import pytest

from missions.kernel.transitions import IllegalTransitionError, ensure_transition
from missions.reports.states import REPORT_TRANSITIONS, ReportState

_S = ReportState
EDGES = {
    (_S.DRAFT, _S.SUBMITTED),
    (_S.SUBMITTED, _S.DRAFT),
    (_S.SUBMITTED, _S.REGISTERED),
    (_S.REGISTERED, _S.RETRACTED),
}


@pytest.mark.parametrize("source", ReportState)
@pytest.mark.parametrize("target", ReportState)
def test_exactly_the_edges_of_the_table_exist(source: ReportState, target: ReportState) -> None:
    if (source, target) in EDGES:
        ensure_transition(REPORT_TRANSITIONS, source, target)
    else:
        with pytest.raises(IllegalTransitionError):
            ensure_transition(REPORT_TRANSITIONS, source, target)
