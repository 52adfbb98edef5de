"""How often somebody may ask: exact counts over a sliding window, right among threads, and open where nobody counts."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import caches
from pytest_django.fixtures import Settings
from redis.exceptions import ConnectionError as NoRedisError

from missions.kernel.web import limits
from missions.kernel.web.limits import Policy, count_request, policy_of

FIVE = Policy("token", 5, 60)


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    caches["limits"].clear()
    limits._rest.until = 0.0
    yield
    limits._rest.until = 0.0


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Sets the seconds since the first window began."""

    def turn(seconds: float) -> None:
        monkeypatch.setattr("missions.kernel.web.limits.time.time", lambda: 60_000_000 + seconds)

    turn(0)
    return turn


def _asked(times: int, policy: Policy = FIVE, who: str = "x") -> list[int]:
    """How long one has to wait after each of so many requests; 0 for one that is taken."""
    standings = [count_request(policy, who) for _turn in range(times)]
    return [standing.wait for standing in standings if standing]


def test_the_quota_is_taken_and_no_more(at: Callable[[float], None]) -> None:
    standings = [count_request(FIVE, "x") for _turn in range(6)]

    assert [(one.remaining, one.is_over, one.reset) for one in standings if one] == [
        *((remaining, False, 60) for remaining in (4, 3, 2, 1, 0)),
        (0, True, 60),
    ]


def test_who_waits_as_told_is_let_in_and_a_second_before_not(at: Callable[[float], None]) -> None:
    at(20)
    *_taken, wait = _asked(6)
    assert wait == 52  # forty seconds to the full minute, and twelve until a fifth of the five is forgotten

    at(20 + wait - 2)
    assert _asked(1) != [0]
    at(20 + wait)
    assert _asked(1) == [0]


def test_the_full_minute_gives_no_second_quota(at: Callable[[float], None]) -> None:
    at(59)
    assert _asked(5) == [0] * 5
    at(61)
    assert [wait > 0 for wait in _asked(5)] == [True] * 5
    at(120)
    assert _asked(6)[:5] == [0] * 5


def test_what_is_refused_is_not_counted(at: Callable[[float], None]) -> None:
    _asked(500)

    at(90)
    assert [wait == 0 for wait in _asked(4)] == [True, True, False, False]


def test_each_is_counted_alone(at: Callable[[float], None]) -> None:
    _asked(7)

    assert _asked(5, who="y") == [0] * 5
    assert _asked(5, policy=Policy("mission", 5, 60)) == [0] * 5


def test_forty_threads_take_the_quota_once(at: Callable[[float], None]) -> None:
    barrier = threading.Barrier(40)

    def ask(_turn: int) -> bool:
        barrier.wait()
        standing = count_request(Policy("token", 17, 60), "x")
        return standing is not None and not standing.is_over

    with ThreadPoolExecutor(40) as pool:
        assert sum(pool.map(ask, range(40))) == 17


def test_where_the_cache_is_gone_nobody_is_held_back_and_it_is_left_alone(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asked = []

    def fail(*_arguments: object, **_more: object) -> None:
        asked.append(1)
        raise NoRedisError

    monkeypatch.setattr(caches["limits"], "add", fail)

    assert [count_request(FIVE, "x") for _turn in range(10)] == [None] * 10
    assert (len(asked), len(caplog.records)) == (1, 1)


@pytest.mark.parametrize(
    ("rate", "quota", "window"), [("7/second", 7, 1), ("600/minute", 600, 60), ("9/hour", 9, 3600)]
)
def test_a_rate_is_a_number_and_a_unit(settings: Settings, rate: str, quota: int, window: int) -> None:
    settings.API_LIMITS = {"token": rate}

    assert policy_of("token") == Policy("token", quota, window)


def test_no_rate_is_no_limit(settings: Settings) -> None:
    settings.API_LIMITS = {"token": ""}

    assert policy_of("token") is None
