from itertools import product

import pytest
from django.db.models import TextChoices

from missions.kernel.errors import ConflictError
from missions.kernel.transitions import IllegalTransitionError, Transitions, ensure_transition


class Door(TextChoices):
    OPEN = "open", "open"
    SHUT = "shut", "shut"
    GONE = "gone", "taken away"


TABLE: Transitions[Door] = {
    Door.OPEN: frozenset({Door.SHUT}),
    Door.SHUT: frozenset({Door.OPEN, Door.GONE}),
    Door.GONE: frozenset(),
}


@pytest.mark.parametrize(("source", "target"), list(product(Door, Door)))
def test_ensure_transition_allows_the_edges_of_the_table_only(source: Door, target: Door) -> None:
    try:
        ensure_transition(TABLE, source, target)
        is_allowed = True
    except IllegalTransitionError:
        is_allowed = False

    assert is_allowed == ((source, target) in {("open", "shut"), ("shut", "open"), ("shut", "gone")})


def test_illegal_transition_is_a_conflict_that_names_both_states_in_words() -> None:
    with pytest.raises(ConflictError) as caught:
        ensure_transition(TABLE, Door.GONE, Door.OPEN)

    error = caught.value
    assert isinstance(error, IllegalTransitionError)
    assert (error.code, error.detail) == ("illegal-transition", "“taken away” cannot become “open”.")
    assert (error.source, error.target) == (Door.GONE, Door.OPEN)
