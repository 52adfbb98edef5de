"""WSGI entry point: the framework, and before it the public pages from their snapshot."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

_framework = get_wsgi_application()

# Models exist only once the framework is set up.
from config.public_front import PublicFront  # noqa: E402
from missions.reports.services.publishing import write_pages  # noqa: E402

application = PublicFront(_framework, renew=write_pages)
