"""Configuration of the web server: gunicorn --config python:config.gunicorn config.wsgi (docs/operations.md).

The product is loaded once, checked, and forked: a worker that is replaced is there again in milliseconds.
"""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

# In memory where there is such a place: counters and signs of life are written there all the time.
_MEMORY = Path("/dev", "shm")
worker_tmp_dir = str(_MEMORY) if _MEMORY.is_dir() else None
_COUNTERS = tempfile.mkdtemp(prefix="observer-desk-metrics-", dir=worker_tmp_dir)
os.environ["PROMETHEUS_MULTIPROC_DIR"] = _COUNTERS
os.environ.setdefault("PROCESS_ROLE", "web")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.conf import settings  # noqa: E402 - it and what counts requests read the variables above

from config import starting  # noqa: E402
from config.observability.slots import take_slot  # noqa: E402

bind = settings.WEB_BIND
workers = settings.WEB_WORKERS
threads = settings.WEB_THREADS
worker_class = "gthread"
preload_app = True
control_socket_disable = True

#: Seconds after which a worker that hangs as a whole is killed. A single request is bounded by the database's limits.
timeout = 60
#: Seconds that requests in hand get to finish when the server is told to stop.
graceful_timeout = settings.WEB_GRACE_SECONDS
#: Longer than proxies keep an idle connection, so that it is they who close it.
keepalive = 75
max_requests = settings.WEB_MAX_REQUESTS
max_requests_jitter = max_requests // 10

# Each request is told by the product itself (config.observability), by its route: addresses hold secrets of people.
accesslog = None
logconfig_dict = settings.LOGGING


def on_starting(server: Any) -> None:
    """Refuse to serve an unsafe installation. The product is loaded; no worker is forked and nothing listens yet."""
    starting.refuse_unsafe_start()


def pre_fork(server: Any, worker: Any) -> None:
    """Give the worker the lowest number that no living one has: it goes on with that one's counters."""
    taken = {getattr(other, "slot", None) for other in server.WORKERS.values()}
    worker.slot = next(number for number in range(len(taken) + 1) if number not in taken)


def post_fork(server: Any, worker: Any) -> None:
    """In the worker: count under its number. Under its process id, each replacement would leave files behind."""
    take_slot(worker.slot)


def on_exit(server: Any) -> None:
    """Leave no counters behind."""
    shutil.rmtree(_COUNTERS, ignore_errors=True)
