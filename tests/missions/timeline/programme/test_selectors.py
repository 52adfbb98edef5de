import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from missions.models import Mission, User
from missions.timeline.programme.models import Booking, MeetingRequest, Programme
from missions.timeline.programme.selectors import bookings_of, differences
from missions.timeline.programme.services.requests import withdraw_request
from missions.timeline.programme.states import ProgrammeState, RequestKind
from tests.missions.timeline.programme.conftest import Ask, MakeProgramme, local
from tests.staff import in_role

pytestmark = pytest.mark.django_db
RELEASED, SUPERSEDED = ProgrammeState.RELEASED, ProgrammeState.SUPERSEDED


def rows_of(programme: Programme) -> list[Booking]:
    return list(programme.bookings.select_related("request__mission__election", "resource").order_by("starts_at"))


def test_a_difference_is_what_is_new_moved_or_gone(
    ask: Ask, make_programme: MakeProgramme, mission: Mission, other_mission: Mission
) -> None:
    stays, moved = ask(mission), ask(mission, RequestKind.CHAIR)
    gone, new = ask(other_mission), ask(other_mission, RequestKind.CHAIR)
    before = make_programme(
        (stays, "minister", local(5, 10), 20),
        (moved, "chair", local(5, 14), 25),
        (gone, "minister", local(5, 10, 25), 20),
    )
    now = make_programme(
        (stays, "minister", local(5, 10), 20),
        (moved, "chair", local(5, 15), 25),
        (new, "chair", local(5, 14), 25),
    )

    found = differences(rows_of(before), rows_of(now))

    told = [
        (row.mission.code, row.kind, row.before and row.before.starts_at, row.now and row.now.starts_at)
        for row in found
    ]
    assert told == [
        ("ODIHR", RequestKind.CHAIR, local(5, 14), local(5, 15)),
        ("PABSEC", RequestKind.MINISTER, local(5, 10, 25), None),
        ("PABSEC", RequestKind.CHAIR, None, local(5, 14)),
    ]
    assert differences(rows_of(now), rows_of(now)) == ()


def test_what_was_taken_back_and_is_gone_is_no_news(ask: Ask, make_programme: MakeProgramme, mission: Mission) -> None:
    row = ask(mission)
    before = make_programme((row, "minister", local(5, 10), 20))
    withdraw_request(request=row, by=None, at=local(1, 9))

    assert differences(rows_of(before), []) == ()


@pytest.fixture
def story(
    ask: Ask, make_programme: MakeProgramme, mission: Mission, other_mission: Mission
) -> dict[str, MeetingRequest]:
    """Three released versions: one place stays, one moves and is cancelled, one is new in the last."""
    rows = {"stays": ask(mission), "moves": ask(mission, RequestKind.CHAIR), "new": ask(mission, RequestKind.PRESS)}
    rows["foreign"] = ask(other_mission)
    foreign = (rows["foreign"], "minister", local(5, 10, 25), 20)
    stays = (rows["stays"], "minister", local(5, 10), 20)
    make_programme(stays, foreign, (rows["moves"], "chair", local(5, 14), 25), state=SUPERSEDED)
    make_programme(stays, foreign, (rows["moves"], "chair", local(5, 15), 25), state=SUPERSEDED)
    make_programme(stays, foreign, (rows["new"], "press-centre", local(8, 9), 45), state=RELEASED)
    make_programme((rows["moves"], "chair", local(5, 17), 25))  # a draft is nobody's business
    return rows


def test_a_calendar_hears_of_each_change_once_and_of_the_end(
    story: dict[str, MeetingRequest], mission: Mission, lead: User
) -> None:
    events = bookings_of([mission.pk], lead)

    assert [(row.uid, row.starts_at, row.sequence, row.is_cancelled) for row in events] == [
        (f"booking-{story['stays'].uid}", local(5, 10), 0, False),
        (f"booking-{story['moves'].uid}", local(5, 15), 2, True),
        (f"booking-{story['new'].uid}", local(8, 9), 0, False),
    ]
    assert (events[0].title, events[0].zone) == ("meeting with the minister", "Asia/Baku")
    assert events[2].place == "Press centre 1, International press centre"


def test_a_place_of_a_request_that_was_taken_back_is_cancelled(
    story: dict[str, MeetingRequest], mission: Mission, lead: User
) -> None:
    withdraw_request(request=story["stays"], by=lead, at=local(4, 9))

    first = bookings_of([mission.pk], lead)[0]

    assert (first.sequence, first.is_cancelled) == (1, True)


def test_a_programme_that_ended_without_another_cancels_all(
    story: dict[str, MeetingRequest], mission: Mission, lead: User
) -> None:
    Programme.objects.filter(state=RELEASED).update(state=SUPERSEDED)

    assert [(row.sequence, row.is_cancelled) for row in bookings_of([mission.pk], lead)] == [
        (1, True),
        (2, True),
        (1, True),
    ]


def test_nobody_reads_the_places_of_others(
    story: dict[str, MeetingRequest], mission: Mission, other_mission: Mission, lead: User, other_lead: User
) -> None:
    both = [mission.pk, other_mission.pk]

    assert {row.mission_id for row in bookings_of(both, lead)} == {mission.pk}
    assert {row.mission_id for row in bookings_of(both, other_lead)} == {other_mission.pk}
    assert len(bookings_of(both, in_role("protocol"))) == 4
    with CaptureQueriesContext(connection) as captured:
        bookings_of(both, lead)
    assert len(captured) == 2


def test_scope_of_rows_is_own_requests_and_own_released_places(
    story: dict[str, MeetingRequest], lead: User, other_lead: User, mission: Mission, at: dt.datetime
) -> None:
    host = in_role("protocol")

    assert set(MeetingRequest.objects.visible_to(lead)) == {story["stays"], story["moves"], story["new"]}
    assert {row.request for row in Booking.objects.visible_to(lead)} == {story["stays"], story["new"]}
    assert {row.request for row in Booking.objects.visible_to(other_lead)} == {story["foreign"]}
    assert Booking.objects.visible_to(host).count() == 10
    assert not Programme.objects.visible_to(lead).exists()
    withdraw_request(request=story["stays"], by=lead, at=at)
    assert {row.request for row in Booking.objects.visible_to(lead)} == {story["new"]}
    lead.is_active = False
    assert not Booking.objects.visible_to(lead).exists()
