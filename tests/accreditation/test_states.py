"""The state tables are exactly those of the design: every pair of states, through `ensure_transition`."""

import pytest

from accreditation.states import (
    ACCREDITATION_TRANSITIONS,
    APPLICATION_TRANSITIONS,
    AccreditationState,
    ApplicationState,
)
from missions.kernel.transitions import IllegalTransitionError, ensure_transition

APPLICATION_EDGES = {
    "draft": "submitted withdrawn",
    "submitted": "incomplete under_review inadmissible_late withdrawn",
    "incomplete": "submitted withdrawn",
    "inadmissible_late": "under_review",
    "under_review": "incomplete recommended withdrawn",
    "recommended": "scheduled under_review withdrawn accredited refused",
    "scheduled": "accredited refused under_review withdrawn",
    "refused": "appealed",
    "appealed": "under_review accredited refused_final",
}
ACCREDITATION_EDGES = {
    "active": "suspended revoked returned replaced expired",
    "suspended": "active revoked returned expired",
    "revoked": "active",
}


@pytest.mark.parametrize("target", list(ApplicationState))
@pytest.mark.parametrize("source", list(ApplicationState))
def test_an_application_moves_along_the_table_only(source: ApplicationState, target: ApplicationState) -> None:
    if target in APPLICATION_EDGES.get(source, "").split():
        ensure_transition(APPLICATION_TRANSITIONS, source, target)
        return
    with pytest.raises(IllegalTransitionError):
        ensure_transition(APPLICATION_TRANSITIONS, source, target)


@pytest.mark.parametrize("target", list(AccreditationState))
@pytest.mark.parametrize("source", list(AccreditationState))
def test_an_accreditation_moves_along_the_table_only(source: AccreditationState, target: AccreditationState) -> None:
    if target in ACCREDITATION_EDGES.get(source, "").split():
        ensure_transition(ACCREDITATION_TRANSITIONS, source, target)
        return
    with pytest.raises(IllegalTransitionError):
        ensure_transition(ACCREDITATION_TRANSITIONS, source, target)
