"""What follows when the public pages are about to say something else than their snapshot."""

from django.db import transaction

from missions.kernel.doorbell import ring_after_commit
from missions.reports.snapshot.store import void_snapshot

#: The name of the job that writes the snapshot.
BELL = "reports.write_pages"


def pages_changed() -> None:
    """After the commit this machine's snapshot is void, and the job is asked for another one.

    Other machines follow when theirs ends by itself (snapshot.store.LIFE_SECONDS).
    """
    transaction.on_commit(void_snapshot, robust=True)
    ring_after_commit(BELL)
