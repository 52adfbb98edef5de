import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from missions.models import Mission, User
from missions.reminders.models import Message
from missions.reminders.states import MessageState
from tests.missions.reminders.fakes import DAY, NOON

pytestmark = pytest.mark.django_db


def _create(**changes: object) -> Message:
    fields: dict[str, object] = {
        "rule": "first_rule",
        "to_address": "lead@odihr.example",
        "subject_type": "missions.mission",
        "subject_id": 1,
        "slot": NOON.date(),
        "subject": "subject",
        "planned_at": NOON,
        "due_at": NOON,
        "not_after": NOON + DAY,
    }
    return Message.objects.create(**{**fields, **changes})


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"state": "unheard-of", "subject_id": 2},
        {"state": MessageState.SENT, "subject_id": 2},
        {"state": MessageState.LEASED, "subject_id": 2},
    ],
    ids=["same reminder twice", "unknown state", "sent without instant", "leased without end"],
)
def test_database_refuses_what_can_never_be_right(changes: dict[str, object]) -> None:
    _create()

    with pytest.raises(IntegrityError), transaction.atomic():
        _create(**changes)

    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"rule": "second_rule"},
        {"to_address": "other@odihr.example"},
        {"subject_type": "missions.election"},
        {"subject_id": 2},
        {"slot": NOON.date() + dt.timedelta(days=1)},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_reminders_that_differ_in_one_part_of_the_key_are_two(changes: dict[str, object]) -> None:
    _create()

    _create(**changes)

    assert Message.objects.count() == 2


def test_visible_to_shows_a_mission_its_own_messages_and_the_host_all(
    mission: Mission, other_mission: Mission, lead: User, reviewer: User
) -> None:
    own = _create(mission=mission)
    foreign = _create(mission=other_mission, subject_id=2)
    nobodys = _create(subject_id=3)

    assert set(Message.objects.all().visible_to(lead)) == {own}
    assert set(Message.objects.all().visible_to(reviewer)) == {own, foreign, nobodys}


def test_what_is_private_to_a_mission_the_host_does_not_see(
    mission: Mission, lead: User, other_lead: User, reviewer: User
) -> None:
    private = _create(mission=mission, is_private=True)

    assert list(Message.objects.all().visible_to(lead)) == [private]
    assert [Message.objects.visible_to(other).count() for other in (other_lead, reviewer)] == [0, 0]
