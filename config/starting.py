"""The gate that web servers, workers and beats pass when they start: an unsafe installation is not served."""

from django.conf import settings
from django.core.checks import run_checks
from django.core.checks.messages import ERROR
from django.db import connections


def refuse_unsafe_start() -> None:
    """Run all system checks, those of the database too, once the product is loaded and before it works.

    Raises SystemExit that names each error with its id. An embedded installation is on one machine for its own user
    and passes. Leaves no connection open, because the caller may fork.
    """
    if settings.EMBEDDED:
        return
    try:
        messages = run_checks(include_deployment_checks=True, databases=list(connections))
    finally:
        connections.close_all()
    errors = [message for message in messages if message.level >= ERROR and not message.is_silenced()]
    if errors:
        told = "\n".join(f"{error.id}: {error.msg} {error.hint or ''}".rstrip() for error in errors)
        raise SystemExit(f"This installation is not safe to start.\n{told}")
