"""Mails that wait, and how they stand."""

from missions.reminders.models import Message
from missions.reminders.services.planning import plan_reminders
from tests.missions.reminders import fakes
from tests.missions.reminders.fakes import NOON


def plan(count: int) -> None:
    fakes.first.drafts = [fakes.draft(subject_id=number) for number in range(count)]
    plan_reminders(at=NOON)


def states() -> list[str]:
    return list(Message.objects.order_by("subject_id").values_list("state", flat=True))
