"""The ministry's first page: composes what the apps' selectors tell."""

from typing import Any

from django.http import HttpRequest


def dashboard_callback(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add what the first page shows to the admin index."""
    return context
