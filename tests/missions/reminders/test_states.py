from itertools import product

import pytest

from missions.kernel.transitions import IllegalTransitionError, ensure_transition
from missions.reminders.states import MESSAGE_TRANSITIONS, MessageState

EDGES = {
    ("planned", "leased"),
    ("planned", "cancelled"),
    ("planned", "expired"),
    ("planned", "sent"),
    ("leased", "sent"),
    ("leased", "planned"),
    ("leased", "failed"),
    ("leased", "parked"),
    ("failed", "planned"),
    ("parked", "planned"),
}


@pytest.mark.parametrize(("source", "target"), list(product(MessageState, MessageState)))
def test_transitions_are_exactly_the_table(source: MessageState, target: MessageState) -> None:
    try:
        ensure_transition(MESSAGE_TRANSITIONS, source, target)
        is_allowed = True
    except IllegalTransitionError:
        is_allowed = False

    assert is_allowed == ((source.value, target.value) in EDGES)
