"""Acts at the same moment, each on a real connection of its own."""

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from django.db import connections

from missions.kernel.errors import DomainError

#: How often a race is run; a few times in `make test`, more when somebody asks.
ROUNDS = int(os.environ.get("RACE_ROUNDS", "2"))


def race(acts: Sequence[Callable[[], object]]) -> list[object]:
    """Start the acts at once; what each returned, or the domain error that it raised."""
    barrier = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        barrier.wait(timeout=30)
        try:
            return act()
        except DomainError as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def errors_of(results: Sequence[object]) -> list[type]:
    """The kinds of error among the results."""
    return [type(result) for result in results if isinstance(result, DomainError)]
