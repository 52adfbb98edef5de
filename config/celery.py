"""The Celery application: a doorbell for work that waits in the database, and a beat that rings it."""

import os
from datetime import timedelta
from types import MappingProxyType

import django
from celery import Celery
from celery.signals import beat_init, setup_logging, worker_init

from config import starting

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

#: How often each task runs at least. Beat keeps it, and so does the embedded loop (config.jobs).
SCHEDULE = MappingProxyType(
    {
        "accounts.answer_resets": timedelta(seconds=15),
        "intake.work_off": timedelta(seconds=5),
        "citizens.work_off": timedelta(seconds=5),
        "accreditation.review_lists": timedelta(seconds=5),
        "letters.work_off": timedelta(seconds=15),
        "badges.sign_waiting": timedelta(seconds=15),
        "badges.work_off": timedelta(seconds=5),
        "badges.publish_lists": timedelta(seconds=15),
        "programme.work_off": timedelta(seconds=5),
        "deployment.work_off": timedelta(seconds=5),
        "deployment.take_crowding": timedelta(minutes=10),
        "reminders.plan_due": timedelta(minutes=5),
        "reminders.gather_digests": timedelta(minutes=1),
        "reminders.deliver_due": timedelta(seconds=15),
        "reports.write_pages": timedelta(seconds=5),
        "accreditation.keep_due": timedelta(minutes=1),
        "accreditation.revet": timedelta(minutes=5),
        "accreditation.expire_due": timedelta(minutes=5),
        "accreditation.sweep_files": timedelta(hours=1),
        "reports.sweep_files": timedelta(hours=1),
        "kernel.forget_keys": timedelta(hours=1),
    }
)
#: A ring that nobody heard for so long is stale: the next one is on its way.
RING_EXPIRES_SECONDS = 60

#: The header of a ring that came from a beat.
BY_BEAT = "by_beat"

app = Celery("observer-desk")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = {
    name: {
        "task": name,
        "schedule": every,
        "options": {"expires": every.total_seconds(), "headers": {BY_BEAT: True}},
    }
    for name, every in SCHEDULE.items()
}
app.autodiscover_tasks()


def ring(bell: str) -> None:
    """Send the task of that name, once and without waiting for a broker that is away.

    Raises what the broker's client raises; `kernel.doorbell` logs it, and the beat or the sweeper finds the work.
    """
    app.send_task(bell, retry=False, expires=RING_EXPIRES_SECONDS)


@worker_init.connect
@beat_init.connect
def _refuse_unsafe_start(**_kwargs: object) -> None:
    """A worker or beat of an unsafe installation ends here. Raises SystemExit."""
    django.setup()
    starting.refuse_unsafe_start()


@setup_logging.connect
def _leave_logging_alone(**_kwargs: object) -> None:
    """As long as somebody listens, Celery keeps its hands off what settings.LOGGING has set up."""
