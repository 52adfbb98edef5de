"""Places of the programme in calendars, read back with the icalendar library."""

import datetime as dt
from collections.abc import Callable
from typing import cast

import pytest
from django.test import Client
from icalendar import Calendar, Event

from missions.admin.month_page import month_page
from missions.kernel import clock
from missions.models import Election, Mission, User
from missions.timeline.feeds.composing import compose
from missions.timeline.feeds.events import EventKind, Scope
from missions.timeline.feeds.selectors import events_of
from missions.timeline.feeds.services.addresses import make_address
from missions.timeline.programme.models import MeetingRequest
from missions.timeline.programme.services.requests import withdraw_request
from missions.timeline.programme.states import ProgrammeState, RequestKind
from tests.conftest import staff
from tests.missions.timeline.programme.conftest import Ask, MakeMission, MakeProgramme, local

pytestmark = pytest.mark.django_db

RELEASED = ProgrammeState.RELEASED


@pytest.fixture(autouse=True)
def _clock(db: None, at: dt.datetime) -> None:
    clock.set_to(at)


@pytest.fixture
def asked(ask: Ask, mission: Mission, other_mission: Mission, make_programme: MakeProgramme) -> MeetingRequest:
    """A meeting with the minister at ten for the mission, and at 10:25 for another one, both released."""
    request, others = ask(mission), ask(other_mission)
    make_programme((request, "minister", local(5, 10), 20), (others, "minister", local(5, 10, 25), 20), state=RELEASED)
    return request


def _bookings(client: Client, user: User, mission: Mission | None, at: dt.datetime) -> dict[str, Event]:
    secret = make_address(user=user, mission=mission, name="telephone", at=at).secret
    events = Calendar.from_ical(client.get(f"/calendar/{secret}.ics").content).walk("VEVENT")
    uids = {str(event["UID"]).partition("@")[0]: cast(Event, event) for event in events}
    return {uid: event for uid, event in uids.items() if uid.startswith("booking-")}


def test_a_mission_reads_its_own_place_with_both_ends_and_where(
    client: Client, asked: MeetingRequest, mission: Mission, lead: User, at: dt.datetime
) -> None:
    booked = _bookings(client, lead, mission, at)

    assert set(booked) == {f"booking-{asked.uid}"}
    event = booked[f"booking-{asked.uid}"]
    assert (event.start, event.end) == (local(5, 10), local(5, 10, 20))
    assert (str(event["SUMMARY"]), str(event["STATUS"]), event["SEQUENCE"]) == (
        "meeting with the minister",
        "CONFIRMED",
        0,
    )
    assert event["DTSTART"].params["TZID"] == "Asia/Baku"
    assert str(event["LOCATION"]).startswith("Minister")


def test_what_is_withdrawn_stays_as_cancelled_under_the_same_name(
    client: Client, asked: MeetingRequest, mission: Mission, lead: User, at: dt.datetime
) -> None:
    withdraw_request(request=asked, reason="Ill", by=lead, at=at)

    [event] = _bookings(client, lead, mission, at).values()

    assert (str(event["UID"]).partition("@")[0], str(event["STATUS"]), event["SEQUENCE"]) == (
        f"booking-{asked.uid}",
        "CANCELLED",
        1,
    )
    assert event.start == local(5, 10)


def test_the_hosts_calendar_has_the_whole_programme_for_those_who_may_read_it(
    client: Client, asked: MeetingRequest, reviewer: User, at: dt.datetime
) -> None:
    protocol = staff("protocol@ministry.example", "programme.view_booking")

    whole = _bookings(client, protocol, None, at)

    assert {str(event["SUMMARY"]) for event in whole.values()} == {
        "ODIHR: meeting with the minister",
        "PABSEC: meeting with the minister",
    }
    assert _bookings(client, reviewer, None, at) == {}


def test_many_missions_cost_no_more_queries(
    ask: Ask,
    make_mission: MakeMission,
    make_programme: MakeProgramme,
    election: Election,
    at: dt.datetime,
    django_assert_max_num_queries: Callable[[int], object],
) -> None:
    requests = [ask(make_mission(f"M{number}"), RequestKind.BADGES) for number in range(72)]
    make_programme(*((row, "badge-counters", local(5, 9), 10) for row in requests), state=RELEASED)
    protocol = staff("protocol@ministry.example", "programme.view_booking")

    with django_assert_max_num_queries(10):  # type: ignore[attr-defined]  # a fixture of pytest-django
        found = events_of(Scope(protocol, frozenset(), frozenset({election.pk})), at=at)

    booked = [event for event in found if event.kind == EventKind.BOOKING]
    assert len({event.uid for event in booked}) == 72
    calendar = Calendar.from_ical(compose("Programme", found, at=at))
    assert len(calendar.walk("VEVENT")) == len(found)


def test_the_month_of_the_ministry_sums_the_places_up(
    asked: MeetingRequest, election: Election, at: dt.datetime
) -> None:
    protocol = staff("protocol@ministry.example", "programme.view_booking")

    page = month_page(election, dt.date(2024, 2, 1), user=protocol, at=at)

    found = [(day, entry.line) for day, _offset, entries in page.days for entry in entries if entry.kind == "booking"]
    [(day, line)] = found
    assert day == dt.date(2024, 2, 5)
    assert line.startswith("10:00 Minister")
    assert line.endswith(": 2 delegations")
