import datetime as dt

import pytest
from celery import current_app
from django.core import mail

from missions.kernel import clock
from missions.reminders.models import Message
from missions.reminders.services.delivery import LEASE
from missions.reminders.tasks import deliver_due_reminders, plan_due_reminders
from tests.missions.reminders import fakes


@pytest.mark.django_db
def test_tasks_plan_and_deliver_by_the_one_clock() -> None:
    fakes.first.drafts = [fakes.draft()]
    clock.set_to(fakes.NOON)

    planned, sent = plan_due_reminders(), deliver_due_reminders()

    assert (planned, sent) == (1, 1)
    assert len(mail.outbox) == 1
    sent_at = Message.objects.values_list("sent_at", flat=True).get()
    assert sent_at is not None
    assert fakes.NOON <= sent_at < fakes.NOON + dt.timedelta(minutes=1)


def test_deliver_task_is_cut_off_before_its_lease_ends() -> None:
    task = current_app.tasks["reminders.deliver_due"]

    assert task.soft_time_limit is not None
    assert task.soft_time_limit < LEASE.total_seconds()
