import datetime as dt
from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from pytest_django import DjangoAssertNumQueries

from missions.kernel.events import EventDraft, record_event, record_events
from missions.kernel.models import Event
from missions.models import Mission, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(mission: Mission, lead: User, at: dt.datetime) -> Event:
    record_event("mission.renamed", mission, by=lead, at=at)
    return Event.objects.get()


def test_record_event_writes_who_what_when_and_why(mission: Mission, lead: User, at: dt.datetime) -> None:
    record_event(
        "mission.moved",
        mission,
        by=lead,
        at=at,
        scope_id=mission.pk,
        from_state="here",
        to_state="there",
        changed=["name", "code"],
        reason="as asked",
        is_private=True,
    )

    assert {key: value for key, value in Event.objects.values().get().items() if key != "id"} == {
        "at": at,
        "actor_id": lead.pk,
        "verb": "mission.moved",
        "object_type": "missions.mission",
        "object_id": mission.pk,
        "object_label": "ODIHR",
        "scope_id": mission.pk,
        "is_private": True,
        "from_state": "here",
        "to_state": "there",
        "changed": ["name", "code"],
        "reason": "as asked",
    }


def test_record_event_has_no_actor_when_the_system_acts(mission: Mission, at: dt.datetime) -> None:
    record_event("mission.expired", mission, by=None, at=at)

    assert Event.objects.get().actor is None


def test_record_events_writes_a_batch_with_one_insert(
    mission: Mission, other_mission: Mission, at: dt.datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    drafts = [EventDraft("seen", obj) for obj in (mission, other_mission)]

    with django_assert_num_queries(1):
        record_events(drafts, by=None, at=at)

    assert [(row.verb, row.object_id) for row in Event.objects.order_by("pk")] == [
        ("seen", mission.pk),
        ("seen", other_mission.pk),
    ]


def test_of_is_the_history_of_one_object_oldest_first(
    mission: Mission, other_mission: Mission, lead: User, at: dt.datetime
) -> None:
    for verb, obj in [("first", mission), ("other", other_mission), ("second", mission)]:
        record_event(verb, obj, by=lead, at=at)

    assert [row.verb for row in Event.objects.of(mission)] == ["first", "second"]


@pytest.mark.parametrize(
    "change",
    [
        lambda event: event.save(),
        lambda event: event.save(update_fields=["verb"]),
        lambda event: event.delete(),
        lambda event: Event.objects.all().update(verb="forged"),
        lambda event: Event.objects.filter(pk=event.pk).delete(),
        lambda event: Event.objects.bulk_update([event], ["verb"]),
        lambda event: Event.objects.update_or_create(pk=event.pk, defaults={"verb": "forged"}),
    ],
    ids=["save", "save fields", "delete", "update", "delete many", "bulk update", "update or create"],
)
def test_events_are_never_changed_or_removed(event: Event, change: Callable[[Event], object]) -> None:
    event.verb = "forged"

    with pytest.raises(TypeError, match="append-only"), transaction.atomic():
        change(event)

    assert list(Event.objects.values_list("verb", flat=True)) == ["mission.renamed"]


def test_a_new_event_with_the_key_of_an_old_one_does_not_replace_it(event: Event, at: dt.datetime) -> None:
    forged = Event(pk=event.pk, at=at, verb="forged", object_type="missions.mission", object_id=1)

    with pytest.raises(IntegrityError), transaction.atomic():
        forged.save()

    assert list(Event.objects.values_list("verb", flat=True)) == ["mission.renamed"]


@pytest.mark.usefixtures("event")
def test_who_has_a_history_cannot_be_deleted(lead: User) -> None:
    with pytest.raises(ProtectedError):
        lead.delete()
