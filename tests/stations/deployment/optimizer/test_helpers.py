"""Pieces shared with other processes: the answers are the same, whoever gives them and whoever dies."""

import os
import signal
import subprocess
import sys
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import get_context
from typing import Any

import pytest

from stations.deployment.optimizer.clock import Deadline
from stations.deployment.optimizer.helpers import Helpers, answers, started
from stations.deployment.optimizer.params import RouteParams
from stations.deployment.optimizer.route_bounds import routes_bound
from stations.deployment.optimizer.routes import Search, plan_routes
from tests.benchmarks.optimizer_instance import PARAMS, TINY, make_instance
from tests.stations.deployment.optimizer.test_routes import area_of_teams

#: Starts a helper, tells its number once it works, and waits for its own end.
PARENT = """
import os, time
from stations.deployment.optimizer.helpers import started
if __name__ == "__main__":
    with started(1, os.getpid) as helpers:
        print(helpers._ready[0].result(), flush=True)
        time.sleep(600)
"""


class Dying(Executor):
    """Takes some pieces and loses them."""

    def __init__(self, taken: int) -> None:
        self.taken = taken

    def submit(self, *_: Any, **__: Any) -> Future[Any]:
        if not self.taken:
            raise BrokenProcessPool
        self.taken -= 1
        lost: Future[Any] = Future()
        lost.set_exception(BrokenProcessPool())
        return lost


def begun() -> Future[object]:
    future: Future[object] = Future()
    future.set_result(None)
    return future


def test_without_helpers_all_is_done_here_one_after_the_other() -> None:
    heard: list[tuple[int, int]] = []

    assert answers(str, [3, 1, 2], None, lambda done, of: heard.append((done, of))) == ["3", "1", "2"]
    assert heard == [(1, 3), (2, 3), (3, 3)]
    assert answers(str, []) == []


@pytest.mark.parametrize("taken", [0, 1, 2])
def test_what_a_dead_helper_took_is_done_here(taken: int) -> None:
    helpers = Helpers(Dying(taken), [begun()])

    assert answers(str, list(range(5)), helpers) == ["0", "1", "2", "3", "4"]


def test_a_helper_that_has_not_begun_gets_nothing() -> None:
    helpers = Helpers(Dying(1), [Future()])

    assert helpers.take(str, 1, busy=0) is None


def test_a_helper_has_two_pieces_at_most() -> None:
    helpers = Helpers(Dying(9), [begun()])

    assert helpers.take(str, 1, busy=1) is not None
    assert helpers.take(str, 1, busy=2) is None


def test_no_process_is_started_for_nobody() -> None:
    with started(0, os.getpid) as helpers:
        assert helpers is None


def test_another_process_plans_and_bounds_the_same() -> None:
    problem = make_instance(TINY, 3)
    area = area_of_teams(problem, 1)
    own = plan_routes(problem, PARAMS, area, deadline=Deadline())
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        ready = pool.submit(partial(Search, RouteParams()))
        ready.result()
        helpers = Helpers(pool, [begun()])
        shared = plan_routes(problem, PARAMS, area, deadline=Deadline(), helpers=helpers)
        bounds = [routes_bound(problem, PARAMS, area, own.visits, Deadline(), some) for some in (None, helpers)]
        elsewhere = answers(_process, [1, 2, 3], helpers)

    assert (shared.visits.station == own.visits.station).all()
    assert (shared.visits.arrive == own.visits.arrive).all()
    assert bounds[0] == bounds[1]
    assert os.getpid() not in elsewhere[:2]
    assert elsewhere[2] == os.getpid()


def _process(_: int) -> int:
    return os.getpid()


def test_helpers_end_when_their_parent_is_killed() -> None:
    command = [sys.executable, "-c", PARENT]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:  # noqa: S603 - our own text
        assert parent.stdout is not None
        helper = int(parent.stdout.readline())
        assert helper != parent.pid
        parent.send_signal(signal.SIGKILL)
        # the helper holds the other end of the pipe as long as it lives
        rest, _ = parent.communicate(timeout=60)

    assert rest == ""
