"""The hosts as one assignment of requests to places, by HiGHS, around whatever else is already booked."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from math import ceil, inf
from typing import Final

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from missions.timeline.scheduler.answers import Answer, Outcome
from missions.timeline.scheduler.clashes import Choice, by_place, chain_rows, family_rows, head_rows, held_at
from missions.timeline.scheduler.clock import Deadline
from missions.timeline.scheduler.facts import Facts, Starts
from missions.timeline.scheduler.problem import Booking

Busy = Mapping[tuple[str, int], int]
"""Interpreters that sessions hold: language, first slot of a session or of a part of it -> how many."""

_INFEASIBLE: Final = 2


class Assignment:
    """Requests of hosts at their possible starts; those `needed` have to be held."""

    def __init__(self, facts: Facts, starts: Starts, needed: Iterable[str], busy: Busy) -> None:
        self.facts = facts
        self.starts = {name: starts[name] for name in sorted(starts)}
        self.choices: list[Choice] = [(name, start) for name, own in self.starts.items() for start in own]
        self._column = {choice: column for column, choice in enumerate(self.choices)}
        self._rows: list[list[tuple[int, int]]] = []
        self._lower: list[float] = []
        self._upper: list[int] = []
        fixed = frozenset(needed)
        for name, own in self.starts.items():
            self.limit([(name, start) for start in own], 1, least=int(name in fixed))
        for (host, _), names in by_place(facts, self.starts).items():
            self.limit([(name, _) for name in names], facts.host[host].capacity)
        for row in (*head_rows(facts, self.starts), *family_rows(facts, self.starts)):
            self.limit(row, 1)
        self._add_chains()
        self._add_interpreters(busy)

    def limit(self, row: list[Choice], most: int, *, least: int = 0) -> None:
        """Take at most so many choices of the row, and at least so many."""
        if len(row) > most or least:
            self._add_row([(self._column[choice], 1) for choice in row], least, most)

    def limit_cost(self, cost: Callable[[Choice], int], most: int) -> None:
        """Take choices of at most so much cost together."""
        self._add_row([(column, cost(choice)) for choice, column in self._column.items() if cost(choice)], -inf, most)

    def minimize(self, cost: Callable[[Choice], int], deadline: Deadline, *, gap: float = 0.0) -> Answer:
        """Return the choices of the least cost. Equal problems give equal answers unless the clock ends the search."""
        if not self.choices:
            return Answer(outcome=Outcome.IMPOSSIBLE if any(self._lower) else Outcome.FOUND)
        costs = np.array([cost(choice) for choice in self.choices], np.float64)
        answer = milp(
            costs,
            constraints=LinearConstraint(self._matrix(), np.array(self._lower), np.array(self._upper)),
            integrality=np.ones(len(costs)),
            bounds=Bounds(0, 1),
            options={"mip_rel_gap": gap, "time_limit": max(0.01, deadline.remaining(at_most=3600))},
        )
        if answer.x is None:
            return Answer(outcome=Outcome.IMPOSSIBLE if answer.status == _INFEASIBLE else Outcome.UNKNOWN)
        taken = np.flatnonzero(answer.x > 0.5).tolist()
        value = round(float(costs[taken].sum()))
        bound = value if answer.mip_dual_bound is None else ceil(float(answer.mip_dual_bound) - 1e-6)
        return Answer(
            outcome=Outcome.FOUND,
            bookings=tuple(Booking(*self.choices[column]) for column in taken),
            value=value,
            bound=min(value, bound),
        )

    def _matrix(self) -> csr_array:
        rows = [number for number, row in enumerate(self._rows) for _ in row]
        columns = [column for row in self._rows for column, _ in row]
        amounts = [float(amount) for row in self._rows for _, amount in row]
        return csr_array((amounts, (rows, columns)), shape=(len(self._rows), len(self.choices)))

    def _add_row(self, row: list[tuple[int, int]], least: float, most: int) -> None:
        self._rows.append(row)
        self._lower.append(least)
        self._upper.append(most)

    def _add_chains(self) -> None:
        for name in self.starts:
            for link in self.facts.request[name].after:
                if link.request in self.starts:
                    for row in chain_rows(self.facts, self.starts, link.request, name, link.lag):
                        self.limit(row, 1)

    def _add_interpreters(self, busy: Busy) -> None:
        speaking: dict[str, list[str]] = defaultdict(list)
        for name in self.starts:
            speaking[self.facts.request[name].language].append(name)
        speaking.pop("", None)
        for language, names in sorted(speaking.items()):
            taken = [slot for spoken, slot in busy if spoken == language]
            for instant, row in held_at(self.facts, self.starts, names, taken):
                if row:
                    self.limit(row, max(0, self.facts.interpreters[language] - busy.get((language, instant), 0)))
