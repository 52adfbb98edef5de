"""Other processes that take a share of a stage: VROOM keeps Python waiting, so that threads would not."""

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait as wait_for
from threading import Thread
from typing import Final, TypeVar

_AHEAD: Final = 2
"""Pieces that lie with each helper, so that it need not wait for the next."""

PieceT = TypeVar("PieceT")
AnswerT = TypeVar("AnswerT")


class Helpers:
    """Processes beside this one, as long as they live; `ready` are their first answers, which say that they began."""

    def __init__(self, pool: Executor, ready: Sequence[Future[object]]) -> None:
        self._pool, self._ready = pool, ready

    def take(self, work: Callable[[PieceT], AnswerT], piece: PieceT, busy: int) -> Future[AnswerT] | None:
        """Give the piece to a helper, or return None if all have enough to do with `busy` pieces or are gone."""
        if busy >= _AHEAD * sum(one.done() for one in self._ready):
            return None
        try:
            return self._pool.submit(work, piece)
        except BrokenProcessPool:
            self._ready = ()
            return None


def answers(
    work: Callable[[PieceT], AnswerT],
    pieces: Sequence[PieceT],
    helpers: Helpers | None = None,
    tick: Callable[[int, int], None] | None = None,
) -> list[AnswerT]:
    """Return the answer to each piece in their order; this process works too.

    `work` is a function of a module, or a partial of one; answers must not depend on who gives them. What it raises
    is raised here. The pieces of a helper that was killed are done here. `tick` hears of pieces done and of all.
    """
    found: dict[int, AnswerT] = {}
    left, away = deque(range(len(pieces))), dict[Future[AnswerT], int]()
    while left or away:
        while helpers and left and (future := helpers.take(work, pieces[left[0]], len(away))):
            away[future] = left.popleft()
        if left:
            index = left.popleft()
            found[index] = work(pieces[index])
        for future in wait(away, timeout=0 if left else None, return_when=FIRST_COMPLETED).done:
            index = away.pop(future)
            try:
                found[index] = future.result()
            except BrokenProcessPool:
                left.append(index)
        if tick is not None:
            tick(len(found), len(pieces))
    return [found[index] for index in range(len(pieces))]


@contextmanager
def started(count: int, begin: Callable[[], object]) -> Iterator[Helpers | None]:
    """Start so many processes, None for 0, and let them end on the way out, or when this process is killed.

    They begin as new interpreters, with nothing of this one. Each calls `begin` at once, to load what the work will
    need: that takes as long as many areas do.
    """
    if count < 1:
        yield None
        return
    pool = ProcessPoolExecutor(count, mp_context=get_context("spawn"), initializer=_end_with_parent)
    try:
        yield Helpers(pool, [pool.submit(begin) for _ in range(count)])
    finally:
        pool.shutdown(wait=False, cancel_futures=True)  # nobody needs to wait for their end


def _end_with_parent() -> None:
    Thread(target=_watch_parent, daemon=True).start()


def _watch_parent() -> None:
    parent = parent_process()
    if parent is not None:
        wait_for([parent.sentinel])
        os._exit(1)
