"""In which order a run hands its tests out: nobody waits for the last one, nor idles while tests wait for a server."""

from collections import deque
from collections.abc import Iterator, Sequence
from itertools import chain, groupby, islice
from typing import Final, TypeAlias

import pytest

Module: TypeAlias = list[pytest.Item]

#: So many tests each worker is given first, one worker after the other (`--maxschedchunk` in the Makefile).
_FIRST_GIVEN: Final = 20
#: By so much tests that commit run ahead of the others, for at the end there are to be many short ones.
_AHEAD: Final = 1.2


def handed_out(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """The longest modules first, each for a worker of its own; then those that commit, evenly among the others.

    Who commits mostly waits, for servers and other processes. Left to the end, where pytest-django puts them, these
    tests wait while the processors have nothing to do. Modules stay whole, because their tests share what they built.
    """
    modules = [list(tests) for _key, tests in groupby(items, key=lambda item: (item.path, _commits(item)))]
    longest = [tests for tests in modules if any(item.get_closest_marker("longest") for item in tests)]
    others = chain.from_iterable(_evenly([tests for tests in modules if tests not in longest]))
    order: list[pytest.Item] = []
    for tests in longest:
        order += tests
        order += islice(others, -len(order) % _FIRST_GIVEN)
    return [*order, *others]


def _evenly(modules: Sequence[Module]) -> Iterator[Module]:
    """Modules that commit between those that roll back, by the number of their tests."""
    committing = deque(tests for tests in modules if _commits(tests[0]))
    rolling = [tests for tests in modules if not _commits(tests[0])]
    share = _AHEAD * sum(map(len, committing)) / max(1, sum(map(len, rolling)))
    owed = 0.0
    for tests in rolling:
        yield tests
        owed += share * len(tests)
        while committing and owed > 0:
            owed -= len(committing[0])
            yield committing.popleft()
    yield from committing


def _commits(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    asked = marker is not None and marker.kwargs.get("transaction", False)
    return asked or bool({"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ())))
