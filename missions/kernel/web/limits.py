"""How often somebody may ask: counted in a cache that all processes share, over a window that slides.

Each window of the clock has one counter. What was asked in the window before counts by the share of it that the
sliding window still covers, so that nobody gets twice the quota around the full minute. What is refused is not
counted. Counters are no truth: where the cache is lost everybody begins anew, and where it cannot be reached nobody
is held back.
"""

import logging
import math
import time
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import caches
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

CACHE = "limits"
_SECONDS = {"second": 1, "minute": 60, "hour": 3600}
#: So long nobody asks a cache that did not answer.
_REST_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Policy:
    """So many requests within so many seconds."""

    name: str
    quota: int
    window: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How somebody stands with a policy: requests that remain, seconds until the window ends, and until the next."""

    policy: Policy
    remaining: int
    reset: int
    wait: int = 0

    @property
    def is_over(self) -> bool:
        return self.wait > 0


def policy_of(name: str) -> Policy | None:
    """The policy that the settings name, such as "600/minute"; None for an empty text, which is no limit."""
    rate = settings.API_LIMITS[name]
    if not rate:
        return None
    quota, _slash, unit = rate.partition("/")
    return Policy(name, int(quota), _SECONDS[unit])


def count_request(policy: Policy, who: str) -> Standing | None:
    """Count one request of somebody, unless it is one too many. None: nobody counts at the moment."""
    if time.monotonic() < _rest.until:
        return None
    try:
        return _count(policy, who, at=time.time())
    except (RedisError, OSError):
        logger.warning("The cache of the limits does not answer: nobody is held back for %s s", _REST_SECONDS)
        _rest.until = time.monotonic() + _REST_SECONDS
        return None


@dataclass(slots=True)
class _Rest:
    until: float = 0.0


_rest = _Rest()


def _count(policy: Policy, who: str, *, at: float) -> Standing:
    window, cache = policy.window, caches[CACHE]
    number, elapsed = int(at // window), at % window
    key = f"{policy.name}:{who}:{number}"
    cache.add(key, 0, timeout=2 * window)
    here = cache.incr(key)
    before = int(cache.get(f"{policy.name}:{who}:{number - 1}", 0))
    used = before * (1 - elapsed / window) + here
    reset = max(math.ceil(window - elapsed), 1)
    if used <= policy.quota:
        return Standing(policy, math.floor(policy.quota - used), reset)
    here = cache.decr(key)
    return Standing(policy, 0, reset, wait=_wait(policy, before, here, elapsed))


def _wait(policy: Policy, before: int, here: int, elapsed: float) -> int:
    """Seconds until one more request fits, if nothing else is asked meanwhile."""
    quota, window = policy.quota, policy.window
    if here + 1 <= quota:
        seconds = window * (1 - (quota - here - 1) / before) - elapsed
    else:
        seconds = window - elapsed + window * (1 - (quota - 1) / here)
    return max(math.ceil(seconds), 1)
