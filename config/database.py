"""What every connection to PostgreSQL is held to, by the kind of process: nobody waits for ever."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

#: Seconds to find the server, and until a server that says nothing any more counts as gone.
CONNECT_SECONDS = 3
SILENT_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, 0 without a limit: of one statement, of waiting for a lock, and of a transaction that does nothing."""

    statement: int
    lock: int
    idle_in_transaction: int = 30


#: People wait for the web; jobs may take longer. Commands are watched by whoever typed them, and a migration may last.
LIMITS: Mapping[str, Limits] = MappingProxyType(
    {
        "web": Limits(statement=5, lock=3),
        "worker": Limits(statement=60, lock=10),
        "signer": Limits(statement=60, lock=10),
        "beat": Limits(statement=60, lock=10),
        "command": Limits(statement=0, lock=0, idle_in_transaction=0),
    }
)


def limited(database: dict[str, Any], *, role: str, limits: Limits) -> dict[str, Any]:
    """The connection's settings with these limits, checked for health, kept for a minute, and named after its role."""
    timeouts = {
        "statement_timeout": limits.statement,
        "lock_timeout": limits.lock,
        "idle_in_transaction_session_timeout": limits.idle_in_transaction,
    }
    told = [f"-c {name}={seconds * 1000}" for name, seconds in timeouts.items()]
    given: dict[str, Any] = database.get("OPTIONS", {})
    options = {
        "connect_timeout": CONNECT_SECONDS,
        "tcp_user_timeout": SILENT_SECONDS * 1000,
        "application_name": f"observer-desk {role}",
        **given,
        "options": " ".join([*told, *([given["options"]] if "options" in given else [])]),
    }
    return {"CONN_MAX_AGE": 60, **database, "CONN_HEALTH_CHECKS": True, "OPTIONS": options}
