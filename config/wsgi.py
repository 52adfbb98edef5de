"""WSGI entry point: the framework, and before it the public pages from their snapshot."""

import os

from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

_framework = get_wsgi_application()

# Models exist only once the framework is set up.
from config.public_front import PublicFront  # noqa: E402
from missions.reports.services.publishing import write_pages  # noqa: E402


def _renew() -> int:
    """Make the snapshot fresh, outside of any request: so its ends are here."""
    close_old_connections()
    try:
        return write_pages()
    finally:
        close_old_connections()


application = PublicFront(_framework, renew=_renew)
