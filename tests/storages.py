"""Private storages of their own for tests that keep files."""

from pathlib import Path
from typing import Any

from django.conf import settings


def private_storage_in(folder: Path) -> dict[str, Any]:
    """The setting STORAGES with private files in this folder."""
    known: dict[str, Any] = settings.STORAGES
    return {**known, "private": {**known["private"], "OPTIONS": {"location": folder, "spare_bytes": 0}}}
