"""Real connections at the same moment: two releases, one place, one kind asked twice. On both databases."""

import threading
from functools import partial

import pytest
from django.db import IntegrityError, transaction

from missions.kernel.integrity import broken_constraint
from missions.models import Election, Mission
from missions.reminders.models import Message
from missions.timeline.programme.errors import (
    PlaceTakenError,
    ProgrammeInProgressError,
    ProgrammeOvertakenError,
    RequestThereError,
)
from missions.timeline.programme.models import Booking, HeldSlot, MeetingRequest, Programme, SharedResource
from missions.timeline.programme.placing import hold_slots
from missions.timeline.programme.services.hand import place_by_hand
from missions.timeline.programme.services.orders import order_programme
from missions.timeline.programme.services.releases import release_programme
from missions.timeline.programme.services.requests import RequestDraft, ask_for
from missions.timeline.programme.states import ProgrammeState, RequestKind
from tests.missions.timeline.programme.conftest import Ask, MakeMission, MakeProgramme, local
from tests.racing import ROUNDS, errors_of, race

pytestmark = pytest.mark.django_db(transaction=True)
AT = local(1, 9)
_S = ProgrammeState


def test_of_two_officers_who_release_two_drafts_one_wins(
    ask: Ask, make_programme: MakeProgramme, mission: Mission, lead: object
) -> None:
    row = ask(mission)
    base = None
    for turn in range(ROUNDS):
        drafts = [make_programme((row, "minister", local(5, 10 + hour, 25 * turn), 20), base=base) for hour in (0, 1)]
        if turn:  # 11:25 and 11:00 are no places of the minister; 10:25 and 10:50 are
            drafts[1].bookings.update(starts_at=local(5, 10, 50), ends_at=local(5, 11, 10))
        else:
            drafts[1].bookings.update(starts_at=local(5, 11, 15), ends_at=local(5, 11, 35))

        results = race([partial(release_programme, programme=draft, by=None, at=AT) for draft in drafts])

        assert errors_of(results) == [ProgrammeOvertakenError]
        base = Programme.objects.get(state=_S.RELEASED)
        assert Message.objects.filter(rule="programme_changed").count() == turn + 1


def test_of_two_racers_for_one_place_one_gets_it(
    ask: Ask, make_programme: MakeProgramme, make_mission: MakeMission
) -> None:
    rows = [ask(make_mission(code)) for code in "ABCD"]
    draft = make_programme()

    results = race(
        [partial(place_by_hand, programme=draft, request=row, starts_at=local(5, 10), by=None, at=AT) for row in rows]
    )

    assert errors_of(results) == [PlaceTakenError] * 3
    assert (Booking.objects.count(), HeldSlot.objects.count()) == (1, 4)
    assert MeetingRequest.objects.exclude(pinned_at=None).count() == 1


def test_reading_before_writing_without_the_guards_books_twice(
    ask: Ask, make_programme: MakeProgramme, make_mission: MakeMission, election: Election
) -> None:
    """The control: without the lock and the held slots, both racers find the place free and take it."""
    rows = [ask(make_mission(code)) for code in "AB"]
    draft = make_programme()
    minister = SharedResource.objects.get(election=election, code="minister")
    both_have_read = threading.Barrier(2)

    def book_unguarded(row: MeetingRequest) -> bool:
        is_free = not Booking.objects.filter(programme=draft, resource=minister, starts_at=local(5, 10)).exists()
        both_have_read.wait(timeout=30)
        Booking.objects.create(
            programme=draft, request=row, resource=minister, starts_at=local(5, 10), ends_at=local(5, 10, 20)
        )
        return is_free

    assert race([partial(book_unguarded, row) for row in rows]) == [True, True]
    assert Booking.objects.filter(starts_at=local(5, 10)).count() == 2


def test_even_without_the_lock_the_database_keeps_the_host_in_one_place(
    ask: Ask, make_programme: MakeProgramme, make_mission: MakeMission, election: Election
) -> None:
    """Another beginning and another length, and still the same five minutes of the same host."""
    rows = [ask(make_mission(code)) for code in "AB"]
    draft = make_programme((rows[0], "minister", local(5, 10), 20))
    minister = SharedResource.objects.get(election=election, code="minister")

    late = Booking.objects.create(
        programme=draft, request=rows[1], resource=minister, starts_at=local(5, 10, 15), ends_at=local(5, 11)
    )
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        hold_slots([late])
    assert broken_constraint(error.value, HeldSlot) == "held_slot_once"

    make_programme(state=_S.RELEASED)
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        make_programme(state=_S.RELEASED)
    assert broken_constraint(error.value, Programme) == "programme_one_released"


def test_one_kind_is_asked_once_by_racers(ask: Ask, mission: Mission) -> None:
    draft = RequestDraft(RequestKind.MINISTER, 5, local(5, 9), local(6, 18))

    results = race([partial(ask_for, mission=mission, draft=draft, by=None, at=AT)] * 4)

    assert errors_of(results) == [RequestThereError] * 3
    assert MeetingRequest.objects.count() == 1


def test_one_version_is_ordered_by_racers(ask: Ask, mission: Mission, election: Election) -> None:
    ask(mission)

    results = race([partial(order_programme, election=election, by=None, at=AT)] * 4)

    assert errors_of(results) == [ProgrammeInProgressError] * 3
    assert Programme.objects.get().version == 1
