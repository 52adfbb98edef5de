"""Commits that do not wait for the disk, for what a later commit makes lasting anyway."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def unhurried_commit() -> Iterator[None]:
    """Run the block in a transaction whose commit does not wait until it is on the disk.

    Everybody sees it at once, and the death of any process takes nothing back. Only if the database's own machine dies
    within a second may it be as if the block had not run; but never if a later commit, of whatever kind, is there.
    Refuses to run inside another transaction, which would not wait either.
    """
    with transaction.atomic(durable=True):
        if connection.vendor == "postgresql":  # SQLite's WAL is not waited for in any case
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL synchronous_commit TO off")
        yield
