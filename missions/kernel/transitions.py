"""Explicit state tables: a mapping from each state to the states that may follow it."""

from collections.abc import Mapping
from typing import TypeVar

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from missions.kernel.errors import ConflictError

StateT = TypeVar("StateT", bound=TextChoices)
Transitions = Mapping[StateT, frozenset[StateT]]


class IllegalTransitionError(ConflictError):
    """The state table has no edge between the two states."""

    code = "illegal-transition"

    def __init__(self, source: TextChoices, target: TextChoices) -> None:
        self.source, self.target = source, target
        states = {"source": source.label, "target": target.label}
        super().__init__(_("“%(source)s” cannot become “%(target)s”.") % states)


def ensure_transition(table: Transitions[StateT], source: StateT, target: StateT) -> None:
    """Raise IllegalTransitionError unless the table has the edge `source -> target`."""
    if target not in table[source]:
        raise IllegalTransitionError(source, target)
