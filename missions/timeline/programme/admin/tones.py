"""The colours of states."""

from missions.timeline.programme.states import ProgrammeState, RequestState

PROGRAMME_TONES = {
    ProgrammeState.ORDERED: "info",
    ProgrammeState.FAILED: "danger",
    ProgrammeState.DRAFT: "warning",
    ProgrammeState.RELEASED: "success",
}
REQUEST_TONES = {RequestState.ASKED: "info", RequestState.WITHDRAWN: "warning"}
