"""The Celery application: a doorbell for work that waits in the database, and a beat that rings it."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("observer-desk")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def ring(bell: str) -> None:
    """Send the task that answers a bell. Bells are task names without the app path."""
    app.send_task(bell, retry=False)
