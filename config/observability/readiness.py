"""Whether this process can do its work: what it needs, and what it only misses. Nothing here waits long."""

import errno
import logging
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import monotonic
from types import MappingProxyType

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from config.celery import app

logger = logging.getLogger(__name__)

OK, AWAY, FULL, PENDING, UNUSED = "ok", "away", "full", "pending", "unused"
#: What a server cannot work without. Of the rest it is only told; reading goes on while a disk is full.
NEEDED: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "database": frozenset({OK}),
        "migrations": frozenset({OK}),
        "storage": frozenset({OK, FULL}),
    }
)
_WAIT_SECONDS = 1
#: Whoever asks again within these seconds gets the same answer: asking is open to everybody, and must cost nothing.
_KEPT_SECONDS = 2.0
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
_PROBE_FILE = "probes/ready"


@dataclass(frozen=True, slots=True)
class Readiness:
    """What was found: a word for each thing that was looked at."""

    found: Mapping[str, str]

    @property
    def is_ready(self) -> bool:
        return all(self.found[name] in good for name, good in NEEDED.items())

    @property
    def is_whole(self) -> bool:
        return all(word in {OK, UNUSED} for word in self.found.values())


class _Keeper:
    """Looks at most every two seconds, one thread at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._until = 0.0
        self._last = Readiness({})

    def get(self) -> Readiness:
        with self._lock:
            if monotonic() >= self._until:
                self._last = look()
                self._until = monotonic() + _KEPT_SECONDS
            return self._last

    def forget(self) -> None:
        with self._lock:
            self._until = 0.0


kept = _Keeper()
_applied = threading.Event()


def look() -> Readiness:
    """Look at everything now. What breaks is away, and the log says why."""
    looks: Mapping[str, Callable[[], str]] = {
        "database": _database,
        "migrations": _migrations,
        "storage": _storage,
        "broker": _broker,
        "signer": _signer,
    }
    return Readiness({name: _looked(name, one) for name, one in looks.items()})


def _looked(name: str, one: Callable[[], str]) -> str:
    try:
        return one()
    except Exception as error:  # whatever it is, this process must still be able to say so
        logger.warning("Not ready: %s is away (%s)", name, type(error).__name__)
        return AWAY


def _database() -> str:
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"SET LOCAL statement_timeout = {_WAIT_SECONDS * 1000}")
        cursor.execute("SELECT 1")
    return OK


def _migrations() -> str:
    """Whether the database knows all that this code expects. Once it does, it does as long as this process lives."""
    if not _applied.is_set():
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return PENDING
        _applied.set()
    return OK


def _storage() -> str:
    """Write a file and remove it again."""
    private = storages["private"]
    try:
        name = private.save(_PROBE_FILE, ContentFile(b"ready?"))
    except OSError as error:
        if error.errno in _NO_ROOM:
            return FULL
        raise
    private.delete(name)
    return OK


def _broker() -> str:
    if settings.DOORBELL != "config.celery.ring":
        return UNUSED
    with app.connection_for_write() as line:
        line.ensure_connection(max_retries=1, interval_start=0, timeout=_WAIT_SECONDS)
    return OK


def _signer() -> str:
    if settings.BADGE_SIGNER != "accreditation.badges.signer.socket.ask":
        return UNUSED
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(_WAIT_SECONDS)
        line.connect(str(settings.BADGE_SIGNER_SOCKET))
    return OK
