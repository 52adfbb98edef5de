"""Ringing for the workers after a commit, without knowing who they are.

A bell is a hint: whoever is behind it may be gone, and the sweepers find the work in the database anyway.
"""

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string


def ring_after_commit(bell: str) -> None:
    """Call the function at settings.DOORBELL with the bell's name once the current transaction is committed.

    A failing bell is logged and otherwise ignored: it may delay the work, never lose it.
    """

    def ring() -> None:  # a function with a name: Django's log of a failing hook asks for it
        import_string(settings.DOORBELL)(bell)

    transaction.on_commit(ring, robust=True)


def silent(bell: str) -> None:
    """The bell of an installation whose loop looks for work by itself."""
