"""The model of CP-SAT: a 0/1 variable for each request at each place, intervals for what uses resources.

On few cores 0/1 starts with one row a place, searched by `max_lp`, are what proves bounds. Intervals at hosts and the
solver's own mix of strategies never left the bound "everything is granted".
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from ortools.sat.python import cp_model

from missions.timeline.scheduler.clashes import Choice, Row, by_place, chain_rows, family_rows, head_rows
from missions.timeline.scheduler.facts import Facts, Starts
from missions.timeline.scheduler.plan import Rule
from missions.timeline.scheduler.problem import Booking

EVERY_RULE: Final = frozenset(Rule)


class Raster:
    """Requests at their possible starts under the rules; those `needed` have to be held, the others may be.

    choice: the variable of a request at a start of its host or hall. begin: the start of one that uses resources.
    held: whether a request is granted. Rules may be left out, to find those that a conflict is made of.
    """

    def __init__(
        self, facts: Facts, starts: Starts, needed: Iterable[str], *, rules: frozenset[Rule] = EVERY_RULE
    ) -> None:
        self.facts = facts
        self.starts = {name: starts[name] for name in sorted(starts)}
        self.model = cp_model.CpModel()
        self.choice: dict[Choice, Any] = {}
        self.begin: dict[str, Any] = {}
        self.held: dict[str, Any] = {}
        self._derived: list[tuple[Any, Callable[[set[Choice]], bool]]] = []
        fixed = frozenset(needed)
        for name in self.starts:
            self._add_request(name, needed=name in fixed)
        self.placed = {name: left for name, left in self.starts.items() if name not in self.begin}
        if Rule.CAPACITY in rules:
            self._add_places()
            self._add_resources()
        if Rule.HEAD in rules:
            self.exclude(head_rows(facts, self.placed))
        if Rule.FAMILY in rules:
            self.exclude(family_rows(facts, self.placed))
        if Rule.CHAIN in rules:
            self._add_chains()

    def exclude(self, rows: Iterable[Row]) -> None:
        """Take at most one choice of each row."""
        for row in rows:
            self.model.add_at_most_one([self.choice[choice] for choice in row])

    def flag(self, holds: Callable[[set[Choice]], bool]) -> Any:
        """Return a new 0/1 variable; `holds` tells its value for given choices, so that a hint can be whole."""
        variable = self.model.new_bool_var("")
        self._derived.append((variable, holds))
        return variable

    def delay(self, name: str) -> Any:
        """Return the cost of a request's wait as an expression: nothing if it is not held."""
        coef, earliest = self.facts.request[name].coef, self.facts.earliest[name]
        if name in self.begin:
            first = self.starts[name][0]
            return coef * (self.begin[name] - first) + coef * (first - earliest) * self.held[name]
        return sum(coef * (start - earliest) * self.choice[name, start] for start in self.starts[name])

    def at(self, name: str, start: int) -> Any:
        """Return a literal that is true only if the request is held at this start."""
        if name not in self.begin:
            return self.choice.get((name, start), 0)
        if start not in self.starts[name]:
            return 0
        literal = self.flag(lambda held: (name, start) in held)
        self.model.add(self.begin[name] == start).only_enforce_if(literal)
        self.model.add_implication(literal, self.held[name])
        return literal

    def hint(self, bookings: Iterable[Booking]) -> None:
        """Tell the solver a whole plan to start from; half a hint is of little use to it."""
        held = {(booking.request, booking.start) for booking in bookings if booking.request in self.starts}
        begun = dict(held)
        self.model.clear_hints()  # type: ignore[no-untyped-call]  # ortools
        for choice, variable in self.choice.items():
            self.model.add_hint(variable, choice in held)
        for name, variable in self.begin.items():
            self.model.add_hint(variable, begun.get(name, self.starts[name][0]))
        for variable, holds in self._derived:
            self.model.add_hint(variable, holds(held))

    def bookings(self, value: Callable[[Any], int]) -> tuple[Booking, ...]:
        """Return the bookings of a solution, given the value of a variable."""
        placed = [Booking(*choice) for choice, variable in self.choice.items() if value(variable)]
        free = [Booking(name, value(variable)) for name, variable in self.begin.items() if value(self.held[name])]
        return tuple(sorted(placed + free))

    def _add_request(self, name: str, *, needed: bool) -> None:
        request, starts = self.facts.request[name], self.starts[name]
        if needed or not starts:
            self.held[name] = self.model.new_constant(int(needed))
        else:
            self.held[name] = self.flag(lambda held: any((name, start) in held for start in starts))
        if not starts:
            self.model.add(self.held[name] == 0)
        elif request.uses:
            self.begin[name] = self.model.new_int_var_from_domain(cp_model.Domain.from_values(starts), "")
            if not needed:  # one value for "not held", or equal plans multiply
                self.model.add(self.begin[name] == starts[0]).only_enforce_if(~self.held[name])
        else:
            for start in starts:
                self.choice[name, start] = self.model.new_bool_var("")
            chosen = [self.choice[name, start] for start in starts]
            self.model.add_exactly_one(chosen if needed else [*chosen, ~self.held[name]])

    def _add_places(self) -> None:
        for (host, start), names in by_place(self.facts, self.placed).items():
            chosen, capacity = [self.choice[name, start] for name in names], self.facts.host[host].capacity
            if capacity == 1:
                self.model.add_at_most_one(chosen)
            elif len(chosen) > capacity:
                self.model.add(sum(chosen) <= capacity)

    def _add_resources(self) -> None:
        """Count the units in use; which unit serves whom is told afterwards, so that nothing is symmetric here."""
        used: dict[str, list[tuple[Any, int]]] = defaultdict(list)
        for name, begin in self.begin.items():
            interval = self.model.new_optional_fixed_size_interval_var(
                begin, self.facts.length[name], self.held[name], ""
            )
            for use in self.facts.request[name].uses:
                used[use.resource].append((interval, use.amount))
        for resource, uses in used.items():
            capacity = self.facts.resource[resource].capacity
            if sum(amount for _, amount in uses) > capacity:
                self.model.add_cumulative([one for one, _ in uses], [amount for _, amount in uses], capacity)

    def _add_chains(self) -> None:
        for name in self.starts:
            for link in self.facts.request[name].after:
                if link.request in self.starts and self.starts[name] and self.starts[link.request]:
                    self._add_chain(link.request, name, link.lag)

    def _add_chain(self, before: str, after: str, lag: int) -> None:
        if before in self.placed and after in self.placed:
            self.exclude(chain_rows(self.facts, self.starts, before, after, lag))
            return
        over = self._position(before) + (self.facts.length[before] + lag) * self.held[before]
        self.model.add(over <= self._position(after)).only_enforce_if(self.held[before], self.held[after])

    def _position(self, name: str) -> Any:
        if name in self.begin:
            return self.begin[name]
        return sum(start * self.choice[name, start] for start in self.starts[name])


def starts_of(bookings: Iterable[Booking]) -> Mapping[str, tuple[int, ...]]:
    """Return the bookings as possible starts: each request at its own start only."""
    return {booking.request: (booking.start,) for booking in bookings}
